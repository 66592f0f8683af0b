import type { Payment } from '../domain/payment';
import { outcomeIsUnknown, publicStatusOf, type PublicStatus } from '../domain/public-status';
import { viewOfMoney } from './amount-view';
import { failureOf } from './failures';

/** What was ordered, the same at every repeat of the request that ordered it. */
export function viewOfOrder(payment: Payment): object {
  return { ...orderView(payment), status: 'processing' };
}

/** A payment as it stands; an event shows the status that it tells. */
export function viewOfPayment(payment: Payment, status: PublicStatus = publicStatusOf(payment)): object {
  const { standing } = payment;
  const failure = failureOf(status, standing.reason ?? standing.cause, standing.declineClass);
  return {
    ...orderView(payment),
    status,
    ...(status === 'processing' && outcomeIsUnknown(payment) ? unknownUntil(payment) : {}),
    ...(status === 'requires_action' && standing.nextAction ? { next_action: standing.nextAction } : {}),
    ...(failure === null ? {} : { failure }),
    ...(standing.parts.credit === 'late' ? { credited_late: true } : {}),
  };
}

/** Nobody knows yet what became of a step, and by when it is asked about again. */
function unknownUntil({ due }: Payment): object {
  return { outcome: 'unknown', ...(due === null ? {} : { next_update_at: due.toISOString() }) };
}

function orderView({ id, createdAt, order }: Payment): object {
  return {
    id,
    object: 'payment',
    created: createdAt.toISOString(),
    quote: order.quoteId,
    source_network: order.sourceNetwork,
    target_network: order.targetNetwork,
    source_amount: viewOfMoney(order.principal),
    fee: viewOfMoney(order.fee),
    total_source_amount: viewOfMoney(order.totalSource),
    target_amount: viewOfMoney(order.target),
    mid: order.mid,
    customer_rate: order.customerRate,
    purpose: order.purpose,
    bop_code: order.bopCode,
    source_instrument: order.sourceInstrument,
    target_instrument: order.targetInstrument,
    payer: order.payerParty,
    payee: order.payeeParty,
    reference: order.reference,
    metadata: order.metadata ?? {},
  };
}
