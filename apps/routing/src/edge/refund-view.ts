import type { Payment } from '../domain/payment';
import type { Refund } from '../domain/refund/refund';
import { refundIsUnknown, refundStatusOf } from '../domain/refund/refund-state';
import { viewOfMoney } from './amount-view';
import { FAILURE_DETAILS, type Failure } from './failures';

const KEPT =
  "The payer's network did not take the refund. The money is kept for the payer; our people find another way.";

/** A refund as partners see it: both amounts, and the payment's own rate that ties them together (rule R1). */
export function viewOfRefund(refund: Refund, payment: Pick<Payment, 'order'>): object {
  const failure = failureOfRefund(refund);
  return {
    ...viewOfRefundOrder(refund, payment),
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
