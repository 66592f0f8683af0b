import type { ReservationCommand } from '@gateway/contracts/fx.reservation.commands.v1';
import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { OutboxTransactions, type OutboundRecord } from '@gateway/messaging';
import { AdvancePayments, type FactsOfBatch } from '../../../apps/routing/src/use-cases/advance-payments';
import { factOfWallet, partTakenBack } from '../../../apps/routing/src/use-cases/facts-from-outcomes';
import { disputeFactsOfWallet } from '../../../apps/routing/src/use-cases/dispute-facts';
import { FundRefundsOfToday } from '../../../apps/routing/src/use-cases/fund-refunds-of-today';
import { refundFactOfReservation, type FactOfRefund } from '../../../apps/routing/src/use-cases/refund-facts';
import { returnFactsOfWallet } from '../../../apps/routing/src/use-cases/return-facts';
import { refundsAt } from './refunds-at';
import { RoutingEdge } from './routing-edge';

jest.setTimeout(60_000);

const AT = '2026-11-28T10:00:00.000Z';

describe('a refund that a dispute, or the payer’s network, overtakes', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const { completed, refund, get, published, eventsOf, take, funded, sent, operator } = refundsAt(() => edge);
  /** A payment whose money was taken, as only that can be disputed. */
  async function taken(offer: Record<string, unknown> = {}): Promise<string> {
    const payment = await completed('COMPLETED', offer);
    await edge.test.database.query(
      `UPDATE payment_progress SET standing = jsonb_set(standing, '{parts,source}', '"funded"') WHERE payment_id = $1`,
      [payment],
    );
    return payment;
  }
  const asked = async (payment: string): Promise<string> => (await refund(payment)).body.id as string;
  /** The acquirer tells of a dispute of the whole payment. */
  function disputed(payment: string, status: 'open' | 'won' | 'lost', version = 2): Promise<unknown> {
    const named = { payment_id: payment, partner_id: 'prt_a', network: 'applepay', operation: 'hold' } as const;
    const amount = { amount: '10200', currency: 'USD' };
    const told = { network_reference: 'dsp_a', status, amount, reason_code: '13.1', received_at: AT } as const;
    const outcome: WalletOutcome = {
      ...named,
      instruction_id: `${payment}-hold`,
      version,
      outcome: 'PROCESSED',
      disputes: [{ ...told, category: 'not_received' }],
      evidence: 'enquiry',
      at: AT,
    };
    return run({ disputes: disputeFactsOfWallet(outcome) });
  }
  const run = (facts: Partial<FactsOfBatch>): Promise<unknown> =>
    edge.app.get(OutboxTransactions, { strict: false }).run(async (tx) => {
      const batch = { payments: [], refunds: [], returns: [], disputes: [], ...facts };
      return { result: null, emit: await edge.app.get(AdvancePayments, { strict: false }).run(tx, batch) };
    });
  const creditOf = (payment: string): WalletOutcome => ({
    instruction_id: `${payment}-credit`,
    payment_id: payment,
    partner_id: 'prt_a',
    network: 'alipay',
    operation: 'credit',
    version: 2,
    outcome: 'PROCESSED',
    evidence: 'enquiry',
    at: AT,
  });
  /** What was set aside for the refund has been given back. */
  const released = (payment: string, id: string): FactOfRefund | null =>
    refundFactOfReservation({
      instruction_id: `${id}-unfund`,
      payment_id: payment,
      partner_id: 'prt_a',
      version: 1,
      outcome: 'RELEASED',
      at: AT,
    });
  const about = (payment: string): OutboundRecord[] =>
    published().filter(({ data }) => (data as { payment_id: string }).payment_id === payment);
  const ordered = (payment: string, operation: string): OutboundRecord[] =>
    about(payment).filter(({ data }) => (data as { operation?: string }).operation === operation);
  /** Cases of settlement about a refund that pays beside a dispute. */
  const casesOf = async (payment: string): Promise<number> =>
    (
      await edge.test.database.query(
        `SELECT 1 FROM payment_case WHERE payment_id = $1 AND kind = 'refund_and_dispute'`,
        [payment],
      )
    ).length;

  /** The acquirer has given the payer so much back by itself, in all. */
  function takenBack(payment: string, minor: string, version = 2): Promise<unknown> {
    const amount = { amount: '10200', currency: 'USD' };
    const outcome: WalletOutcome = {
      ...creditOf(payment),
      instruction_id: `${payment}-hold`,
      network: 'applepay',
      operation: 'hold',
      version,
      amount,
      returned: { amount: minor, currency: 'USD' },
    };
    const [fact, part] = [factOfWallet(outcome), partTakenBack(outcome)];
    return run({ payments: [{ paymentId: payment, fact: fact!, besides: part === null ? [] : [part] }] });
  }

  /** The payee's network has given the whole credit back, and the partner wants it refunded. */
  async function refundOfReturn(): Promise<{ payment: string; returned: string; id: string }> {
    const payment = await taken();
    await edge.test.database.query(
      `UPDATE payment_progress SET standing = jsonb_set(standing, '{parts,credit}', '"processed"') WHERE payment_id = $1`,
      [payment],
    );
    const amount = { amount: '70615', currency: 'CNY' };
    await run({ returns: returnFactsOfWallet({ ...creditOf(payment), amount, returned: amount }) });
    const [found] = (await edge.send('GET', `/v1/payments/${payment}`)).body.returns as { id: string }[];
    const id = (await edge.post(`/v1/returns/${found!.id}/refund`, {})).body.refund as string;
    return { payment, returned: found!.id, id };
  }

  it('that a part taken back by the payer’s network overtakes is not sent: what is reserved for it is given back', async () => {
    const payment = await taken();
    const id = await asked(payment);
    await takenBack(payment, '4000');
    await take(funded(payment, id));
    expect(ordered(payment, 'release')[0]?.data).toMatchObject({ instruction_id: `${id}-unfund` });
    await take(released(payment, id));
    expect(await get(id)).toMatchObject({ status: 'refused', failure: { code: 'REFUND_EXCEEDS' } });
    expect(ordered(payment, 'refund')).toEqual([]);
    const more = await refund(payment, ['6201', 'USD']);
    expect(more).toMatchObject({ status: 422, body: { code: 'REFUND_EXCEEDS', param: 'amount.amount' } });
    expect(more.body.detail).toContain('at most "6200" USD');
    const rest = await refund(payment);
    expect(rest).toMatchObject({ status: 202, body: { source_amount: { amount: '6200' } } });
    await take(funded(payment, rest.body.id as string));
    expect(ordered(payment, 'refund')).toHaveLength(1);
    await takenBack(payment, '4100', 3);
    expect((await refund(payment)).body.code).toBe('REFUND_EXCEEDS');
  });

  it('leaves room for one of two that a part taken back does not leave room for together, whichever is funded first', async () => {
    const payment = await taken();
    const ids: string[] = [];
    for (const minor of ['5000', '4000']) {
      ids.push((await refund(payment, [minor, 'USD'])).body.id as string);
    }
    await takenBack(payment, '3000');
    for (const id of ids.reverse()) await take(funded(payment, id));
    expect(ordered(payment, 'refund').map(({ data }) => (data as { instruction_id: string }).instruction_id)).toEqual([
      `${ids[0]}-refund`,
    ]);
    expect(ordered(payment, 'release').map(({ data }) => (data as { instruction_id: string }).instruction_id)).toEqual([
      `${ids[1]}-unfund`,
    ]);
  });

  it('is bounded with what is taken back when both come at once: sent before, or not at all', async () => {
    for (let round = 0; round < 6; round++) {
      const payment = await taken();
      const id = await asked(payment);
      await Promise.all([take(funded(payment, id)), takenBack(payment, '4000')]);
      const counts = [ordered(payment, 'refund').length, ordered(payment, 'release').length];
      expect([
        [1, 0],
        [0, 1],
      ]).toContainEqual(counts);
    }
  });

  it('F27 that waits for its money when the dispute opens is not sent: what is reserved for it is given back', async () => {
    const payment = await taken();
    const id = await asked(payment);
    await disputed(payment, 'open');
    await take(funded(payment, id));
    const [release, ...more] = ordered(payment, 'release');
    expect([more, ordered(payment, 'refund'), (await get(id)).status]).toEqual([[], [], 'processing']);
    expect(release?.contract.topic).toBe('fx.reservation.commands.v1');
    expect(release?.data as ReservationCommand).toMatchObject({
      instruction_id: `${id}-unfund`,
      target_instruction_id: `${id}-fund`,
    });
    await take(released(payment, id));
    expect(await get(id)).toMatchObject({ status: 'refused', failure: { code: 'DISPUTE_OPEN' } });
    expect([await casesOf(payment), ordered(payment, 'refund')]).toEqual([0, []]);
    for (const { contract, data } of about(payment)) expect(contract.problemOf(data)).toBeNull();
  });

  it('F27 of a returned credit gives the choice back to the partner', async () => {
    const { payment, returned, id } = await refundOfReturn();
    const shown = async (): Promise<Record<string, unknown>> =>
      (await edge.send('GET', `/v1/returns/${returned}`)).body;
    expect((await shown()).status).toBe('completed');
    await disputed(payment, 'open');
    await take(funded(payment, id));
    expect(ordered(payment, 'release')[0]?.data).toMatchObject({ return_id: returned });
    await take(released(payment, id));
    expect((await get(id)).status).toBe('refused');
    expect(await shown()).toMatchObject({ status: 'action_required', actions: ['correct', 'refund'] });
  });

  it('F27 under rule R3 that waits for its day is refused on that day, and nothing is reserved', async () => {
    const payment = await taken({ refund_rule: 'R3' });
    const id = await asked(payment);
    await disputed(payment, 'lost');
    await edge.test.database.query(`UPDATE refund SET due = '-infinity' WHERE refund_id = $1`, [id]);
    await edge.transactions.run(async (tx) => {
      const { refunds, emit } = await edge.app.get(FundRefundsOfToday, { strict: false }).run(tx, 100);
      return { result: refunds, emit };
    });
    expect(await get(id)).toMatchObject({ status: 'refused', failure: { code: 'DISPUTE_LOST' } });
    expect([ordered(payment, 'fund_refund'), ordered(payment, 'refund')]).toEqual([[], []]);
  });

  /** The network has refused it for good: its money is kept for the payer. */
  async function owed(payment: string, minor?: string): Promise<string> {
    const { body } = await refund(payment, minor === undefined ? undefined : [minor, 'USD']);
    const id = body.id as string;
    await take(funded(payment, id));
    await take(sent(payment, id, 'DECLINED', { reason: 'INSTRUMENT_INVALID' }));
    return id;
  }
  const lastOf = (payment: string, id: string): unknown =>
    eventsOf(payment)
      .flatMap(({ changes }) => changes)
      .findLast((change) => change.refund?.refund_id === id);
  const withdrawnFrom = (payment: string): number =>
    eventsOf(payment)
      .flatMap(({ changes }) => changes)
      .filter(({ money }) => money === 'refund_withdrawn').length;
  const listed = async (): Promise<unknown[]> =>
    ((await operator('settlement-1', 'GET', '/ops/v1/owed_refunds')).body.data as { refund: string }[]).map(
      (one) => one.refund,
    );

  it('F27 that is owed stays so while the dispute is open, and is withdrawn where that is lost: nobody can pay it any more', async () => {
    const payment = await taken();
    const id = await owed(payment);
    const path = `/ops/v1/owed_refunds/${id}/decisions`;
    const way = { way: 'bank_transfer', bank_reference: `STMT-${id}`, reason: 'Paid by bank transfer today.' };
    const asked = await operator('settlement-1', 'POST', path, way);
    await disputed(payment, 'open');
    expect([(await get(id)).status, await listed()]).toEqual(['failed', expect.arrayContaining([id])]);
    const early = await operator('settlement-2', 'POST', `/ops/v1/refund_decisions/${asked.body.id as string}/approve`);
    expect(early.body.code).toBe('DISPUTE_OPEN');
    await disputed(payment, 'lost', 3);
    expect(await get(id)).toMatchObject({ status: 'refused', failure: { code: 'DISPUTE_LOST' } });
    expect(lastOf(payment, id)).toMatchObject({
      fact: 'refund_forbidden_for_good',
      money: 'refund_withdrawn',
      instruction_id: `${id}-fund`,
      reason: 'DISPUTE_LOST',
      refund: { from: 'OWED', to: 'WITHDRAWN', source_amount: { amount: '10000' }, target_amount: { amount: '70615' } },
    });
    expect(await listed()).not.toContain(id);
    const late = await operator('settlement-2', 'POST', `/ops/v1/refund_decisions/${asked.body.id as string}/approve`);
    expect(late.status).toBe(409);
    for (const version of [2, 3, 4]) await disputed(payment, 'lost', version);
    await take(sent(payment, id, 'DECLINED', { reason: 'INSTRUMENT_INVALID', version: 2 }));
    expect(withdrawnFrom(payment)).toBe(1);
    for (const { contract, data } of about(payment)) expect(contract.problemOf(data)).toBeNull();
  });

  it('F27 that is owed can be paid again where the dispute is won', async () => {
    const payment = await taken();
    const id = await owed(payment);
    await disputed(payment, 'open');
    await disputed(payment, 'won', 3);
    expect([(await get(id)).status, withdrawnFrom(payment), await listed()]).toEqual([
      'failed',
      0,
      expect.arrayContaining([id]),
    ]);
  });

  it('F27 whose network refuses it after the dispute was lost is withdrawn at once, and so is one at the same moment', async () => {
    const payment = await taken();
    const id = await asked(payment);
    await take(funded(payment, id));
    await disputed(payment, 'lost');
    expect([(await get(id)).status, withdrawnFrom(payment)]).toEqual(['processing', 0]);
    await take(sent(payment, id, 'DECLINED', { reason: 'INSTRUMENT_INVALID' }));
    expect(await get(id)).toMatchObject({ status: 'refused', failure: { code: 'DISPUTE_LOST' } });
    for (let round = 0; round < 6; round++) {
      const another = await taken();
      const one = await asked(another);
      await take(funded(another, one));
      await Promise.all([take(sent(another, one, 'DECLINED', { reason: 'OTHER' })), disputed(another, 'lost')]);
      expect([(await get(one)).status, withdrawnFrom(another)]).toEqual(['refused', 1]);
    }
  });

  it('that is owed is withdrawn where a part taken back leaves no room for it: of two the newer one, and what is left is free', async () => {
    const payment = await taken();
    const [older, newer] = [await owed(payment, '5000'), await owed(payment, '4000')];
    await takenBack(payment, '1000');
    expect(withdrawnFrom(payment)).toBe(0);
    await takenBack(payment, '3000', 3);
    expect(await get(newer)).toMatchObject({ status: 'refused', failure: { code: 'REFUND_EXCEEDS' } });
    expect([(await get(older)).status, withdrawnFrom(payment)]).toEqual(['failed', 1]);
    const rest = await refund(payment);
    expect(rest).toMatchObject({ status: 202, body: { source_amount: { amount: '2200' } } });
    await takenBack(payment, '10200', 4);
    expect(await get(older)).toMatchObject({ status: 'refused' });
    expect(withdrawnFrom(payment)).toBe(2);
  });

  it('F27 of a returned credit that is withdrawn gives the choice back to the partner', async () => {
    const { payment, returned, id } = await refundOfReturn();
    await take(funded(payment, id));
    await take(sent(payment, id, 'DECLINED', { reason: 'INSTRUMENT_INVALID' }));
    await disputed(payment, 'lost');
    expect((await get(id)).status).toBe('refused');
    expect(lastOf(payment, id)).toMatchObject({ money: 'refund_withdrawn', refund: { return_id: returned } });
    const { body } = await edge.send('GET', `/v1/returns/${returned}`);
    expect(body).toMatchObject({ status: 'action_required', actions: ['correct', 'refund'] });
  });

  it('F27 is sent with a case, or not sent at all, when its money and the dispute come at once', async () => {
    for (let round = 0; round < 6; round++) {
      const payment = await taken();
      const id = await asked(payment);
      await Promise.all([take(funded(payment, id)), disputed(payment, 'open')]);
      const counts = [ordered(payment, 'refund').length, await casesOf(payment), ordered(payment, 'release').length];
      expect([
        [1, 1, 0],
        [0, 0, 1],
      ]).toContainEqual(counts);
    }
  });
});
