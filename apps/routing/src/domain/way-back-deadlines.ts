import type { Payment } from './payment';
import { refundableUntil } from './refund/refund-window';

/** Until when the payer's money can go back, and how; null where that way is closed, or was never open. */
export interface WayBackDeadlines {
  /** The hold is let go: nothing on the payer's statement. */
  voidableUntil: Date | null;
  /** The collection is cancelled or reversed at its network as if it had not been. */
  cancelableUntil: Date | null;
  /** What was taken is paid back. */
  refundableUntil: Date | null;
}

/**
 * The ways back that the payer's network still allows, by its own deadlines as it told them: how long the hold is valid,
 * how long it takes a collection back, how long it refunds. A hold can be voided until it is captured, and only then
 * refunded; a collection can be cancelled for a while and refunded all along.
 */
export function wayBackDeadlines(payment: Payment, now: Date): WayBackDeadlines {
  const { order, standing } = payment;
  const stillOpen = (until: string | null | undefined): Date | null =>
    until !== null && until !== undefined && now.getTime() < Date.parse(until) ? new Date(until) : null;
  const stillRefundable = stillOpen(refundableUntil(payment).toISOString());
  if (standing.parts.source !== 'funded') return CLOSED;
  if (order.funding === 'collect')
    return {
      ...CLOSED,
      cancelableUntil: stillOpen(standing.cancelableUntil),
      refundableUntil: stillRefundable,
    };
  switch (standing.parts.capture) {
    case 'processed':
      return { ...CLOSED, refundableUntil: stillRefundable };
    case 'refused':
      return CLOSED;
    case 'none':
    case 'asked':
      return { ...CLOSED, voidableUntil: stillOpen(standing.holdExpiresAt) };
  }
}

const CLOSED: WayBackDeadlines = { voidableUntil: null, cancelableUntil: null, refundableUntil: null };
