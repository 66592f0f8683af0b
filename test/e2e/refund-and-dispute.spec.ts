import { bookings, expectBalanced } from './support/books';
import { auditOfDispute, disputed, movedByDispute, untilDispute, untilDisputeBooked } from './support/disputes';
import { completed } from './support/endings';
import { Gateway, until } from './support/gateway';
import { casesOf, untilCase } from './support/oversight';
import type { DisputeView } from './support/partner-client';
import { executed } from './support/payments';
import { topUp, untilRefundOver, type RefundView } from './support/refunds';
import { Story } from './support/story';

jest.setTimeout(240_000);

/** The payment of these stories: USD 100.00 and a fee of 2.00. */
const GROSS = '10200';
const HELD = completed('card hold');
const EVIDENCE = { additional: 'Refunded on the day it was asked for; see the refund of this payment.' };

describe('a refund and a dispute that pay the same cardholder', () => {
  const gateway = new Gateway();
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin(gateway);
    await topUp(gateway, story.partner, '1000000', 'CNY');
  });

  async function paid(): Promise<string> {
    const { id } = await story.pay('us-to-china');
    await story.ends(id, HELD);
    return id;
  }
  async function ask(payment: string, amount?: string): Promise<RefundView> {
    const body = amount === undefined ? {} : { amount: { amount, currency: 'USD' } };
    return (await story.partner.post<RefundView>(`/v1/payments/${payment}/refunds`, body)).body;
  }
  /** The acquirer has been told to refund: from now on nobody can take it back. */
  async function untilSent(id: string): Promise<void> {
    await until(`${id} is on its way`, async () => {
      const { body } = await story.partner.get<RefundView>(`/v1/refunds/${id}`);
      return body.history.some(({ state }) => state === 'SENDING');
    });
  }
  /** What the partner has been told of the payment's refunds or disputes, once it is all of it. */
  async function untilTold(payment: string, kind: 'refund' | 'dispute', wanted: string[]): Promise<void> {
    const told = async (): Promise<string[]> =>
      (await story.receiver.received(payment))
        .map(({ event }) => event.type)
        .filter((type) => type.startsWith(`${kind}.`));
    await until(`the partner is told ${wanted.join(', ')}`, async () => (await told()).length >= wanted.length);
    expect(await told()).toEqual(wanted);
  }
  /** What the ledger has of the refund; both its steps. */
  async function untilRefundBooked(payment: string): Promise<void> {
    const codes = async (): Promise<string[]> =>
      (await bookings(gateway, payment)).map(({ code }) => code).filter((code) => code.startsWith('refund_'));
    await until(`the refund of ${payment} is booked`, async () => (await codes()).length >= 2);
    expect(await codes()).toEqual(['refund_funded', 'refund_sent']);
  }

  it('a refund that is on its way when the dispute opens goes on: a case of settlement with both ids, once, whatever comes of them', async () => {
    const payment = await paid();
    await gateway.simulator.fault({
      network: 'acquirer',
      operation: 'refund',
      match: { reference: payment },
      behaviour: 'timeout_after_executing',
    });
    const refund = await ask(payment, '4000');
    await untilSent(refund.id);
    const atAcquirer = await disputed(gateway, payment, 'product_service_not_received');
    const dispute = await untilDispute(story.partner, payment, 'action_required');
    const opened = await untilCase(gateway, payment, 'refund_and_dispute');
    expect(opened).toMatchObject({
      state: 'OPEN',
      fact: 'dispute_opened',
      owner: 'settlement',
      detail: { dispute: dispute.id, amount: GROSS, refund: refund.id, refund_amount: '4000', refund_currency: 'USD' },
    });
    expect((await untilRefundOver(story.partner, refund.id)).status).toBe('completed');

    const given = await story.partner.post<DisputeView>(`/v1/disputes/${dispute.id}/evidence`, EVIDENCE);
    expect(given.status).toBe(202);
    await untilDispute(story.partner, payment, 'under_review');
    await gateway.simulator.decide(atAcquirer, 'lost');
    await untilDispute(story.partner, payment, 'lost');

    // The cardholder has both by the acquirer's own books, and so it is in ours.
    expect(await executed(gateway, refund.id)).toEqual({ refund: 1 });
    expect(await movedByDispute(gateway, payment)).toEqual([`chargeback ${GROSS} 1`]);
    await untilRefundBooked(payment);
    await untilDisputeBooked(gateway, payment, ['dispute_opened', 'dispute_lost']);
    await untilTold(payment, 'refund', ['refund.processing', 'refund.completed']);
    await untilTold(payment, 'dispute', [
      'dispute.opened',
      'dispute.processing',
      'dispute.under_review',
      'dispute.lost',
    ]);
    await auditOfDispute(gateway, payment, 'lost');
    await expectBalanced(gateway);
    const cases = (await casesOf(gateway, payment)).filter(({ kind }) => kind === 'refund_and_dispute');
    expect(cases).toEqual([opened]);
  });

  it('F28 a full refund whose proof is not taken: lost, and only then a case', async () => {
    const payment = await paid();
    const refund = await ask(payment);
    expect((await untilRefundOver(story.partner, refund.id)).status).toBe('completed');
    const atAcquirer = await disputed(gateway, payment, 'credit_not_issued');
    const dispute = await untilDispute(story.partner, payment, 'under_review');
    expect(dispute.answer).toMatchObject({ type: 'evidence', by: 'gateway' });
    expect((await casesOf(gateway, payment)).map(({ kind }) => kind)).not.toContain('refund_and_dispute');

    await gateway.simulator.decide(atAcquirer, 'lost');
    await untilDispute(story.partner, payment, 'lost');
    expect(await untilCase(gateway, payment, 'refund_and_dispute')).toMatchObject({
      state: 'LOST',
      fact: 'dispute_lost',
      owner: 'settlement',
      detail: { dispute: dispute.id, refund: refund.id, refund_amount: '10000', refund_state: 'COMPLETED' },
    });
    expect(await executed(gateway, refund.id)).toEqual({ refund: 1 });
    expect(await movedByDispute(gateway, payment)).toEqual([`chargeback ${GROSS} 1`]);
    await untilRefundBooked(payment);
    await untilDisputeBooked(gateway, payment, ['dispute_opened', 'dispute_lost']);
    await untilTold(payment, 'refund', ['refund.processing', 'refund.completed']);
    await untilTold(payment, 'dispute', ['dispute.opened', 'dispute.under_review', 'dispute.lost']);
    await auditOfDispute(gateway, payment, 'lost');
    await expectBalanced(gateway);
  });
});
