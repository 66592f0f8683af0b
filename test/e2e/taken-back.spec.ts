import { balanceIn } from './support/disputes';
import { bookedMovements, bookings, expectBalanced, expectNothingReserved, untilBookedAs } from './support/books';
import { Gateway } from './support/gateway';
import { casesOf, untilAudited, untilCase } from './support/oversight';
import type { PaymentView, Problem } from './support/partner-client';
import { executed, pay, paymentCode, prepare, stateOf, untilOver, type PaymentWish } from './support/payments';
import { topUp } from './support/refunds';
import { untilReturn } from './support/returns';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(180_000);

/** A payment whose payer has the money again, though the payee was paid, because the payer's network took it back by itself. */
interface TakenBack {
  name: string;
  direction: 'us-to-china' | 'china-to-us';
  wish: PaymentWish;
  source: 'hold' | 'collect';
  /** What the networks have executed in the end, by operation. */
  executed: Record<string, number>;
  /** The same in the ledger's words. */
  moved: string[];
  booked: string[];
  receivable: string;
}

const CASES: TakenBack[] = [
  {
    name: 'a captured card payment',
    direction: 'us-to-china',
    wish: { token: { outcome: 'capture_taken_back' } },
    source: 'hold',
    executed: { authorize: 1, transfer: 1, capture: 1, refund: 1 },
    moved: ['hold', 'credit', 'capture', 'release'],
    booked: ['hold_funded', 'credited', 'captured', 'source_taken_back'],
    receivable: '1100',
  },
  {
    name: 'a card pull',
    direction: 'us-to-china',
    wish: { purpose: 'person_to_person', token: { outcome: 'hold_taken_back' } },
    source: 'collect',
    executed: { account_funding: 1, transfer: 1, refund: 1 },
    moved: ['collect', 'credit', 'release'],
    booked: ['collection_funded', 'credited', 'source_taken_back'],
    receivable: '1100',
  },
  {
    name: 'an Alipay collection',
    direction: 'china-to-us',
    wish: { alipay: paymentCode('1009') },
    source: 'collect',
    executed: { pay: 1, payout: 1, cancel: 1 },
    moved: ['collect', 'credit', 'release'],
    booked: ['collection_funded', 'credited', 'source_taken_back'],
    receivable: '1150',
  },
];

describe('what the payer’s network takes back by itself', () => {
  const gateway = new Gateway();

  it.each(CASES)(
    'R9 $name: success, then reversal: it stays COMPLETED, books and items say it, a case has an owner',
    async (one) => {
      const partner = await gateway.newPartner();
      await topUp(gateway, partner, '1000000', one.direction === 'us-to-china' ? 'CNY' : 'USD');
      const receiver = await WebhookReceiver.open(gateway, partner);
      const { id } = await pay(gateway, partner, one.direction, one.wish);
      expect(stateOf(await untilOver(partner, id))).toBe('COMPLETED');

      const found = await untilCase(gateway, id, 'source_taken_back');
      expect(found).toMatchObject({
        state: 'COMPLETED',
        owner: 'settlement',
        instruction_id: `${id}-${one.source}`,
        detail: { reason: 'TAKEN_BACK' },
      });
      expect(await executed(gateway, id)).toEqual(one.executed);
      await untilBookedAs(gateway, id, one.booked);
      await bookedMovements(gateway, id, one.moved);
      const booked = await bookings(gateway, id);
      const payment = await partner.payment(id);
      expect(balanceIn(one.receivable, booked)).toBe('0');
      expect(balanceIn('1350', booked)).toBe(payment.total_source_amount.amount);
      await expectNothingReserved(gateway, id);
      await expectBalanced(gateway);

      expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
      const refused = await partner.post<Problem>(`/v1/payments/${id}/refunds`, {});
      expect([refused.status, refused.body.code]).toEqual([409, 'PAYMENT_NOT_REFUNDABLE']);
      const told = (await receiver.received(id)).map(({ event }) => event.type);
      expect(told).toEqual(['payment.processing', 'payment.completed']);
      await untilAudited(gateway, id, 'payment.source_taken_back', ({ money }) => money === 'source_taken_back');
      expect((await casesOf(gateway, id)).map(({ kind }) => kind)).toEqual(['source_taken_back']);
    },
  );

  it('R9 a hold, before its capture: the capture is lost, and both are cases', async () => {
    const partner = await gateway.newPartner();
    const { request, quote } = await prepare(gateway, partner, 'us-to-china', { amount: '10733' });
    // The credit is under way for long, and the hold is gone meanwhile.
    const [total, target] = [quote.total_source_amount.amount, quote.target_amount.amount];
    await gateway.simulator.fault({
      network: 'open_platform',
      operation: 'transfer',
      match: { amount: target },
      behaviour: 'answer_pending',
      params: { ms: 20_000 },
    });
    await gateway.simulator.fault({
      network: 'acquirer',
      operation: 'authorize',
      match: { amount: total },
      behaviour: 'reverse_later',
      params: { ms: 1_000 },
    });
    const { id } = await partner.create<PaymentView>('/v1/payments', request);
    const found = await untilCase(gateway, id, 'source_taken_back');
    expect(found).toMatchObject({ owner: 'settlement', instruction_id: `${id}-hold` });
    expect(stateOf(await untilOver(partner, id, 120_000))).toBe('CAPTURE_LOST');
    expect(await executed(gateway, id)).toEqual({ authorize: 1, void: 1, transfer: 1 });
    await untilBookedAs(gateway, id, ['hold_funded', 'credited', 'capture_lost']);
    expect(balanceIn('1350', await bookings(gateway, id))).toBe(total);
    await expectNothingReserved(gateway, id);
    await expectBalanced(gateway);
    const kinds = (await casesOf(gateway, id)).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['capture_lost', 'source_taken_back']);
  });

  it('R9 a payout: it is a returned credit of the payee, and the payment stays', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'china-to-us', { token: { outcome: 'payout_taken_back' } });
    expect(stateOf(await untilOver(partner, id))).toBe('COMPLETED');
    const returned = await untilReturn(partner, id);
    expect(returned.amount).toMatchObject({ amount: '5000', currency: 'USD' });
    expect(await executed(gateway, id)).toEqual({ pay: 1, payout: 1, return: 1 });
    expect(stateOf(await partner.payment(id))).toBe('COMPLETED');
    await expectBalanced(gateway);
  });

  it('R9 a payout that is told as done and then as refused: paid once, told once', async () => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const { id } = await pay(gateway, partner, 'china-to-us', { token: { outcome: 'payout_contradicted' } });
    expect(stateOf(await untilOver(partner, id))).toBe('COMPLETED');
    await receiver.untilTold(id, 'completed');
    expect(await executed(gateway, id)).toEqual({ pay: 1, payout: 1 });
    await untilBookedAs(gateway, id, ['collection_funded', 'credited']);
    await expectBalanced(gateway);
  });
});
