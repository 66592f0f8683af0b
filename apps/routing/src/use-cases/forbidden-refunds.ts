import type { Tx } from '@gateway/persistence';
import type { Payment } from '../domain/payment';
import { forbiddenNow, type RefundForbidden } from '../domain/refund/check-refund';
import type { Refund } from '../domain/refund/refund';
import type { DisputeRepository } from './dispute.repository';
import type { RefundRepository } from './refund.repository';

/** Where it is read what speaks against a refund. */
export interface RefundBarriers {
  disputes: DisputeRepository;
  refunds: RefundRepository;
}

/**
 * Tells of a refund of these payments why it may not be sent as things stand. The caller holds the payments' locks, under
 * which disputes are opened and take-backs learnt, too: of a grant and one of these at once, the second sees the first. Of
 * other refunds those in hand count as they are in this transaction, so that of two grants in one batch the second sees the
 * first.
 */
export async function forbiddenRefunds(
  tx: Tx,
  barriers: RefundBarriers,
  payments: readonly Payment[],
  inHand: ReadonlyMap<string, Refund>,
): Promise<(refund: Refund) => RefundForbidden | null> {
  if (payments.length === 0) return () => null;
  const disputes = await barriers.disputes.ofPayments(tx, payments.map(({ id }) => id).sort());
  const refunds: Refund[] = [];
  for (const { id, standing } of payments) {
    if (standing.takenBack !== undefined) refunds.push(...(await barriers.refunds.ofPayment(tx, id)));
  }
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  return (refund) => {
    const { paymentId } = refund.order;
    const payment = byId.get(paymentId);
    if (payment === undefined) return null;
    return forbiddenNow(refund, {
      payment,
      disputes: disputes.filter(({ order }) => order.paymentId === paymentId),
      refunds: refunds.filter(({ order }) => order.paymentId === paymentId).map((one) => inHand.get(one.id) ?? one),
    });
  };
}
