import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { OutboxTransactions } from '@gateway/messaging';
import { AdvancePayments, type FactsOfBatch } from '../../../apps/routing/src/use-cases/advance-payments';
import { returnFactsOfWallet, type FactOfReturn } from '../../../apps/routing/src/use-cases/return-facts';
import { refundsAt } from './refunds-at';
import { RoutingEdge } from './routing-edge';

jest.setTimeout(120_000);

const AT = '2026-11-28T10:00:00.000Z';
const WHOLE = { amount: '70615', currency: 'CNY' };

/** The partner's balance pays the payer back, and the credit that the payee did not keep comes back, too. */
describe('a credit that comes back beside a refund out of the balance', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const { completed, refund, get, eventsOf, funded } = refundsAt(() => edge);
  async function credited(): Promise<string> {
    const payment = await completed();
    await edge.test.database.query(
      `UPDATE payment_progress SET standing = jsonb_set(standing, '{parts,credit}', '"processed"') WHERE payment_id = $1`,
      [payment],
    );
    return payment;
  }
  const run = (facts: Partial<FactsOfBatch>): Promise<unknown> =>
    edge.app.get(OutboxTransactions, { strict: false }).run(async (tx) => {
      const batch = { payments: [], refunds: [], returns: [], disputes: [], ...facts };
      return { result: null, emit: await edge.app.get(AdvancePayments, { strict: false }).run(tx, batch) };
    });
  const told = (payment: string, more: Partial<WalletOutcome>): FactOfReturn[] =>
    returnFactsOfWallet({
      instruction_id: `${payment}-credit`,
      payment_id: payment,
      partner_id: 'prt_a',
      network: 'alipay',
      operation: 'credit',
      version: 2,
      outcome: 'PROCESSED',
      amount: WHOLE,
      evidence: 'enquiry',
      at: AT,
      ...more,
    });
  const cameBack = (payment: string): FactOfReturn[] => told(payment, { returned: WHOLE });
  const answers = (payment: string, id: string, outcome: 'GRANTED' | 'REFUSED'): FactsOfBatch['refunds'] => [
    funded(payment, id, outcome)!,
  ];
  const asked = async (payment: string): Promise<string> => (await refund(payment)).body.id as string;
  const returnOf = async (payment: string): Promise<Record<string, unknown>> =>
    ((await edge.send('GET', `/v1/payments/${payment}`)).body.returns as Record<string, unknown>[])[0]!;
  const moneyOf = (payment: string): string[] =>
    eventsOf(payment).flatMap(({ changes }) => changes.flatMap(({ money }) => money ?? []));

  it('stays with the partner to choose where that refund is refused in the same moment, and pays the payer', async () => {
    const payment = await credited();
    const id = await asked(payment);
    await run({ refunds: answers(payment, id, 'REFUSED'), returns: cameBack(payment) });
    expect((await get(id)).status).toBe('refused');
    const returned = await returnOf(payment);
    expect(returned).toMatchObject({ status: 'action_required', actions: ['correct', 'refund'], resolution: null });
    const chosen = await edge.post(`/v1/returns/${returned.id as string}/refund`, {});
    expect([chosen.status, chosen.body.resolution]).toEqual([202, 'refunded']);
  });

  it("is the balance's only when the refund has its money, not when it was asked for", async () => {
    const payment = await credited();
    const id = await asked(payment);
    await run({ returns: cameBack(payment) });
    expect(await returnOf(payment)).toMatchObject({ status: 'action_required', resolution: null });
    await run({ refunds: answers(payment, id, 'GRANTED') });
    expect(await returnOf(payment)).toMatchObject({ status: 'completed', resolution: 'kept', actions: [] });
    expect(moneyOf(payment).filter((money) => money === 'return_kept')).toHaveLength(1);
  });

  it('that came back first goes into the balance that has paid all of it since', async () => {
    const payment = await credited();
    await run({ returns: cameBack(payment) });
    const first = (await refund(payment, ['4000', 'USD'])).body.id as string;
    await run({ refunds: answers(payment, first, 'GRANTED') });
    expect((await returnOf(payment)).status).toBe('action_required');
    const rest = await asked(payment);
    await run({ refunds: answers(payment, rest, 'GRANTED') });
    expect(await returnOf(payment)).toMatchObject({ status: 'completed', resolution: 'kept' });
    expect(moneyOf(payment).slice(-2)).toEqual(['refund_funded', 'return_kept']);
  });

  it('goes there, too, where the second credit fails after the refund', async () => {
    const payment = await credited();
    await run({ returns: cameBack(payment) });
    const { id } = await returnOf(payment);
    await edge.test.database.query(
      `UPDATE returned_credit SET state = 'CORRECTING', standing = standing || '{"instrument":"ins_x"}' WHERE return_id = $1`,
      [id],
    );
    const paid = await asked(payment);
    await run({ refunds: answers(payment, paid, 'GRANTED') });
    expect((await returnOf(payment)).status).toBe('processing');
    const refused = {
      instruction_id: `${id as string}-credit`,
      outcome: 'DECLINED',
      reason: 'PAYEE_ACCOUNT_CLOSED',
    } as const;
    await run({ returns: told(payment, refused) });
    expect(await returnOf(payment)).toMatchObject({ status: 'completed', resolution: 'kept' });
  });

  it('offers the partner nothing that would be refused where the capture was lost: people look', async () => {
    const payment = await credited();
    await edge.test.database.query(`UPDATE payment_progress SET state = 'CAPTURE_LOST' WHERE payment_id = $1`, [
      payment,
    ]);
    await run({ returns: cameBack(payment) });
    const returned = await returnOf(payment);
    expect([returned.status, returned.actions]).toEqual(['processing', []]);
    const refused = await edge.post(`/v1/returns/${returned.id as string}/refund`, {});
    expect(refused.body.code).toBe('PAYMENT_NOT_REFUNDABLE');
    const [found] = await edge.test.database.query('SELECT kind FROM payment_case WHERE payment_id = $1', [payment]);
    expect(found).toEqual({ kind: 'credit_returned' });
  });
});
