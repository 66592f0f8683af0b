import { bookings, expectBalanced, expectNothingReserved, type Booking } from './support/books';
import { disputed, movedByDispute, untilDispute, untilDisputeBooked } from './support/disputes';
import { completed } from './support/endings';
import { Gateway, until } from './support/gateway';
import { casesOf, untilAudited } from './support/oversight';
import { executed, stateOf } from './support/payments';
import { topUp, untilRefundOver, type RefundView } from './support/refunds';
import { Story } from './support/story';

jest.setTimeout(240_000);

const BALANCE = '1000000';
const REASON = 'Paid by bank transfer today.';

/** What bookings did to each account: debits less credits, without what comes to nothing. */
function turned(booked: readonly Booking[]): Record<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { account, counterparty = '', currency, debit, credit } of booked.flatMap(({ lines }) => lines)) {
    const name = `${account} ${counterparty} ${currency}`;
    sums.set(name, (sums.get(name) ?? 0n) + BigInt(debit) - BigInt(credit));
  }
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n));
}

describe('a refund that is owed to a payer who gets the money otherwise', () => {
  const gateway = new Gateway();
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin(gateway);
    await topUp(gateway, story.partner, BALANCE, 'CNY');
  });

  /** A payment whose refund its network has refused for good. */
  async function owed(): Promise<{ payment: string; refund: RefundView }> {
    const { id } = await story.pay('us-to-china', { token: { outcome: 'refund_declined' } });
    await story.ends(id, completed('card hold'));
    const { body } = await story.partner.post<RefundView>(`/v1/payments/${id}/refunds`, {});
    const refund = await untilRefundOver(story.partner, body.id);
    expect([refund.status, refund.history.at(-1)?.state]).toEqual(['failed', 'OWED']);
    return { payment: id, refund };
  }
  const view = async (id: string): Promise<RefundView> =>
    (await story.partner.get<RefundView>(`/v1/refunds/${id}`)).body;
  const ofRefund = async (payment: string): Promise<Booking[]> =>
    (await bookings(gateway, payment)).filter(({ code }) => code.startsWith('refund_'));
  /** What the partner has with us, and what of it is set aside or spent. */
  const spent = (): Promise<{ reserved: bigint; used: bigint }[]> =>
    gateway.inDatabaseOf('fx-settlement', (database) =>
      database.query<{ reserved: bigint; used: bigint }>(
        `SELECT reserved, used FROM spending_limit WHERE kind = 'partner_balance' AND subject = $1 AND currency = 'CNY'`,
        [story.partner.partnerId],
      ),
    );
  const told = async (payment: string): Promise<string[]> =>
    (await story.receiver.received(payment))
      .map(({ event }) => event.type)
      .filter((type) => type.startsWith('refund.'));

  it('F27 waits while the dispute is open, and is withdrawn when it is lost: the partner has the balance again, to the unit', async () => {
    const { payment, refund } = await owed();
    const path = `/ops/v1/owed_refunds/${refund.id}/decisions`;
    const way = { way: 'bank_transfer', bank_reference: `STMT-${refund.id}`, reason: REASON };
    const asked = await gateway.asOperator('settlement-1', 'POST', path, way);
    const approve = (): ReturnType<Gateway['asOperator']> =>
      gateway.asOperator('settlement-2', 'POST', `/ops/v1/refund_decisions/${asked.body.id as string}/approve`, {});

    const atAcquirer = await disputed(gateway, payment, 'product_service_not_received');
    const dispute = await untilDispute(story.partner, payment, 'action_required');
    const early = await approve();
    expect([early.status, early.body.code]).toEqual([409, 'DISPUTE_OPEN']);
    expect((await view(refund.id)).status).toBe('failed');
    const evidence = { additional: 'Delivered; see the receipt of the shop.' };
    expect((await story.partner.post(`/v1/disputes/${dispute.id}/evidence`, evidence)).status).toBe(202);
    await untilDispute(story.partner, payment, 'under_review');
    await gateway.simulator.decide(atAcquirer, 'lost');
    await untilDispute(story.partner, payment, 'lost');

    const over = await until('the refund is withdrawn', async () => {
      const one = await view(refund.id);
      return one.status === 'refused' ? one : null;
    });
    expect([over.failure?.code, over.history.at(-1)?.state]).toEqual(['DISPUTE_LOST', 'WITHDRAWN']);
    expect((await approve()).status).toBe(409);
    expect(stateOf(await story.partner.payment(payment))).toBe('COMPLETED');

    // The cardholder has it once, by both networks' own books: the dispute's money alone.
    expect(await executed(gateway, refund.id)).toEqual({});
    expect(await movedByDispute(gateway, payment)).toEqual(['chargeback 10200 1']);
    await until('the withdrawal is booked', async () => (await ofRefund(payment)).length >= 2);
    const booked = await ofRefund(payment);
    expect(booked.map(({ code }) => code)).toEqual(['refund_funded', 'refund_withdrawn']);
    expect(Object.keys(turned(booked.slice(0, 1)))).toContain(`2120 ${story.partner.partnerId} CNY`);
    expect(turned(booked)).toEqual({});
    expect(await spent()).toEqual([{ reserved: 0n, used: 0n }]);
    await untilDisputeBooked(gateway, payment, ['dispute_opened', 'dispute_lost']);
    await expectNothingReserved(gateway, payment);
    await expectBalanced(gateway);

    await until('the partner is told', async () => (await told(payment)).length >= 3);
    expect(await told(payment)).toEqual(['refund.processing', 'refund.failed', 'refund.refused']);
    const audited = await untilAudited(gateway, payment, 'payment.refund_forbidden_for_good');
    expect(audited).toMatchObject({ money: 'refund_withdrawn', reason: 'DISPUTE_LOST' });
    const kinds = (await casesOf(gateway, payment)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'refund_owed')).toHaveLength(1);
    expect(kinds).not.toContain('refund_contradiction');
    const queue = await gateway.asOperator('settlement-1', 'GET', '/ops/v1/owed_refunds');
    expect((queue.body.data as { refund: string }[]).map((one) => one.refund)).not.toContain(refund.id);
  });
});
