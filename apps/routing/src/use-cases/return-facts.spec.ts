import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { Money } from '@gateway/money';
import { anOrder } from '../../testing/payment-builder';
import { emptyJournal } from '../domain/advance-payment';
import { advanceReturn, reopenAfter, turnIntoRefund, type ReturnInHand } from '../domain/returns/advance-return';
import { createReturn, leftOfReturn } from '../domain/returns/returned-credit';
import { returnFactsOfWallet } from './return-facts';

const NOW = new Date('2026-11-26T10:00:00.000Z');
const RETURN = `ret_${'0'.repeat(25)}1`;
const AMOUNT = { amount: '70615', currency: 'CNY' };

function returnInHand(): ReturnInHand {
  const { payment } = anOrder();
  const order = {
    paymentId: payment.id,
    partnerId: payment.order.partnerId,
    partition: payment.partition,
    creditId: `${payment.id}-credit`,
    amount: payment.order.target,
  };
  return {
    returned: createReturn(RETURN, NOW, order),
    payment,
    journal: emptyJournal(),
    credits: false,
    touched: false,
  };
}

function hear({ payment, ...hand }: ReturnInHand, outcome: Partial<WalletOutcome>): void {
  const told = returnFactsOfWallet({
    instruction_id: `${payment.id}-credit`,
    payment_id: payment.id,
    partner_id: payment.order.partnerId,
    network: 'alipay',
    operation: 'credit',
    version: 1,
    outcome: 'PROCESSED',
    amount: AMOUNT,
    evidence: 'answer',
    at: NOW.toISOString(),
    ...outcome,
  });
  for (const { fact } of told) advanceReturn({ ...hand, payment }, fact, NOW);
}

const moneyOf = ({ journal }: ReturnInHand): (string | undefined)[][] =>
  journal.changes
    .filter(({ money }) => money !== undefined)
    .map(({ money, instructionId, amount }) => [money, instructionId, amount?.toDigits()]);

describe('a credit that came back', () => {
  it('whose second credit comes back, too, is booked again: each credit counts its own versions', () => {
    const hand = returnInHand();
    hear(hand, { version: 2, returned: AMOUNT });
    advanceReturn(hand, { name: 'correction_requested' }, NOW);
    hear(hand, { instruction_id: `${RETURN}-credit`, version: 1 });
    hear(hand, { instruction_id: `${RETURN}-credit`, version: 2, returned: AMOUNT });
    expect(hand.returned.state).toBe('CORRECTION_FAILED');
    expect(moneyOf(hand)).toEqual([
      ['credit_returned', `${hand.payment.id}-credit`, '70615'],
      ['return_corrected', `${RETURN}-credit`, '70615'],
      ['credit_returned', `${RETURN}-credit`, '70615'],
    ]);
  });

  it('gives the partner each part of it once, though the refund that took the rest was refused', () => {
    const hand = returnInHand();
    hear(hand, { version: 2, returned: AMOUNT });
    const refundOf = (minor: bigint): Parameters<typeof reopenAfter>[1] => {
      const order = { target: Money.of(minor, 'CNY') };
      return { id: 'rfd_1', order, standing: { reason: 'DISPUTE_OPEN' } } as Parameters<typeof reopenAfter>[1];
    };
    turnIntoRefund(hand, refundOf(60_000n), NOW);
    reopenAfter(hand, refundOf(60_000n), NOW);
    expect([hand.returned.state, leftOfReturn(hand.returned).toDigits()]).toEqual(['CORRECTION_FAILED', '60000']);
    turnIntoRefund(hand, refundOf(50_000n), NOW);
    reopenAfter(hand, refundOf(50_000n), NOW);
    advanceReturn(hand, { name: 'refunded_before' }, NOW);
    expect(moneyOf(hand).slice(1)).toEqual([
      ['return_kept', `${RETURN}-credit`, '10615'],
      ['return_kept', `${RETURN}-credit-2`, '10000'],
      ['return_kept', `${RETURN}-credit-3`, '50000'],
    ]);
  });
});
