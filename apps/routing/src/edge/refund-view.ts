import type { Payment } from '../domain/payment';
import { isFirm, movedBy, type Refund } from '../domain/refund/refund';
import { movesItsShares } from '../domain/refund/refund-rule';
import { refundIsUnknown, refundStatusOf } from '../domain/refund/refund-state';
import { viewOfMoney } from './amount-view';
import { FAILURE_DETAILS, type Failure } from './failures';

const KEPT =
  "The payer's network did not take the refund. The money is kept for the payer; our people find another way.";

/**
 * A refund as partners see it: its rule, and both amounts. Where the rate of its day decides them they are the most that
 * moves until `firm` says that they are known, with the rate that decided.
 */
export function viewOfRefund(refund: Refund, payment: Pick<Payment, 'order'>): object {
  const failure = failureOfRefund(refund);
  const { source, target } = movedBy(refund);
  const { mid, moved } = refund.standing;
  return {
    ...viewOfRefundOrder(refund, payment),
    firm: isFirm(refund),
    source_amount: viewOfMoney(source),
    target_amount: viewOfMoney(target),
    ...(moved === null || mid === null ? {} : { refund_rate: mid }),
    status: refundStatusOf(refund.state),
    ...(refundIsUnknown(refund.state) ? { outcome: 'unknown' } : {}),
    ...(failure === null ? {} : { failure }),
  };
}

/** What was asked for, the same at every repeat of the request that asked. */
export function viewOfRefundOrder({ id, createdAt, order }: Refund, payment: Pick<Payment, 'order'>): object {
  return {
    id,
    object: 'refund',
    payment: order.paymentId,
    status: 'processing',
    rule: order.rule,
    ...(order.bearer === null ? {} : { bearer: order.bearer }),
    firm: movesItsShares(order),
    source_amount: viewOfMoney(order.source),
    target_amount: viewOfMoney(order.target),
    customer_rate: payment.order.customerRate,
    reason: order.reason,
    reference: order.reference,
    return: order.returnId,
    created: createdAt.toISOString(),
  };
}

function failureOfRefund({ state, standing }: Refund): Failure | null {
  const status = refundStatusOf(state);
  const code = standing.reason ?? 'OTHER';
  if (status === 'refused') return { code, detail: FAILURE_DETAILS[code] ?? FAILURE_DETAILS.OTHER! };
  return status === 'failed' ? { code, detail: KEPT } : null;
}
