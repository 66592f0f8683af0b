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

  const { completed, refund, get, published, take, funded } = refundsAt(() => edge);
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
  function disputed(payment: string, status: 'open' | 'lost'): Promise<unknown> {
    const named = { payment_id: payment, partner_id: 'prt_a', network: 'applepay', operation: 'hold' } as const;
    const amount = { amount: '10200', currency: 'USD' };
    const told = { network_reference: 'dsp_a', status, amount, reason_code: '13.1', received_at: AT } as const;
    const outcome: WalletOutcome = {
      ...named,
      instruction_id: `${payment}-hold`,
      version: 2,
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
    const payment = await taken();
    await edge.test.database.query(
      `UPDATE payment_progress SET standing = jsonb_set(standing, '{parts,credit}', '"processed"') WHERE payment_id = $1`,
      [payment],
    );
    const amount = { amount: '70615', currency: 'CNY' };
    await run({ returns: returnFactsOfWallet({ ...creditOf(payment), amount, returned: amount }) });
    const [found] = (await edge.send('GET', `/v1/payments/${payment}`)).body.returns as { id: string }[];
    const id = (await edge.post(`/v1/returns/${found!.id}/refund`, {})).body.refund as string;
    const shown = async (): Promise<Record<string, unknown>> =>
      (await edge.send('GET', `/v1/returns/${found!.id}`)).body;
    expect((await shown()).status).toBe('completed');
    await disputed(payment, 'open');
    await take(funded(payment, id));
    expect(ordered(payment, 'release')[0]?.data).toMatchObject({ return_id: found!.id });
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
