import type { MarkedBehaviour } from './fault';
import { MAGIC_AMOUNTS } from './magic-amounts';

/** A magic account: which operation misbehaves, and how. */
export interface Marker extends MarkedBehaviour {
  /** Four digits that the account carries: `nnnn` before the check digit of a card, or behind 289999 in a payment code. */
  readonly digits: string;
  readonly operation: string;
}

function marker(digits: string, operation: string, behaviour: MarkedBehaviour['behaviour'], params = {}): Marker {
  return { digits, operation, behaviour, params };
}

/** Outcomes that a token can be asked for by name; `approve` is `0000`. */
export const CARD_MARKERS: Readonly<Record<string, Marker>> = {
  do_not_honour: marker('0005', 'authorize', 'decline', { code: '20005' }),
  insufficient_funds: marker('0051', 'authorize', 'decline', { code: '20051' }),
  expired_card: marker('0054', 'authorize', 'decline', { code: '20054' }),
  suspected_fraud: marker('0059', 'authorize', 'decline', { code: '20059' }),
  issuer_unavailable: marker('0091', 'authorize', 'decline', { code: '20091' }),
  partial_approval: marker('0010', 'authorize', 'partial_approval'),
  hold_timeout_executed: marker('1001', 'authorize', 'timeout_after_executing'),
  hold_timeout_not_executed: marker('1002', 'authorize', 'timeout_without_executing'),
  hold_error_executed: marker('1003', 'authorize', 'http_500', { executed: true }),
  hold_connection_closed: marker('1004', 'authorize', 'close_connection'),
  hold_pending: marker('1005', 'authorize', 'answer_pending', { ms: 2000 }),
  hold_executed_later: marker('1006', 'authorize', 'execute_later', { ms: 3000 }),
  hold_taken_back: marker('1007', 'authorize', 'reverse_later'),
  hold_contradicted: marker('1008', 'authorize', 'notify_contradiction'),
  capture_declined: marker('2001', 'capture', 'decline', { code: '20005' }),
  capture_timeout_executed: marker('2002', 'capture', 'timeout_after_executing'),
  capture_timeout_not_executed: marker('2003', 'capture', 'timeout_without_executing'),
  capture_error_executed: marker('2004', 'capture', 'http_500', { executed: true }),
  capture_taken_back: marker('2005', 'capture', 'reverse_later'),
  capture_contradicted: marker('2006', 'capture', 'notify_contradiction'),
  payout_declined: marker('3001', 'payout', 'decline', { code: '20057' }),
  payout_timeout_executed: marker('3002', 'payout', 'timeout_after_executing'),
  payout_timeout_not_executed: marker('3003', 'payout', 'timeout_without_executing'),
  payout_not_eligible: marker('3004', 'metadata', 'decline'),
  payout_pending: marker('3005', 'payout', 'answer_pending', { ms: 2000 }),
  payout_error_executed: marker('3006', 'payout', 'http_500', { executed: true }),
  payout_executed_later: marker('3007', 'payout', 'execute_later', { ms: 3000 }),
  payout_taken_back: marker('3008', 'payout', 'reverse_later'),
  payout_contradicted: marker('3009', 'payout', 'notify_contradiction'),
  void_timeout_executed: marker('4001', 'void', 'timeout_after_executing'),
  void_timeout_not_executed: marker('4002', 'void', 'timeout_without_executing'),
  refund_declined: marker('5001', 'refund', 'decline', { code: '20005' }),
  refund_contradicted: marker('5002', 'refund', 'notify_contradiction'),
  token_refused: marker('6001', 'token', 'decline', { code: 'token_data_invalid' }),
  notify_never: marker('7001', 'authorize', 'notify_never'),
  notify_twice: marker('7002', 'authorize', 'notify_twice'),
};

/** Payment codes of payers, `28 9999 nnnn` and eight more digits. */
export const PAYMENT_CODE_MARKERS: Readonly<Record<string, Marker>> = {
  balance_not_enough: marker('0051', 'pay', 'decline', { code: 'USER_BALANCE_NOT_ENOUGH' }),
  code_expired: marker('0054', 'pay', 'decline', { code: 'PAYMENT_CODE_INVALID' }),
  risk_reject: marker('0059', 'pay', 'decline', { code: 'RISK_REJECT' }),
  timeout_executed: marker('1001', 'pay', 'timeout_after_executing'),
  timeout_not_executed: marker('1002', 'pay', 'timeout_without_executing'),
  error_executed: marker('1003', 'pay', 'http_500', { executed: true }),
  connection_closed: marker('1004', 'pay', 'close_connection'),
  in_process: marker('1005', 'pay', 'answer_pending', { ms: 2000 }),
  in_process_then_fail: marker('1006', 'pay', 'answer_pending', { ms: 2000, outcome: 'fail' }),
  unknown: marker('1007', 'pay', 'answer_unknown'),
  executed_later: marker('1008', 'pay', 'execute_later', { ms: 3000 }),
  taken_back: marker('1009', 'pay', 'reverse_later'),
  contradicted: marker('1010', 'pay', 'notify_contradiction'),
};

/** Payees of transfers whose account says what happens; the identity before the `@`. */
export const PAYEE_MARKERS: Readonly<Record<string, Marker>> = {
  closed: marker('', 'transfer', 'decline', { code: 'PAYEE_ACCOUNT_STATUS_ERROR' }),
  unknown_account: marker('', 'transfer', 'decline', { code: 'PAYEE_NOT_EXIST' }),
  limit: marker('', 'transfer', 'decline', { code: 'EXCEED_LIMIT_MM_AMOUNT' }),
  wrong_name: marker('', 'transfer', 'decline', { code: 'PAYEE_USER_INFO_ERROR' }),
  timeout_executed: marker('', 'transfer', 'timeout_after_executing'),
  timeout_not_executed: marker('', 'transfer', 'timeout_without_executing'),
  error_executed: marker('', 'transfer', 'http_500', { executed: true }),
  connection_closed: marker('', 'transfer', 'close_connection'),
  system_error: marker('', 'transfer', 'answer_unknown'),
  dealing: marker('', 'transfer', 'answer_pending', { ms: 2000 }),
  dealing_then_fail: marker('', 'transfer', 'answer_pending', { ms: 2000, outcome: 'fail' }),
  executed_later: marker('', 'transfer', 'execute_later', { ms: 3000 }),
  other_amount: marker('', 'transfer', 'partial_approval'),
  taken_back: marker('', 'transfer', 'reverse_later'),
  contradicted: marker('', 'transfer', 'notify_contradiction'),
};

const FIRST_STEPS = new Set(['authorize', 'account_funding', 'payout', 'pay', 'transfer']);
const PAYMENT_CODE_PREFIX = '289999';

export function cardMarker(markerDigits: string, operation: string, amount?: bigint): MarkedBehaviour | undefined {
  const asked = operation === 'account_funding' ? 'authorize' : operation;
  return (
    find(CARD_MARKERS, (one) => one.digits === markerDigits && one.operation === asked) ?? byAmount(operation, amount)
  );
}

export function paymentCodeMarker(code: string, operation: string, amount?: bigint): MarkedBehaviour | undefined {
  const digits = code.startsWith(PAYMENT_CODE_PREFIX) ? code.slice(6, 10) : undefined;
  return (
    find(PAYMENT_CODE_MARKERS, (one) => one.digits === digits && one.operation === operation) ??
    byAmount(operation, amount)
  );
}

export function payeeMarker(identity: string, operation: string, amount?: bigint): MarkedBehaviour | undefined {
  const name = identity.split('@')[0] ?? '';
  const found = Object.hasOwn(PAYEE_MARKERS, name) ? PAYEE_MARKERS[name] : undefined;
  return found?.operation === operation ? found : byAmount(operation, amount);
}

function find(markers: Readonly<Record<string, Marker>>, wanted: (one: Marker) => boolean): Marker | undefined {
  return Object.values(markers).find(wanted);
}

function byAmount(operation: string, amount: bigint | undefined): MarkedBehaviour | undefined {
  if (amount === undefined || !FIRST_STEPS.has(operation)) return undefined;
  return MAGIC_AMOUNTS[amount.toString()]?.does;
}
