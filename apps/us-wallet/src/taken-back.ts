import type { Instruction, Outcome } from '@gateway/wallet-network';
import type { AcquirerAction, AcquirerPayment } from './acquirer/acquirer-answers';
import { processedPayment } from './outcomes/payment-outcomes';

/** Statuses of a payer's money that is free again, all of it or a part: who freed it is among the actions. */
const FREED: ReadonlySet<string> = new Set(['Voided', 'Canceled', 'Refunded', 'Partially Refunded']);

export function mayBeTakenBack({ status }: AcquirerPayment, { operation }: Instruction): boolean {
  return operation !== 'credit' && FREED.has(status);
}

const UNDOING: ReadonlySet<string> = new Set(['Void', 'Refund', 'Reversal']);

/**
 * A hold or collection of which the acquirer has given back something by itself: whatever we ask for carries our reference.
 * Null where all that was undone was asked for by us.
 */
export function outcomeTakenBack(
  payment: AcquirerPayment,
  actions: readonly AcquirerAction[],
  instruction: Instruction,
): Outcome | null {
  const byItself = actions.filter(
    ({ type, approved, reference }) => approved && reference === null && UNDOING.has(type),
  );
  const sum = byItself.reduce((all, { amount }) => all + BigInt(amount), 0n);
  if (sum === 0n) return null;
  const done = processedPayment(payment, instruction);
  const isWhole = sum >= BigInt(payment.amount);
  const returned = { amount: isWhole ? payment.amount : sum.toString(), currency: payment.currency };
  return { ...done, returned, ...(isWhole && { undone: true }) };
}
