import type { Tx } from '@gateway/persistence';
import type { Payment } from '../domain/payment';
import { forbiddenNow, type RefundForbidden } from '../domain/refund/check-refund';
import { DisputeRepository } from './dispute.repository';

/**
 * Of these payments those whose refunds may not be sent as things stand, and why. The caller holds the payments' locks, under
 * which disputes are opened, too: of a grant and a dispute at once, the second sees the first.
 */
export async function forbiddenRefunds(
  tx: Tx,
  disputes: DisputeRepository,
  payments: readonly Payment[],
): Promise<Map<string, RefundForbidden>> {
  if (payments.length === 0) return new Map();
  const known = await disputes.ofPayments(tx, payments.map(({ id }) => id).sort());
  const forbidden = new Map<string, RefundForbidden>();
  for (const payment of payments) {
    const why = forbiddenNow(
      payment,
      known.filter(({ order }) => order.paymentId === payment.id),
    );
    if (why !== null) forbidden.set(payment.id, why);
  }
  return forbidden;
}
