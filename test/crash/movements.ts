import { CREDITED } from './states';
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
  'acquirer return': 'return',
  'ams pay': 'collect',
  'ams cancel': 'release',
  'ams refund': 'release',
  'open_platform transfer': 'credit',
  'open_platform return': 'return',
};
const PAYERS = ['hold', 'collect', 'capture', 'release'];

/** Minor units, of the payer's currency and of the payee's. */
export interface BothSides {
  readonly payer: bigint;
  readonly payee: bigint;
}

export const operationOf = ({ network, operation }: ExecutedMovement): string =>
  OPERATION[`${network} ${operation}`] ?? `${network} ${operation}`;

export const isPayers = (one: ExecutedMovement): boolean => PAYERS.includes(operationOf(one));

/** What both have more than before: below zero where money was taken. */
export function netOf(executed: readonly ExecutedMovement[]): BothSides {
  const sum = (ofPayer: boolean): bigint =>
    executed
      .filter((one) => isPayers(one) === ofPayer)
      .reduce((total, { amount, sign }) => total + BigInt(amount) * BigInt(sign), 0n);
  return { payer: sum(true), payee: sum(false) };
}

/** What was taken from the payer in all, and given to the payee in all, whatever came back since. */
export function grossOf(executed: readonly ExecutedMovement[]): BothSides {
  const net = netOf(executed.filter((one) => one.sign === (isPayers(one) ? -1 : 1)));
  return { payer: -net.payer, payee: net.payee };
}

/** What the networks took back by themselves, by their own books: the payer has it again, the payee has it no more. */
export function takenBackBy(executed: readonly ExecutedMovement[]): BothSides {
  const net = netOf(executed.filter((one) => one.taken_back));
  return { payer: net.payer, payee: -net.payee };
}

/** What stays owed to the payee of a payment whose credit came back. */
export function owedToPayee({ state }: { state: string }, executed: readonly ExecutedMovement[]): bigint {
  return CREDITED.includes(state) ? takenBackBy(executed).payee : 0n;
}

/** The network has freed a hold by itself: no money has moved, and none can be captured any more. */
export const isFreedHold = (one: ExecutedMovement): boolean =>
  one.taken_back && one.sign === 0 && operationOf(one) === 'release';

/** What a hold still keeps from its payer. */
export function heldOf(executed: readonly ExecutedMovement[]): bigint {
  const total = (some: (one: ExecutedMovement) => boolean): bigint =>
    executed.filter(some).reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const held = total((one) => operationOf(one) === 'hold');
  const freed = total((one) => operationOf(one) === 'release' && one.sign === 0);
  return held === 0n ? 0n : held - freed - total((one) => operationOf(one) === 'capture');
}
