import type { Reason } from '@gateway/contracts/wallet.network.events.v1';
import { found, type Instruction, type NextAction, type Outcome } from '@gateway/wallet-network';
import { COUNTERPARTY } from './qrpay.description';
import type { QrpayCall, QrpayOrder, QrpayRefund } from './qrpay.client';

/** Why QRPay or the payer refused an order: theirs to ours. The state is the certain no; a new reason is OTHER. */
const REASONS: Readonly<Record<string, Reason>> = {
  NOT_ENOUGH_FUNDS: 'INSUFFICIENT_FUNDS',
  CODE_EXPIRED: 'INSTRUMENT_EXPIRED',
  CODE_UNKNOWN: 'INSTRUMENT_INVALID',
  ACCOUNT_LOCKED: 'INSTRUMENT_INVALID',
  ACCOUNT_LIMIT: 'LIMIT_EXCEEDED',
  RISK: 'SUSPECTED_FRAUD',
  PAYER_REFUSED: 'PAYER_CANCELLED',
};

/** Signed errors that QRPay answers before it takes an order: the same id may be sent again. */
const NOT_ACCEPTED: ReadonlySet<string> = new Set(['BUSY', 'FIELD_INVALID', 'MERCHANT_SUSPENDED']);

const silent = (code: string): Outcome => ({ kind: 'UNKNOWN', networkCode: code });

/** `state` of an order: theirs to ours. A state that is not listed is UNKNOWN. */
const ORDER_STATES: Readonly<Record<string, (order: QrpayOrder) => Outcome>> = {
  PAID: (order) => processed(order),
  WAITING: (order) => pending(order),
  REFUSED: ({ reason = 'REFUSED', qrpay_id }) => declined(found(REASONS, reason) ?? 'OTHER', reason, qrpay_id),
  CANCELLED: ({ qrpay_id }) => declined('PAYER_CANCELLED', 'CANCELLED', qrpay_id),
  EXPIRED: ({ qrpay_id }) => declined('PAYER_DID_NOT_CONFIRM', 'EXPIRED', qrpay_id),
};

/** What the making of an order answered. */
export function outcomeOfOrder(call: QrpayCall<QrpayOrder>): Outcome {
  if (call.kind === 'answered') return outcomeOfState(call.answer);
  return withoutAnswer(call);
}

/** What a question about an order answered. */
export function outcomeOfOrderEnquiry(call: QrpayCall<QrpayOrder>): Outcome {
  return isUnknownId(call, 'ORDER_UNKNOWN') ? { kind: 'NOT_FOUND' } : enquired(call, outcomeOfState);
}

/** What a cancel answered; null where the window is over and a refund has to be made instead. */
export function outcomeOfCancel(call: QrpayCall<QrpayOrder>, isKnownPaid = true): Outcome | null {
  if (call.kind === 'answered') return cancelled(call.answer, isKnownPaid) ?? silent(call.answer.state);
  if (call.kind !== 'refused') return withoutAnswer(call);
  if (isUnknownId(call, 'ORDER_UNKNOWN')) return { kind: 'NOT_FOUND' };
  if (call.code === 'CANCEL_TOO_LATE') return null;
  return call.code === 'ORDER_FINAL'
    ? { kind: 'DECLINED', reason: 'ALREADY_FINAL', networkCode: call.code }
    : withoutAnswer(call);
}

/** The proof that a cancel has happened, in the order itself. One that was never paid has given nothing back. */
export function cancelled(order: QrpayOrder, isKnownPaid: boolean): Outcome | null {
  if (order.state !== 'CANCELLED') return null;
  const wasPaid = isKnownPaid || order.paid_at !== undefined;
  return processed(wasPaid ? order : { ...order, amount: { ...order.amount, minor: '0' } });
}

/** What the making of a refund answered. */
export function outcomeOfRefund(call: QrpayCall<QrpayRefund>): Outcome {
  return call.kind === 'answered' ? outcomeOfRefundState(call.answer) : withoutAnswer(call);
}

/** What a question about a refund answered. */
export function outcomeOfRefundEnquiry(call: QrpayCall<QrpayRefund>): Outcome {
  return isUnknownId(call, 'REFUND_UNKNOWN') ? { kind: 'NOT_FOUND' } : enquired(call, outcomeOfRefundState);
}

/** Body of an order. Identical for the same instruction however often it is sent. */
export function orderBody(
  instruction: Instruction,
  notifyUrl: string,
  validSeconds: number,
): { order_id: string } & Record<string, unknown> {
  const secret = instruction.instrument?.secret ?? {};
  return {
    order_id: instruction.instructionId,
    amount: amountOf(instruction),
    description: 'Cross-border payment',
    notify_url: notifyUrl,
    ...(secret.payer_code === undefined
      ? { present: 'merchant', valid_seconds: validSeconds }
      : { present: 'payer', payer_code: secret.payer_code }),
  };
}

/** Body of a refund: our instruction id is its idempotency key. */
export function refundBody(instruction: Instruction): { refund_id: string } & Record<string, unknown> {
  return {
    refund_id: instruction.instructionId,
    order_id: instruction.target?.instructionId,
    amount: amountOf(instruction),
  };
}

function amountOf({ amount }: Instruction): { minor: string; currency: string } {
  return { minor: amount.amount, currency: amount.currency };
}

function outcomeOfState(order: QrpayOrder): Outcome {
  return found(ORDER_STATES, order.state)?.(order) ?? silent(order.state);
}

function outcomeOfRefundState(refund: QrpayRefund): Outcome {
  if (refund.state === 'DONE') return processed(refund);
  const code = refund.reason ?? refund.state;
  return refund.state === 'REFUSED' ? declined('OTHER', code, refund.qrpay_id) : silent(refund.state);
}

/** Not an answer to what was asked. An id that is not known is no answer to a request that makes or undoes something. */
function withoutAnswer(call: Exclude<QrpayCall<unknown>, { kind: 'answered' }>): Outcome {
  if (call.kind === 'never_left') return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };
  if (call.kind === 'refused' && NOT_ACCEPTED.has(call.code)) {
    return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE', networkCode: call.code };
  }
  return silent(call.code);
}

/** A question that got no answer has taught nothing, whatever kept it. */
function enquired<T>(call: QrpayCall<T>, outcomeOf: (answer: T) => Outcome): Outcome {
  if (call.kind === 'answered') return outcomeOf(call.answer);
  return silent(call.kind === 'never_left' ? 'NEVER_LEFT' : call.code);
}

function isUnknownId(call: QrpayCall<unknown>, code: string): boolean {
  return call.kind === 'refused' && call.status === 404 && call.code === code;
}

function processed({ qrpay_id, amount }: QrpayOrder | QrpayRefund): Outcome {
  return {
    kind: 'PROCESSED',
    networkReference: qrpay_id,
    amount: { amount: amount.minor, currency: amount.currency },
    counterparty: COUNTERPARTY,
  };
}

function declined(reason: Reason, networkCode: string, networkReference: string): Outcome {
  return { kind: 'DECLINED', reason, networkCode, networkReference };
}

/** With a code the payer has something to scan; without one they confirm in the app that showed theirs. */
function pending({ qrpay_id, qr_content, valid_until }: QrpayOrder): Outcome {
  const nextAction: NextAction = {
    ...(qr_content === undefined
      ? { type: 'confirm_in_app', value: `qrpay://orders/${qrpay_id}` }
      : { type: 'scan_code', value: qr_content }),
    ...(valid_until !== undefined && { expires_at: valid_until }),
  };
  return { kind: 'PENDING', networkReference: qrpay_id, nextAction };
}
