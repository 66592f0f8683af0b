import { randomBytes } from 'node:crypto';
import { AskAgainForRefunds } from '../../../apps/routing/src/use-cases/ask-again-for-refunds';
import { FundRefundsOfToday } from '../../../apps/routing/src/use-cases/fund-refunds-of-today';
import { refundsAt } from './refunds-at';
import { RoutingEdge, type Reply } from './routing-edge';

jest.setTimeout(180_000);

describe('refunds by contract, and by people, at the edge', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const { completed, refund, get, published, eventsOf, take, funded, sent, operator } = refundsAt(() => edge);

  it('under R2 takes its share, asks for the worth of it at the rate of the day, and moves what it is told', async () => {
    const payment = await completed('COMPLETED', { refund_rule: 'R2' });
    const reply = await refund(payment, ['4000', 'USD']);
    const id = reply.body.id as string;
    expect(reply.body).toMatchObject({ rule: 'R2', firm: false, source_amount: { amount: '4000' } });
    expect(published().at(-1)?.data).toMatchObject({
      operation: 'fund_refund',
      amount: { amount: '28246', currency: 'CNY' },
      refund: { rule: 'R2', source_amount: { amount: '4000', currency: 'USD' } },
    });
    const granted = funded(payment, id)!;
    granted.fact.moved = { source: '3896', target: '28246' };
    await take(granted);
    expect(published().at(-1)?.data).toMatchObject({
      operation: 'refund',
      amount: { amount: '3896', currency: 'USD' },
    });
    expect(await get(id)).toMatchObject({
      firm: true,
      source_amount: { amount: '3896' },
      target_amount: { amount: '28246' },
      refund_rate: '7.25000000',
    });
    for (const { contract, data } of published()) expect(contract.problemOf(data)).toBeNull();
    // Its shares are used up on both sides, whatever moved.
    expect((await refund(payment, ['6001', 'USD'])).body.code).toBe('REFUND_EXCEEDS');
    expect((await refund(payment)).body).toMatchObject({
      source_amount: { amount: '6000' },
      target_amount: { amount: '42369' },
    });
  });

  it('under R3 waits for the rate of the next day, and is asked about by nobody until then', async () => {
    const payment = await completed('COMPLETED', { refund_rule: 'R3' });
    const before = published().length;
    const id = (await refund(payment)).body.id as string;
    expect(
      published()
        .slice(before)
        .map(({ contract }) => contract.topic),
    ).toEqual(['payments.payment.events.v1']);
    const turn = (): Promise<number> =>
      edge.transactions.run(async (tx) => {
        const { refunds, emit } = await edge.app.get(FundRefundsOfToday, { strict: false }).run(tx, 100);
        return { result: refunds, emit };
      });
    expect(await turn()).toBe(0);
    await edge.test.database.query(`UPDATE refund SET due = '-infinity' WHERE refund_id = $1`, [id]);
    await edge.transactions.run(async (tx) => {
      const { asked: refunds, emit } = await edge.app.get(AskAgainForRefunds, { strict: false }).run(tx, 100);
      return { result: refunds, emit };
    });
    expect(((await get(id)).history as { state: string }[]).at(-1)?.state).toBe('AWAITING_RATE');
    expect(await turn()).toBe(1);
    expect(published().at(-1)?.data).toMatchObject({ instruction_id: `${id}-fund`, refund: { rule: 'R3' } });
    expect(await turn()).toBe(0);
  });

  it('under R4 needs a bearer, and under no other rule takes one', async () => {
    const payment = await completed('COMPLETED', { refund_rule: 'R4' });
    const codeOf = ({ status, body }: Reply): unknown[] => [status, body.code, body.param];
    const ask = (of: string, bearer?: string): Promise<Reply> =>
      edge.post(`/v1/payments/${of}/refunds`, bearer === undefined ? {} : { bearer });
    expect(codeOf(await ask(payment))).toEqual([422, 'BEARER_MISSING', 'bearer']);
    expect(codeOf(await ask(payment, 'nobody'))).toEqual([422, 'FIELD_INVALID', 'bearer']);
    expect(codeOf(await ask(await completed(), 'payer'))).toEqual([422, 'BEARER_NOT_CHOSEN', 'bearer']);
    expect((await ask(payment, 'gateway')).body).toMatchObject({ rule: 'R4', bearer: 'gateway', firm: true });
    expect(published().at(-1)?.data).not.toHaveProperty('refund');
  });

  it('lists what is owed with owner and age, and lets two people decide, never one', async () => {
    const payment = await completed();
    const id = (await refund(payment)).body.id as string;
    await take(funded(payment, id), sent(payment, id, 'DECLINED', { reason: 'INSTRUMENT_INVALID' }));
    const listed = async (): Promise<Record<string, unknown> | undefined> =>
      ((await operator('support-1', 'GET', '/ops/v1/owed_refunds')).body.data as Record<string, unknown>[]).find(
        ({ refund: one }) => one === id,
      );
    expect(await listed()).toMatchObject({
      owner: 'settlement',
      amount: { amount: '10000' },
      reason: 'INSTRUMENT_INVALID',
    });
    const url = `/ops/v1/owed_refunds/${id}/decisions`;
    const body = { way: 'bank_transfer', bank_reference: `STMT-${id}`, reason: 'Paid by bank transfer today.' };
    expect((await operator('support-1', 'POST', url, body)).status).toBe(403);
    expect((await operator('settlement-1', 'POST', url, { ...body, reason: 'short' })).body.param).toBe('reason');
    const asked = await operator('settlement-1', 'POST', url, body);
    expect([asked.status, asked.body.state]).toEqual([201, 'requested']);
    expect((await listed())?.decision).toBe(asked.body.id);
    const decide = (who: string): Promise<Reply> =>
      operator(who, 'POST', `/ops/v1/refund_decisions/${asked.body.id as string}/approve`);
    expect((await decide('settlement-1')).body.code).toBe('SECOND_PERSON_NEEDED');
    await expect(
      edge.test.database.query(
        `UPDATE refund_decision SET verdict = 'approved', decided_by = requested_by, decided_at = now()`,
      ),
    ).rejects.toThrow(/check constraint/);
    expect((await decide('settlement-2')).body.state).toBe('approved');
    expect((await decide('settlement-2')).body.state).toBe('approved');
    expect(await get(id)).toMatchObject({ status: 'completed' });
    expect(await listed()).toBeUndefined();
    const event = eventsOf(payment).at(-1);
    expect(event?.changes).toMatchObject([{ fact: 'refund_paid_by_hand', money: 'refund_paid_by_hand' }]);
  });

  it('pays nothing by hand to a payer whom the network has given everything back by itself', async () => {
    const payment = await completed();
    const id = (await refund(payment)).body.id as string;
    await take(funded(payment, id), sent(payment, id, 'DECLINED'));
    const body = { way: 'bank_transfer', bank_reference: `STMT-${id}`, reason: 'Paid by bank transfer today.' };
    const asked = await operator('settlement-1', 'POST', `/ops/v1/owed_refunds/${id}/decisions`, body);
    await edge.test.database.query(
      `UPDATE payment_progress SET standing = jsonb_set(standing, '{parts,source}', '"taken_back"') WHERE payment_id = $1`,
      [payment],
    );
    const decided = await operator(
      'settlement-2',
      'POST',
      `/ops/v1/refund_decisions/${asked.body.id as string}/approve`,
    );
    expect([decided.status, decided.body.code]).toEqual([409, 'PAYMENT_NOT_REFUNDABLE']);
    expect((await get(id)).status).toBe('failed');
  });

  it('sends to another instrument of the payer what two people have approved, as a credit of its own', async () => {
    const payment = await completed();
    const id = (await refund(payment)).body.id as string;
    await take(funded(payment, id), sent(payment, id, 'DECLINED'));
    const card = await instrument('applepay', 'USD');
    const url = `/ops/v1/owed_refunds/${id}/decisions`;
    const wish = { way: 'other_instrument', reason: 'The card is closed; this is the new one.' };
    const refusals = await Promise.all(
      [{}, { instrument: await instrument('alipay', 'CNY') }, { instrument: 'ins_01K0EXAMPLE0000000000000000' }].map(
        async (more) => (await operator('settlement-1', 'POST', url, { ...wish, ...more })).body.code,
      ),
    );
    expect(refusals).toEqual(['FIELD_MISSING', 'INSTRUMENT_WRONG_NETWORK', 'INSTRUMENT_UNKNOWN']);
    const asked = await operator('settlement-1', 'POST', url, { ...wish, instrument: card });
    await operator('settlement-2', 'POST', `/ops/v1/refund_decisions/${asked.body.id as string}/approve`);
    const command = published().at(-1);
    expect([command?.contract.topic, command?.data]).toEqual([
      'wallet.applepay.commands.v1',
      expect.objectContaining({
        instruction_id: `${id}-other1`,
        operation: 'credit',
        instrument_id: card,
        amount: { amount: '10000', currency: 'USD' },
      }),
    ]);
    const paid = { instruction_id: `${id}-other1`, operation: 'credit' as const, counterparty: 'us_payout_bank' };
    await take(sent(payment, id, 'PROCESSED', paid));
    expect((await get(id)).status).toBe('completed');
    expect(eventsOf(payment).at(-1)?.changes).toMatchObject([
      { money: 'refund_sent_elsewhere', counterparty: 'us_payout_bank', instruction_id: `${id}-other1` },
    ]);
    for (const { contract, data } of published()) expect(contract.problemOf(data)).toBeNull();
  });

  /** An instrument of the partner's that can be paid. */
  async function instrument(network: string, currency: string): Promise<string> {
    const id = `ins_${randomBytes(8).toString('hex')}`;
    const capabilities = { currency, credit: { goods: true }, minimum_minor: '1', maximum_minor: '10000000' };
    await edge.test.database.query(
      `INSERT INTO instrument (instrument_id, partner_id, network, use, capabilities, label)
       VALUES ($1, 'prt_a', $2, 'be_paid', $3, '')`,
      [id, network, JSON.stringify(capabilities)],
    );
    return id;
  }
});
