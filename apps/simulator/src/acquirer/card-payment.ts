import type { NotifyPlan } from '../faults/fault';
import type { JsonObject } from '../wire/fields';
import type { Card } from './card';

/** `purchase` is held then captured, `account_funding` pulls at once, `payout` pushes to the card. */
export type CardPaymentKind = 'purchase' | 'account_funding' | 'payout';

export type CardPaymentStatus =
  | 'Pending'
  | 'Authorized'
  | 'Declined'
  | 'Partially Captured'
  | 'Captured'
  | 'Voided'
  | 'Partially Refunded'
  | 'Refunded'
  | 'Expired'
  | 'Paid'
  | 'Returned';

/** A payment of the acquirer with its running sums; amounts are minor units. */
export interface CardPayment {
  readonly id: string;
  readonly kind: CardPaymentKind;
  readonly reference: string;
  readonly request: JsonObject;
  readonly requested: bigint;
  readonly authorised: bigint;
  readonly captured: bigint;
  readonly voided: bigint;
  readonly refunded: bigint;
  readonly returned: bigint;
  readonly currency: string;
  readonly status: CardPaymentStatus;
  readonly response_code: string;
  readonly auth_code: string;
  readonly card: Card;
  readonly plan: CardPaymentPlan;
  readonly requested_at: Date;
  readonly hold_expires_at: Date | null;
  readonly completes_at: Date | null;
}

/** How this payment's notifications go, and how a pending one ends. */
export interface CardPaymentPlan {
  readonly notify: NotifyPlan;
  readonly pendingDecline?: string;
}

export type CardActionType = 'Authorization' | 'Capture' | 'Void' | 'Refund' | 'Payout' | 'Expiry' | 'Return';

export interface CardAction {
  readonly id: string;
  readonly payment_id: string;
  readonly type: CardActionType;
  readonly amount: bigint;
  readonly approved: boolean;
  readonly response_code: string;
  readonly reference: string | null;
  readonly processed_at: Date;
}

const APPROVED = '10000';
const APPROVED_IN_PART = '10010';

/** The sums and the status that an issuer's answer gives a new or pending payment. */
export function outcomeFor(
  kind: CardPaymentKind,
  captureAtOnce: boolean,
  requested: bigint,
  answer: { readonly approved: bigint } | { readonly declineCode: string },
): Pick<CardPayment, 'status' | 'authorised' | 'captured' | 'response_code'> {
  if ('declineCode' in answer) {
    return { status: 'Declined', authorised: 0n, captured: 0n, response_code: answer.declineCode };
  }
  const { approved } = answer;
  const response_code = approved === requested ? APPROVED : APPROVED_IN_PART;
  if (kind === 'payout') return { status: 'Paid', authorised: approved, captured: approved, response_code };
  if (captureAtOnce) return { status: 'Captured', authorised: approved, captured: approved, response_code };
  return { status: 'Authorized', authorised: approved, captured: 0n, response_code };
}

export function remaining(payment: CardPayment): bigint {
  return payment.authorised - payment.captured - payment.voided;
}

export function refundable(payment: CardPayment): bigint {
  return payment.kind === 'payout' ? 0n : payment.captured - payment.refunded;
}

/** The status that the sums spell, for a payment that was approved. */
export function statusOf(
  sums: Pick<CardPayment, 'authorised' | 'captured' | 'voided' | 'refunded'>,
): CardPaymentStatus {
  if (sums.refunded > 0n) return sums.refunded === sums.captured ? 'Refunded' : 'Partially Refunded';
  if (sums.captured > 0n) return sums.captured === sums.authorised ? 'Captured' : 'Partially Captured';
  return sums.voided > 0n ? 'Voided' : 'Authorized';
}

const SUMMARIES: Readonly<Record<string, string>> = {
  '10000': 'Approved',
  '10010': 'Approved for a lower amount',
  '20005': 'Declined - Do not honour',
  '20051': 'Insufficient funds',
  '20054': 'Expired card',
  '20057': 'Transaction not permitted to cardholder',
  '20059': 'Suspected fraud',
  '20091': 'Issuer unavailable or switch is inoperative',
};

export function summaryOf(responseCode: string): string {
  return SUMMARIES[responseCode] ?? 'Declined';
}
