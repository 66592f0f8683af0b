import type { Evidence, PaymentRow } from './evidence';
import type { Invariant } from './judge';
import type { Accepted } from './load';
import { grossOf, heldOf, isFreedHold, netOf, operationOf, takenBackBy, type BothSides } from './movements';
import { FINAL_STATES, UNDONE } from './states';
import type { ExecutedMovement } from './world';

export function overPayments(
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

/**
 * A payer is charged once at most and a payee paid once at most, whatever the instructions were called, and whatever came
 * back in between.
 */
export function doubledMoney(evidence: Evidence): string[] {
  return overPayments(evidence, (payment, executed) => {
    const { payer, payee } = netOf(executed);
    const gross = grossOf(executed);
    const [total, target] = [BigInt(payment.total_source), BigInt(payment.target)];
    const problems: string[] = [];
    if (payer < -total || payer > 0n) problems.push(`the payer's net is ${payer}`);
    if (payee !== 0n && payee !== target) problems.push(`the payee's net is ${payee}`);
    if (gross.payer > total) problems.push(`the payer was charged ${gross.payer} in all`);
    if (gross.payee > target) problems.push(`the payee was paid ${gross.payee} in all`);
    return problems;
  });
}

/**
 * J4, J6: completed means paid and charged to the minor unit as quoted, but for what a network took back by itself;
 * otherwise ended means neither. A capture is lost only where the acquirer would not have it.
 */
export function lostMoney(evidence: Evidence): string[] {
  const quoted = new Map(evidence.load.accepted.map((one) => [one.id, one]));
  return overPayments(evidence, (payment, executed) => {
    const order = quoted.get(payment.payment_id);
    const wanted = wantedNet(payment, order, executed);
    if (wanted === null) return [];
    const { payer, payee } = netOf(executed);
    const isLost = payment.state === 'CAPTURE_LOST';
    const mayBeLost = order?.order.card === NO_CAPTURE || executed.some(isFreedHold);
    return [
      ...(payer === wanted.payer ? [] : [`the payer's net is ${payer}, not ${wanted.payer}`]),
      ...(payee === wanted.payee ? [] : [`the payee's net is ${payee}, not ${wanted.payee}`]),
      ...(isLost || heldOf(executed) === 0n ? [] : [`${heldOf(executed)} still held`]),
      ...(!isLost || mayBeLost ? [] : ['the acquirer would have captured']),
    ];
  });
}

/** A card whose acquirer declines every capture. */
const NO_CAPTURE = 'capture_declined';

/** Null of a payment that has not ended, or whose money is held by law. */
function wantedNet(
  payment: PaymentRow,
  order: Accepted | undefined,
  executed: readonly ExecutedMovement[],
): BothSides | null {
  const back = takenBackBy(executed);
  const payee = BigInt(order?.target ?? payment.target) - back.payee;
  if (payment.state === 'CAPTURE_LOST') return { payer: 0n, payee };
  if (payment.state === 'COMPLETED')
    return { payer: back.payer - BigInt(order?.sourceTotal ?? payment.total_source), payee };
  return UNDONE.includes(payment.state) ? { payer: 0n, payee: 0n } : null;
}

/** J5: what the networks' books say is what our ledger says, movement by movement, to the minor unit. */
export function booksThatDiffer(evidence: Evidence): string[] {
  const differing = overPayments(evidence, (payment, executed) => {
    const booked = evidence.booked.get(payment.payment_id) ?? [];
    const ours = booked.map((one) => lineOf(one.operation, one.instruction_id, one));
    const theirs = executed.map((one) => lineOf(operationOf(one), one.reference, one));
    const onlyTheirs = without(theirs, ours);
    const onlyOurs = without(ours, theirs);
    if (onlyOurs.length === 0 && mayBeUnbooked(payment, onlyTheirs, executed)) return [];
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

/** What moved nothing need not be in the books. */
function mayBeUnbooked(payment: PaymentRow, lines: readonly string[], executed: readonly ExecutedMovement[]): boolean {
  if (lines.length === 0) return true;
  const [first, second] = [...lines].sort();
  if (lines.length === 1) return isFreedBeforeCapture(payment, first, executed);
  if (lines.length > 2) return false;
  const [made, back] = /^release /.test(first ?? '') ? [second, first] : [first, second];
  // Taken back before it ever was confirmed: neither was ever known.
  const isUnknownOfPayer = /^(collect|hold) /.test(made ?? '') && back === `release ${amountIn(made)}`;
  const isUnknownOfPayee =
    UNDONE.includes(payment.state) && /^credit /.test(made ?? '') && back === made?.replace('credit', 'return');
  return isUnknownOfPayer || isUnknownOfPayee;
}

const amountIn = (line: string | undefined): string => line?.split(' ').slice(-2).join(' ') ?? '';

/** The acquirer freed a hold that was to be captured: the books end it with the refused capture. */
function isFreedBeforeCapture(
  { state }: PaymentRow,
  line: string | undefined,
  executed: readonly ExecutedMovement[],
): boolean {
  const isOpen = state === 'CAPTURE_LOST' || !FINAL_STATES.includes(state);
  return isOpen && executed.some((one) => isFreedHold(one) && lineOf('release', '', one) === line);
}

/** What must hold of money, by the books of the networks alone. */
export const MONEY_INVARIANTS: readonly Invariant[] = [
  { name: 'no network executed a movement twice', check: doubledMovements },
  { name: 'no payer was charged and no payee paid more than once', check: doubledMoney },
  { name: 'completed payments are paid and charged as quoted, others not at all', check: lostMoney },
  { name: "the networks' books equal our ledger to the minor unit", check: booksThatDiffer },
];
