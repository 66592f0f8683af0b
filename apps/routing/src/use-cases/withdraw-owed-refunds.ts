import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { Dispute } from '../domain/disputes/dispute';
import { advanceRefund } from '../domain/refund/advance-refund';
import { forbiddenForGood } from '../domain/refund/check-refund';
import type { DisputeHand } from './dispute-recorder';
import { DisputeRepository } from './dispute.repository';
import type { PaymentInHand } from './payment-recorder';
import { refundInHand, type RefundHand } from './refund-recorder';
import { RefundRepository } from './refund.repository';

/** What a batch's facts have left in hand, not written yet; the payments are locked. */
interface InHand {
  payments: readonly PaymentInHand[];
  refunds: readonly RefundHand[];
  disputes: readonly DisputeHand[];
}

/**
 * Withdraws what is owed to payers who have got the money otherwise for good: whichever of the network's refusal, the lost
 * dispute and the taking back comes last under the payment's lock sees the others.
 */
@Injectable()
export class WithdrawOwedRefunds {
  constructor(
    private readonly refunds: RefundRepository,
    private readonly disputes: DisputeRepository,
  ) {}

  /** Those refunds that were not in hand before. */
  async fold(tx: Tx, inHand: InHand, now: Date): Promise<RefundHand[]> {
    const payments = inHand.payments.filter((one) => mayForbid(one, inHand));
    if (payments.length === 0) return [];
    const stored = await this.disputes.ofPayments(tx, payments.map(({ payment }) => payment.id).sort());
    const told = new Map(inHand.disputes.map(({ dispute }) => [dispute.id, dispute]));
    const disputes = [...told.values(), ...stored.filter(({ id }) => !told.has(id))];
    const taken: RefundHand[] = [];
    for (const hand of payments) {
      const own = disputes.filter(({ order }) => order.paymentId === hand.payment.id);
      taken.push(...(await this.withdraw(tx, hand, own, inHand.refunds, now)));
    }
    return taken;
  }

  /** The newest goes first, where there is still room for one of them. */
  private async withdraw(
    tx: Tx,
    inHand: PaymentInHand,
    disputes: readonly Dispute[],
    known: readonly RefundHand[],
    now: Date,
  ): Promise<RefundHand[]> {
    const { payment } = inHand;
    const stored = await this.refunds.ofPayment(tx, payment.id);
    const hands = stored.map((one) => known.find(({ refund }) => refund.id === one.id) ?? refundInHand(one, inHand));
    const refunds = hands.map(({ refund }) => refund);
    const owed = hands.filter(({ refund }) => refund.state === 'OWED');
    for (const hand of owed.sort((a, b) => (a.refund.id < b.refund.id ? 1 : -1))) {
      const reason = forbiddenForGood(hand.refund, { payment, disputes, refunds });
      if (reason !== null) advanceRefund(hand, { name: 'forbidden_for_good', reason }, now);
    }
    return owed.filter((hand) => hand.touched && !known.includes(hand));
  }
}

/** Whether this batch can have brought what forbids it, or the refund that it forbids; the others are not read. */
function mayForbid({ payment }: PaymentInHand, { refunds, disputes }: InHand): boolean {
  const { takenBack, parts } = payment.standing;
  if (takenBack !== undefined || parts.source === 'taken_back') return true;
  const isLost = disputes.some((hand) => hand.payment.id === payment.id && hand.dispute.state === 'LOST');
  return isLost || refunds.some(({ refund }) => refund.order.paymentId === payment.id && refund.state === 'OWED');
}
