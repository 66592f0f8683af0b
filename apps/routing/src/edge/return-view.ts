import type { ReturnedCredit } from '../domain/returns/returned-credit';
import { actionsOf, returnIsUnknown, returnStatusOf } from '../domain/returns/return-state';
import { viewOfMoney } from './amount-view';
import { FAILURE_DETAILS } from './failures';

/** A returned credit as partners see it: what came back, what they may choose, and what has become of it. */
export function viewOfReturn({ id, createdAt, order, state, standing }: ReturnedCredit): object {
  const code = standing.reason;
  return {
    id,
    object: 'return',
    payment: order.paymentId,
    amount: viewOfMoney(order.amount),
    created: createdAt.toISOString(),
    status: returnStatusOf(state),
    ...(returnIsUnknown(state) ? { outcome: 'unknown' } : {}),
    actions: actionsOf(state),
    resolution: resolutionOf(state),
    target_instrument: standing.instrument,
    refund: standing.refundId,
    ...(code === null ? {} : { failure: { code, detail: FAILURE_DETAILS[code] ?? FAILURE_DETAILS.OTHER! } }),
  };
}

function resolutionOf(state: ReturnedCredit['state']): 'corrected' | 'refunded' | 'kept' | null {
  if (state === 'CORRECTED') return 'corrected';
  if (state === 'KEPT') return 'kept';
  return state === 'REFUNDED' ? 'refunded' : null;
}
