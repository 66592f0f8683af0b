import { bookings, expectBalanced, expectNothingReserved, type Booking } from './support/books';
import { completed as finished, SOURCE_OF } from './support/endings';
import { Gateway, until } from './support/gateway';
import type { Answer, PartnerClient, Problem } from './support/partner-client';
import { executed, pay, stateOf, untilOver, type Direction, type PaymentWish } from './support/payments';
import { auditOf } from './support/records';
import { topUp, untilRefundOver, type RefundView } from './support/refunds';
import { Story, type Ending } from './support/story';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(240_000);

/** The partner's balance that covers a refund is in the payee's currency. */
const FUNDED_IN = { 'us-to-china': 'CNY', 'china-to-us': 'USD' } as const;
const BOTH = ['us-to-china', 'china-to-us'] as const;
/** What the ledger books of a refund that is paid. */
const PAID = ['refund_funded', 'refund_sent'];
const TOLD_TWICE = ['refund.processing', 'refund.completed', 'refund.processing', 'refund.completed'];

describe('a refund', () => {
  const gateway = new Gateway();

  async function completed(partner: PartnerClient, direction: Direction, wish?: PaymentWish): Promise<string> {
    const { id } = await pay(gateway, partner, direction, wish);
    expect((await untilOver(partner, id)).status).toBe('completed');
    return id;
  }
  const ask = (partner: PartnerClient, payment: string, amount?: object): Promise<Answer<RefundView & Problem>> =>
    partner.post(`/v1/payments/${payment}/refunds`, amount === undefined ? {} : { amount });
  /** A payment of the story that is completed, and everywhere known to be. */
  async function paid(story: Story, direction: Direction): Promise<string> {
    const { id } = await story.pay(direction);
    await story.ends(id, finished(SOURCE_OF[direction]));
    return id;
  }
  /** What is known of a completed payment that was then refunded once: the payment itself stays as it is. */
  const refundedOnce = (direction: Direction): Ending => {
    const { booked, told, audited } = finished(SOURCE_OF[direction]);
    return finished(SOURCE_OF[direction], {
      booked: [...booked, ...PAID],
      told: [...told, 'refund.processing', 'refund.completed'],
      audited: [...audited, 'refund_requested', 'refund_send_processed'],
    });
  };
  /** Waits until the ledger has booked these steps of each refund, in this order, and no others: refunds run at once. */
  const untilBooked = async (payment: string, wanted: Record<string, string[]>): Promise<void> => {
    const booked = async (): Promise<Booking[]> =>
      (await bookings(gateway, payment)).filter(({ code }) => code.startsWith('refund_'));
    const steps = Object.values(wanted).flat().length;
    await until(`${payment} is booked`, async () => (await booked()).length >= steps);
    const byRefund: Record<string, string[]> = {};
    for (const { code, instruction_id } of await booked())
      (byRefund[String(instruction_id).split('-')[0]!] ??= []).push(code);
    expect(byRefund).toEqual(wanted);
  };

  /** Waits until the partner has heard exactly this of its refunds. */
  const untilTold = async (receiver: WebhookReceiver, payment: string, wanted: string[]): Promise<void> => {
    const told = async (): Promise<string[]> =>
      (await receiver.received(payment)).map(({ event }) => event.type).filter((type) => type.startsWith('refund.'));
    await until(`the partner is told of the refunds of ${payment}`, async () => (await told()).length >= wanted.length);
    expect((await told()).sort()).toEqual([...wanted].sort());
  };
  /** Waits until the audit log has as many refunds of the payment as were sent, with rule and both amounts each. */
  const untilAudited = async (payment: string, sent: number): Promise<void> => {
    const audited = async (): Promise<Record<string, unknown>[]> =>
      (await auditOf(gateway, payment)).flatMap(({ action, detail }) =>
        action === 'payment.refund_send_processed' ? [detail] : [],
      );
    await until(`the refunds of ${payment} are audited`, async () => (await audited()).length >= sent);
    const details = await audited();
    expect(details).toHaveLength(sent);
    for (const detail of details) {
      expect(detail.rule).toBe('R1');
      expect([typeof detail.customer_rate, typeof detail.mid]).toEqual(['string', 'string']);
      expect([detail.source_amount, detail.target_amount].join()).toMatch(/^\d+ [A-Z]{3},\d+ [A-Z]{3}$/);
    }
  };

  it.each(BOTH)(
    'F22 in full, %s: the payer gets exactly the principal, once, the books balance, the payment stays',
    async (direction) => {
      const story = await Story.begin(gateway);
      const payment = await paid(story, direction);
      await topUp(gateway, story.partner, '1000000', FUNDED_IN[direction]);
      const asked = await ask(story.partner, payment);
      expect(asked.status).toBe(202);
      const refund = await untilRefundOver(story.partner, asked.body.id);
      const { source_amount, target_amount } = await story.partner.payment(payment);
      expect(refund).toMatchObject({ status: 'completed', source_amount, target_amount });
      const [movement, ...more] = await gateway.simulator.movements(refund.id);
      expect([movement?.operation, movement?.amount, movement?.currency, movement?.sign, more.length]).toEqual([
        'refund',
        source_amount.amount,
        source_amount.currency,
        1,
        0,
      ]);
      await story.stands(payment, refundedOnce(direction));
      await untilBooked(payment, { [refund.id]: PAID });
      await untilAudited(payment, 1);
    },
  );

  it.each(BOTH)(
    'F23 in parts, %s: 40 %%, then the rest to the last unit, then not one unit more',
    async (direction) => {
      const partner = await gateway.newPartner();
      const receiver = await WebhookReceiver.open(gateway, partner);
      const payment = await completed(partner, direction);
      await topUp(gateway, partner, '1000000', FUNDED_IN[direction]);
      const { source_amount: whole, target_amount } = await partner.payment(payment);
      const part = String((BigInt(whole.amount) * 4n) / 10n);
      const first = await ask(partner, payment, { amount: part, currency: whole.currency });
      const second = await ask(partner, payment);
      const third = await ask(partner, payment, { amount: '1', currency: whole.currency });
      expect([first.status, second.status, third.status, third.body.code]).toEqual([202, 202, 422, 'REFUND_EXCEEDS']);
      const refunds = [await untilRefundOver(partner, first.body.id), await untilRefundOver(partner, second.body.id)];
      const sum = (side: 'source_amount' | 'target_amount'): string =>
        String(refunds.reduce((total, refund) => total + BigInt(refund[side].amount), 0n));
      expect(refunds.map(({ status }) => status)).toEqual(['completed', 'completed']);
      expect([sum('source_amount'), sum('target_amount')]).toEqual([whole.amount, target_amount.amount]);
      const moved = await Promise.all(refunds.map(({ id }) => gateway.simulator.movements(id)));
      expect(moved.map((of) => of.map(({ operation, amount }) => [operation, amount]))).toEqual(
        refunds.map(({ source_amount: { amount } }) => [['refund', amount]]),
      );
      await untilBooked(payment, { [first.body.id]: PAID, [second.body.id]: PAID });
      await expectBalanced(gateway);
      await expectNothingReserved(gateway, payment);
      await untilTold(receiver, payment, TOLD_TWICE);
      await untilAudited(payment, 2);
      expect(stateOf(await partner.payment(payment))).toBe('COMPLETED');
    },
  );

  it.each(BOTH)(
    'F24 asked for twice at once, %s: together above the payment, one of them passes',
    async (direction) => {
      const story = await Story.begin(gateway);
      const { partner } = story;
      const payment = await paid(story, direction);
      await topUp(gateway, partner, '1000000', FUNDED_IN[direction]);
      const { source_amount: whole } = await partner.payment(payment);
      const amount = { amount: String((BigInt(whole.amount) * 6n) / 10n), currency: whole.currency };
      const answers = await Promise.all([ask(partner, payment, amount), ask(partner, payment, amount)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 422]);
      expect(answers.find(({ status }) => status === 422)?.body.code).toBe('REFUND_EXCEEDS');
      const passed = answers.find(({ status }) => status === 202);
      const refund = await untilRefundOver(partner, passed?.body.id ?? '');
      expect(refund.status).toBe('completed');
      expect(await executed(gateway, refund.id)).toEqual({ refund: 1 });
      await story.stands(payment, refundedOnce(direction));
      await untilBooked(payment, { [refund.id]: PAID });
      await untilAudited(payment, 1);
    },
  );

  it.each(BOTH)('F25 so small that the other side is nothing, %s: refused, by the field', async (direction) => {
    const story = await Story.begin(gateway);
    const payment = await paid(story, direction);
    const { status, body } = await ask(story.partner, payment, { amount: '1', currency: 'CNY' });
    expect([status, body.code, body.param]).toEqual([422, 'AMOUNT_TOO_SMALL', 'amount.amount']);
    const refunds = await story.partner.get<{ data: unknown[] }>(`/v1/payments/${payment}/refunds`);
    expect(refunds.body.data).toEqual([]);
    await untilAudited(payment, 0);
    await story.stands(payment, finished(SOURCE_OF[direction]));
  });

  it.each(BOTH)(
    'that is not funded, %s, ends refused, and nothing leaves; funded, it is paid on the next request',
    async (direction) => {
      const partner = await gateway.newPartner();
      const payment = await completed(partner, direction);
      const first = await untilRefundOver(partner, (await ask(partner, payment)).body.id);
      expect([first.status, first.failure?.code]).toEqual(['refused', 'REFUND_NOT_FUNDED']);
      expect(await gateway.simulator.movements(first.id)).toEqual([]);
      await topUp(gateway, partner, '1000000', FUNDED_IN[direction]);
      const second = await untilRefundOver(partner, (await ask(partner, payment)).body.id);
      expect(second.status).toBe('completed');
      expect((await gateway.simulator.movements(second.id)).length).toBe(1);
    },
  );

  it('that the network refuses keeps the money for the payer: failed for the partner, owed in 2150', async () => {
    const partner = await gateway.newPartner();
    const payment = await completed(partner, 'us-to-china', { token: { outcome: 'refund_declined' } });
    await topUp(gateway, partner, '1000000', 'CNY');
    const refund = await untilRefundOver(partner, (await ask(partner, payment)).body.id);
    expect([refund.status, refund.history.at(-1)?.state]).toEqual(['failed', 'OWED']);
    expect(await gateway.simulator.movements(refund.id)).toEqual([]);
    await untilBooked(payment, { [refund.id]: ['refund_funded'] });
    await expectBalanced(gateway);
  });

  // Amounts of their own: the fault finds the refund by its amount.
  it.each([
    ['us-to-china', 'acquirer', 'timeout_after_executing', '7013'],
    ['us-to-china', 'acquirer', 'close_connection', '7019'],
    ['china-to-us', 'ams', 'timeout_after_executing', '7027'],
    ['china-to-us', 'ams', 'answer_unknown', '7039'],
  ] as const)('whose answer is lost, %s (%s, %s), is found and paid once', async (...story) => {
    const [direction, network, behaviour, amount] = story;
    const partner = await gateway.newPartner();
    const payment = await completed(partner, direction, { amount });
    await topUp(gateway, partner, '1000000', FUNDED_IN[direction]);
    const { source_amount } = await partner.payment(payment);
    await gateway.simulator.fault({ network, operation: 'refund', match: { amount: source_amount.amount }, behaviour });
    const refund = await untilRefundOver(partner, (await ask(partner, payment)).body.id);
    expect(refund.status).toBe('completed');
    expect(refund.history.map(({ fact }) => fact)).toContain('refund_send_unknown');
    expect(await executed(gateway, refund.id)).toEqual({ refund: 1 });
    await expectBalanced(gateway);
  });

  it('asked for before the payment is completed is refused, and nothing is written', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'china-to-us', { alipay: 'in_app' });
    const { status, body } = await ask(partner, id);
    expect([status, body.code]).toEqual([409, 'PAYMENT_NOT_REFUNDABLE']);
    await partner.post(`/v1/payments/${id}/cancel`, {});
    await untilOver(partner, id);
  });
});
