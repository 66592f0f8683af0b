import type { Evidence, PaymentRow } from './evidence';
import type { Invariant } from './judge';
import type { ExecutedMovement } from './world';

/** What the ledger calls what the networks have executed. */
const OPERATION: Readonly<Record<string, string>> = {
  'acquirer authorize': 'hold',
  'acquirer account_funding': 'collect',
  'acquirer capture': 'capture',
  'acquirer void': 'release',
  'acquirer refund': 'release',
  'acquirer reverse': 'release',
  'acquirer payout': 'credit',
  'ams pay': 'collect',
  'ams cancel': 'release',
  'ams refund': 'release',
  'open_platform transfer': 'credit',
};

const operationOf = ({ network, operation }: ExecutedMovement): string =>
  OPERATION[`${network} ${operation}`] ?? `${network} ${operation}`;

function overPayments(
  evidence: Evidence,
  problemsWith: (payment: PaymentRow, executed: readonly ExecutedMovement[]) => string[],
): string[] {
  return [...evidence.payments.values()].flatMap((payment) =>
    problemsWith(payment, evidence.executed.get(payment.payment_id) ?? []).map(
      (problem) => `${payment.payment_id} (${payment.state}): ${problem}`,
    ),
  );
}

/** J3: what the networks executed under one instruction, they executed once. */
export function doubledMovements(evidence: Evidence): string[] {
  return overPayments(evidence, (_, executed) => {
    const names = executed.map((one) => `${operationOf(one)} as ${one.reference}`);
    return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].map((name) => `${name} executed twice`);
  });
}

/** A payer is charged once at most and a payee paid once at most, whatever the instructions were called. */
export function doubledMoney(evidence: Evidence): string[] {
  return overPayments(evidence, (payment, executed) => {
    const { payer, payee } = netOf(executed);
    const problems: string[] = [];
    if (payer < -BigInt(payment.total_source) || payer > 0n) problems.push(`the payer's net is ${payer}`);
    if (payee !== 0n && payee !== BigInt(payment.target)) problems.push(`the payee's net is ${payee}`);
    return problems;
  });
}

interface Net {
  readonly payer: bigint;
  readonly payee: bigint;
}

const SOURCE_SIDE = ['hold', 'collect', 'capture', 'release'];

function netOf(executed: readonly ExecutedMovement[]): Net {
  const sum = (ofPayer: boolean): bigint =>
    executed
      .filter((one) => SOURCE_SIDE.includes(operationOf(one)) === ofPayer)
      .reduce((total, { amount, sign }) => total + BigInt(amount) * BigInt(sign), 0n);
  return { payer: sum(true), payee: sum(false) };
}

/** J4, J6: completed means paid and charged to the minor unit as quoted; otherwise ended means neither. */
export function lostMoney(evidence: Evidence): string[] {
  const quoted = new Map(evidence.load.accepted.map((one) => [one.id, one]));
  return overPayments(evidence, (payment, executed) => {
    const { payer, payee } = netOf(executed);
    const wanted = quoted.get(payment.payment_id);
    const completed = payment.state === 'COMPLETED';
    if (!completed && !UNDONE.includes(payment.state)) return [];
    const charged = completed ? -BigInt(wanted?.sourceTotal ?? payment.total_source) : 0n;
    const paid = completed ? BigInt(wanted?.target ?? payment.target) : 0n;
    return [
      ...(payer === charged ? [] : [`the payer's net is ${payer}, not ${charged}`]),
      ...(payee === paid ? [] : [`the payee's net is ${payee}, not ${paid}`]),
      ...(heldOf(executed) === 0n ? [] : [`${heldOf(executed)} still held`]),
    ];
  });
}

const UNDONE = ['REJECTED', 'DECLINED', 'EXPIRED', 'REVERSED'];

/** What a hold still keeps from its payer. */
function heldOf(executed: readonly ExecutedMovement[]): bigint {
  const total = (operation: string): bigint =>
    executed.filter((one) => operationOf(one) === operation).reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  return total('hold') === 0n ? 0n : total('hold') - total('capture') - total('release');
}

/** J5: what the networks' books say is what our ledger says, movement by movement, to the minor unit. */
export function booksThatDiffer(evidence: Evidence): string[] {
  const differing = overPayments(evidence, ({ payment_id }, executed) => {
    const ours = (evidence.booked.get(payment_id) ?? []).map((one) => lineOf(one.operation, one.instruction_id, one));
    const theirs = executed.map((one) => lineOf(operationOf(one), one.reference, one));
    const onlyTheirs = without(theirs, ours);
    const onlyOurs = without(ours, theirs);
    if (onlyOurs.length === 0 && isTakenBack(onlyTheirs)) return [];
    return [`the networks have [${onlyTheirs.join('; ')}], the ledger has [${onlyOurs.join('; ')}]`];
  });
  const counted = [...evidence.executed.values()].reduce((sum, { length }) => sum + length, 0);
  const strays = evidence.executedInAll - counted;
  return strays === 0 ? differing : [...differing, `${strays} executed movements belong to no payment`];
}

/** A cancel carries the id of what it cancels, and ours has its own: a release is compared by its payment. */
function lineOf(operation: string, id: string, { amount, currency }: { amount: string; currency: string }): string {
  return [operation, ...(operation === 'release' ? [] : [id]), amount, currency].join(' ');
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** What was taken back before it ever was confirmed moved nothing, and was never booked. */
function isTakenBack(lines: readonly string[]): boolean {
  if (lines.length === 0) return true;
  const [made, back] = [...lines].sort();
  const amountIn = (line: string | undefined): string => line?.split(' ').slice(-2).join(' ') ?? '';
  return lines.length === 2 && /^(collect|hold) /.test(made ?? '') && back === `release ${amountIn(made)}`;
}

/** What must hold of money, by the books of the networks alone. */
export const MONEY_INVARIANTS: readonly Invariant[] = [
  { name: 'no network executed a movement twice', check: doubledMovements },
  { name: 'no payer was charged and no payee paid more than once', check: doubledMoney },
  { name: 'completed payments are paid and charged as quoted, others not at all', check: lostMoney },
  { name: "the networks' books equal our ledger to the minor unit", check: booksThatDiffer },
];
