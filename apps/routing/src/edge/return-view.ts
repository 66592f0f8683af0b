import type { ReturnedCredit } from '../domain/returns/returned-credit';
import type { Payment } from '../domain/payment';
import { actionsOf, returnIsUnknown, returnStatusOf, type ReturnStatus } from '../domain/returns/return-state';
import { viewOfMoney } from './amount-view';
import { FAILURE_DETAILS } from './failures';

/** A returned credit as partners see it: what came back, what they may choose, and what has become of it. */
export function viewOfReturn(
  { id, createdAt, order, state, standing }: ReturnedCredit,
  payment: Pick<Payment, 'state'>,
): object {
  const code = standing.reason;
  return {
    id,
    object: 'return',
    payment: order.paymentId,
    amount: viewOfMoney(order.amount),
    created: createdAt.toISOString(),
    ...choiceOf(state, payment),
    ...(returnIsUnknown(state) ? { outcome: 'unknown' } : {}),
    resolution: resolutionOf(state),
    target_instrument: standing.instrument,
    refund: standing.refundId,
    ...(code === null ? {} : { failure: { code, detail: FAILURE_DETAILS[code] ?? FAILURE_DETAILS.OTHER! } }),
  };
}

/**
 * Where the capture was lost the payer was never charged: nothing is refunded, and nobody is paid with that money again before
 * our people have looked.
 */
function choiceOf(
  state: ReturnedCredit['state'],
  payment: Pick<Payment, 'state'>,
): { status: ReturnStatus; actions: string[] } {
  const actions = payment.state === 'CAPTURE_LOST' ? [] : actionsOf(state);
  const status = returnStatusOf(state);
  return { status: status === 'action_required' && actions.length === 0 ? 'processing' : status, actions };
}

function resolutionOf(state: ReturnedCredit['state']): 'corrected' | 'refunded' | 'kept' | null {
  if (state === 'CORRECTED') return 'corrected';
  if (state === 'KEPT') return 'kept';
  return state === 'REFUNDED' ? 'refunded' : null;
}
