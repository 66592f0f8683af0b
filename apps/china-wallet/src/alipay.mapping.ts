import type { Reason } from '@gateway/contracts/wallet.network.events.v1';
import { found, type Instruction, type NextAction, type Outcome } from '@gateway/wallet-network';
import { COUNTERPARTY } from './alipay.description';
import type { AmsAnswer, AmsCall } from './ams/ams-client';
import type { TransferAnswer, TransferCall } from './open-platform/transfer-client';

/** Final failures of `pay` (docs.antom.com, result codes): theirs to ours. What is not listed here is UNKNOWN. */
const PAY_FAILURES: Readonly<Record<string, Reason>> = {
  USER_BALANCE_NOT_ENOUGH: 'INSUFFICIENT_FUNDS',
  USER_AMOUNT_EXCEED_LIMIT: 'LIMIT_EXCEEDED',
  PAYMENT_AMOUNT_EXCEED_LIMIT: 'LIMIT_EXCEEDED',
  RISK_REJECT: 'SUSPECTED_FRAUD',
  INVALID_CODE: 'INSTRUMENT_INVALID',
  PAYMENT_CODE_EXPIRED: 'INSTRUMENT_EXPIRED',
  PAYMENT_CODE_INVALID: 'INSTRUMENT_INVALID',
  USER_NOT_EXIST: 'INSTRUMENT_INVALID',
  USER_STATUS_ABNORMAL: 'INSTRUMENT_INVALID',
  USER_PAYMENT_VERIFICATION_FAILED: 'DECLINED_BY_ISSUER',
  NO_PAY_OPTIONS: 'DECLINED_BY_ISSUER',
  PAYMENT_NOT_QUALIFIED: 'DECLINED_BY_ISSUER',
  ORDER_IS_CLOSED: 'PAYER_DID_NOT_CONFIRM',
  ORDER_IS_CANCELED: 'PAYER_CANCELLED',
  PROCESS_FAIL: 'OTHER',
};

/** Refusals that AMS makes before it takes an order. */
const PAY_NOT_ACCEPTED: ReadonlySet<string> = new Set([
  'PARAM_ILLEGAL',
  'CLIENT_INVALID',
  'INVALID_API',
  'NO_INTERFACE_DEF',
  'ACCESS_DENIED',
  'REQUEST_TRAFFIC_EXCEED_LIMIT',
]);

/** Sub-codes of `alipay.fund.trans.uni.transfer` that are a definite no for this `out_biz_no`. */
const TRANSFER_FAILURES: Readonly<Record<string, Reason>> = {
  PAYEE_NOT_EXIST: 'PAYEE_ACCOUNT_INVALID',
  PAYEE_NOT_EXSIT: 'PAYEE_ACCOUNT_INVALID',
  PAYEE_USER_INFO_ERROR: 'PAYEE_ACCOUNT_INVALID',
  PAYEE_USERINFO_ERROR: 'PAYEE_ACCOUNT_INVALID',
  PAYEE_CERT_INFO_ERROR: 'PAYEE_NOT_ELIGIBLE',
  PAYEE_ACC_STATUS_ERROR: 'PAYEE_ACCOUNT_CLOSED',
  PAYEE_ACCOUNT_STATUS_ERROR: 'PAYEE_ACCOUNT_CLOSED',
  PAYEE_TRUSTEESHIP_ACC_OVER_LIMIT: 'PAYEE_LIMIT_EXCEEDED',
  EXCEED_LIMIT_DM_MAX_AMOUNT: 'PAYEE_LIMIT_EXCEEDED',
  EXCEED_LIMIT_PERSONAL_SM_AMOUNT: 'PAYEE_LIMIT_EXCEEDED',
  EXCEED_LIMIT_MM_MAX_AMOUNT: 'PAYEE_LIMIT_EXCEEDED',
  EXCEED_LIMIT_MM_AMOUNT: 'PAYEE_LIMIT_EXCEEDED',
  PAYER_PAYEE_CANNOT_SAME: 'PAYEE_ACCOUNT_INVALID',
  RISK_REJECT: 'SUSPECTED_FRAUD',
};

/** Refused before acceptance: nothing was executed and the same id may be sent again. */
const TRANSFER_NOT_ACCEPTED: ReadonlySet<string> = new Set([
  'PAYER_BALANCE_NOT_ENOUGH',
  'BALANCE_IS_NOT_ENOUGH',
  'PAYER_STATUS_ERROR',
]);

const silent = (code: string): Outcome => ({ kind: 'UNKNOWN', networkCode: code });

/** What `pay` answered. S is done; PAYMENT_IN_PROCESS waits; every code that is not listed is UNKNOWN. */
export function outcomeOfPay(call: AmsCall, instruction: Instruction): Outcome {
  if (call.kind === 'never_left') return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };
  if (call.kind === 'silent') return silent(call.code);
  const { answer } = call;
  const { resultCode, resultStatus } = answer.result;
  // S to a pay that asks for an order code says that the code was made, not that anybody paid.
  if (resultStatus === 'S') return answer.orderCodeForm ? pending(answer) : processed(answer, instruction);
  if (resultStatus === 'U') return resultCode === 'PAYMENT_IN_PROCESS' ? pending(answer) : silent(resultCode);
  if (PAY_NOT_ACCEPTED.has(resultCode)) {
    return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE', networkCode: resultCode };
  }
  const reason = found(PAY_FAILURES, resultCode);
  return reason === undefined ? silent(resultCode) : { kind: 'DECLINED', reason, networkCode: resultCode };
}

/** What `inquiryPayment` says of a collection: `result` only tells that the query worked, the state is `paymentStatus`. */
export function outcomeOfPaymentInquiry(call: AmsCall, instruction: Instruction): Outcome {
  if (call.kind !== 'answered') return silent(call.kind === 'silent' ? call.code : 'NEVER_LEFT');
  const { answer } = call;
  const { resultStatus, resultCode } = answer.result;
  if (resultStatus === 'F' && isNotFound(resultCode)) return { kind: 'NOT_FOUND' };
  if (resultStatus !== 'S') return silent(resultCode);
  const told = found(INQUIRY_STATES, answer.paymentStatus ?? '');
  return told === undefined ? silent(answer.paymentStatus ?? 'NO_STATUS') : told(answer, instruction);
}

/** `paymentStatus` of an inquiry: theirs to ours. A status that is not listed is UNKNOWN. */
const INQUIRY_STATES: Readonly<Record<string, (answer: AmsAnswer, instruction: Instruction) => Outcome>> = {
  SUCCESS: (answer, instruction) => processed(answer, instruction),
  PROCESSING: (answer) => pending(answer),
  PENDING: (answer) => pending(answer),
  CANCELLED: (answer, instruction) =>
    answer.paymentTime === undefined
      ? { kind: 'DECLINED', reason: 'PAYER_CANCELLED', networkCode: 'CANCELLED' }
      : takenBack(answer, instruction),
  FAIL: ({ paymentResultCode: code = 'FAIL' }) => ({
    kind: 'DECLINED',
    reason: found(PAY_FAILURES, code) ?? 'OTHER',
    networkCode: code,
  }),
};

export function isNotFound(resultCode: string): boolean {
  return resultCode === 'ORDER_NOT_EXIST' || resultCode === 'REFUND_NOT_EXIST';
}

/** What `cancel` answered; null where the window is over and a refund has to be made instead. */
export function outcomeOfCancel(call: AmsCall, instruction: Instruction): Outcome | null {
  if (call.kind === 'never_left') return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };
  if (call.kind === 'silent') return silent(call.code);
  const { resultCode, resultStatus } = call.answer.result;
  if (resultStatus === 'S') return returned(call.answer, instruction);
  if (resultStatus === 'F' && isNotFound(resultCode)) return { kind: 'NOT_FOUND' };
  const refundInstead = resultStatus === 'F' && ['CANCEL_WINDOW_EXCEED', 'ORDER_STATUS_INVALID'].includes(resultCode);
  return refundInstead ? null : silent(resultCode);
}

/** What `refund` answered. S is done: only the answers of an inquiry have a status of their own. */
export function outcomeOfRefund(call: AmsCall): Outcome {
  if (call.kind === 'never_left') return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };
  if (call.kind === 'silent') return silent(call.code);
  const { resultStatus, resultCode } = call.answer.result;
  if (resultStatus === 'F' && resultCode === 'REFUND_WINDOW_EXCEED') {
    return { kind: 'DECLINED', reason: 'LIMIT_EXCEEDED', networkCode: resultCode };
  }
  // A refund that answers "no such order" has answered another question: what became of it is not known.
  return resultStatus === 'S' ? outcomeOfRefundStatus(call.answer, 'SUCCESS') : silent(resultCode);
}

/** What `inquiryRefund` says of a refund: `result` only tells that the query worked, the state is `refundStatus`. */
export function outcomeOfRefundInquiry(call: AmsCall): Outcome {
  if (call.kind !== 'answered') return silent(call.kind === 'silent' ? call.code : 'NEVER_LEFT');
  const { resultStatus, resultCode } = call.answer.result;
  if (resultStatus === 'F' && isNotFound(resultCode)) return { kind: 'NOT_FOUND' };
  return resultStatus === 'S' ? outcomeOfRefundStatus(call.answer, 'NO_STATUS') : silent(resultCode);
}

/** A refund is as large as the answer says; one without its number or its size is not proven. */
function outcomeOfRefundStatus(answer: AmsAnswer, statusWhereNoneIsGiven: string): Outcome {
  const { refundStatus: status = statusWhereNoneIsGiven, refundId, refundAmount: amount } = answer;
  if (status === 'FAIL') return { kind: 'DECLINED', reason: 'OTHER', networkCode: 'REFUND_FAIL' };
  if (status !== 'SUCCESS') return silent(status);
  if (refundId === undefined || amount === undefined) return silent('UNPROVEN_ANSWER');
  return {
    kind: 'PROCESSED',
    networkReference: refundId,
    amount: { amount: amount.value, currency: amount.currency },
    counterparty: COUNTERPARTY,
  };
}

/** What a transfer or its query answered. The state of a transfer is `status`, also inside a query. */
export function outcomeOfTransfer(call: TransferCall, instruction: Instruction): Outcome {
  if (call.kind === 'never_left') return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };
  if (call.kind === 'silent') return silent(call.code);
  const { answer } = call;
  if (answer.code === '10000') return outcomeOfTransferStatus(answer, instruction);
  const subCode = answer.sub_code ?? answer.code;
  if (answer.code === '40004') {
    if (subCode === 'ORDER_NOT_EXIST') return { kind: 'NOT_FOUND' };
    const reason = found(TRANSFER_FAILURES, subCode);
    if (reason !== undefined) return { kind: 'DECLINED', reason, networkCode: subCode };
  }
  const refused = TRANSFER_NOT_ACCEPTED.has(subCode) || ['20001', '40001', '40002', '40006'].includes(answer.code);
  return refused
    ? { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE', networkCode: subCode }
    : silent(subCode);
}

type TransferState = 'done' | 'under_way' | 'failed' | 'given_back';

/** `status` of a transfer: theirs to ours. REFUND: the payee had it, and it came back to us. A status that is not listed is UNKNOWN. */
const TRANSFER_STATES: Readonly<Record<string, TransferState>> = {
  SUCCESS: 'done',
  DEALING: 'under_way',
  WAIT_PAY: 'under_way',
  FAIL: 'failed',
  CLOSED: 'failed',
  REFUND: 'given_back',
};

function outcomeOfTransferStatus(answer: TransferAnswer, instruction: Instruction): Outcome {
  const status = answer.status ?? 'NO_STATUS';
  const networkReference = answer.order_id ?? answer.out_biz_no ?? instruction.instructionId;
  const state = found(TRANSFER_STATES, status);
  if (state === undefined) return silent(status);
  if (state === 'under_way') return { kind: 'PENDING', networkReference };
  if (state === 'failed') {
    const code = answer.error_code ?? status;
    return { kind: 'DECLINED', reason: found(TRANSFER_FAILURES, code) ?? 'OTHER', networkCode: code, networkReference };
  }
  // Whatever has moved has an order of theirs.
  return answer.order_id === undefined
    ? silent('UNPROVEN_ANSWER')
    : doneTransfer(answer, instruction, answer.order_id, state);
}

/** A transfer comes back whole, unless the answer says how much of it. */
function doneTransfer(
  answer: TransferAnswer,
  instruction: Instruction,
  networkReference: string,
  state: 'done' | 'given_back',
): Outcome {
  const minor = answer.trans_amount_minor;
  const amount = minor === undefined ? instruction.amount : { amount: minor, currency: 'CNY' };
  const done: Outcome = { kind: 'PROCESSED', networkReference, amount, counterparty: COUNTERPARTY };
  if (state !== 'given_back') return done;
  const { refund_amount_minor: part } = answer;
  return { ...done, returned: part === undefined ? amount : { amount: part, currency: 'CNY' } };
}

type Processed = Extract<Outcome, { kind: 'PROCESSED' }>;

/** It had been paid, and the payer has all of it again. */
function takenBack(answer: AmsAnswer, instruction: Instruction): Outcome {
  const done = processed(answer, instruction);
  return done.kind === 'PROCESSED' ? { ...done, returned: done.amount, undone: true } : done;
}

/**
 * What a release has given back, by what the payment says of itself: cancelled. One that nobody could tell of, and that does
 * not say either that it had been paid, has taken nothing.
 */
export function outcomeOfCancelledPayment(answer: AmsAnswer, instruction: Instruction): Outcome {
  const gaveBack = returned(answer, instruction);
  const wasPaid = answer.paymentTime !== undefined || instruction.target?.processedAt != null;
  return wasPaid ? gaveBack : ofNothing(gaveBack);
}

/** Of a payment that has not been cancelled, whatever the answer to its cancel said. */
const STANDING: ReadonlySet<string> = new Set(['SUCCESS', 'PROCESSING', 'PENDING']);

/**
 * What a cancel of a payment that nobody could tell of has given back, by what the payment says of itself now: nothing,
 * unless it proves that it had been paid. While it does not say, the cancel is repeated, which changes nothing there.
 */
export function outcomeOfCancelled(call: AmsCall, cancelled: Processed): Outcome {
  if (call.kind !== 'answered') return silent(call.kind === 'silent' ? call.code : 'NEVER_LEFT');
  const { result, paymentTime, paymentStatus = '' } = call.answer;
  if (result.resultStatus !== 'S' && !isNotFound(result.resultCode)) return silent(result.resultCode);
  if (STANDING.has(paymentStatus)) return silent(paymentStatus);
  return paymentTime === undefined ? ofNothing(cancelled) : cancelled;
}

/** It is certain, and has given nothing back. */
function ofNothing(cancelled: Processed): Processed {
  return { ...cancelled, amount: { ...cancelled.amount, amount: '0' } };
}

/** A yes has the network's number and says how much was paid; without them it proves nothing. */
function processed(answer: AmsAnswer, instruction: Instruction): Outcome {
  const settled = answer.grossSettlementAmount;
  // Both contracts settle onshore in CNY: another settlement currency is told as the confirmed amount, hence a conflict.
  const confirmed = settled && settled.currency !== instruction.amount.currency ? settled : answer.paymentAmount;
  if (answer.paymentId === undefined || confirmed === undefined) return silent('UNPROVEN_ANSWER');
  return {
    kind: 'PROCESSED',
    networkReference: answer.paymentId,
    amount: { amount: confirmed.value, currency: confirmed.currency },
    counterparty: COUNTERPARTY,
  };
}

/** What a cancel has given back: all of it, for it has no amount. */
function returned(answer: AmsAnswer, instruction: Instruction): Processed {
  return {
    kind: 'PROCESSED',
    networkReference: answer.paymentId ?? instruction.instructionId,
    amount: instruction.amount,
    counterparty: COUNTERPARTY,
  };
}

function pending(answer: AmsAnswer): Outcome {
  const reference = answer.paymentId === undefined ? {} : { networkReference: answer.paymentId };
  const nextAction = nextActionOf(answer);
  return { kind: 'PENDING', ...reference, ...(nextAction && { nextAction }) };
}

function nextActionOf(answer: AmsAnswer): NextAction | null {
  const code = answer.orderCodeForm?.codeDetails?.find(({ codeValueType }) => codeValueType === 'QRCODE')?.codeValue;
  if (code !== undefined) return { type: 'scan_code', value: code };
  const link = answer.schemeUrl ?? answer.normalUrl;
  return link === undefined ? null : { type: 'confirm_in_app', value: link };
}
