import type { InstructionName, Parts } from './parts';
import type { Payment } from './payment';
import type { FactName } from './payment-fact';
import { isFinal } from './payment-state';
import { marginFrom, REVIEW_KEEPS_RESERVATION_MS, startBy } from './terms';

/** Waits before asking again: the first one, and the longest one that doubling leads to. Business time. */
export interface AskingPlan {
  firstMs: number;
  longestMs: number;
}

/** A wallet's own enquiries are faster than this; asking again is for records that were lost. */
export const NORMAL_ASKING: AskingPlan = { firstMs: 30_000, longestMs: 600_000 };
/** For tests and crash runs. */
export const SHORT_ASKING: AskingPlan = { firstMs: 3_000, longestMs: 15_000 };

const MOST_DOUBLINGS = 10;

/** Which instruction's answer a part waits for, by how the part stands. */
const WAITED_FOR: { [P in keyof Parts]: Partial<Record<Parts[P], InstructionName>> } = {
  screening: { asked: 'screen', review: 'screen' },
  reservation: { asked: 'reserve', releasing: 'undo_reservation' },
  source: { asked: 'fund', withdrawing: 'undo_source', returning: 'undo_source' },
  credit: { asked: 'credit' },
  capture: { asked: 'capture' },
};

/** What the payment waits for: the instructions whose owners have not given a certain answer. */
export function outstanding(payment: Payment): InstructionName[] {
  const { parts } = payment.standing;
  if (isFinal(payment.state) && !['returning', 'withdrawing'].includes(parts.source)) return [];
  return (Object.keys(WAITED_FOR) as (keyof Parts)[]).flatMap((part) => {
    const waited: Partial<Record<string, InstructionName>> = WAITED_FOR[part];
    return waited[parts[part]] ?? [];
  });
}

/** The facts about terms that the clock has brought. */
export function clockFacts(payment: Payment, now: Date): FactName[] {
  const facts: FactName[] = [];
  const past = (instant: Date | null): boolean => instant !== null && now.getTime() > instant.getTime();
  if (payment.state === 'HELD') {
    if (past(startBy(payment))) facts.push('start_overdue');
    else if (past(reviewUntil(payment))) facts.push('review_overdue');
  }
  if (!payment.standing.marginTold && past(marginFrom(payment))) facts.push('hold_margin_reached');
  return facts;
}

/** When too little will be left on the hold: before the credit it is released then, after it somebody is told. */
function marginTerm(payment: Payment): Date[] {
  const margin = payment.standing.marginTold ? null : marginFrom(payment);
  return margin === null ? [] : [margin];
}

function reviewUntil(payment: Payment): Date {
  return new Date(Date.parse(payment.standing.since) + REVIEW_KEEPS_RESERVATION_MS);
}

/** When a new payment is looked at for the first time. */
export function firstDue(now: Date, plan: AskingPlan): Date {
  return new Date(now.getTime() + plan.firstMs);
}

/**
 * The `due` after facts: none once nothing is waited for, sooner where a review's term ends, else as it was. It is left
 * alone while a payment moves, so that its row keeps its place in the index; asking early costs one answer.
 */
export function dueAfterFacts(payment: Payment, now: Date, plan: AskingPlan): Date | null {
  if (isFinal(payment.state) && outstanding(payment).length === 0) return null;
  if (payment.due === null) return firstDue(now, plan);
  if (payment.state !== 'HELD') return payment.due;
  const terms = [startBy(payment), reviewUntil(payment)].map((term) => term.getTime() + 1);
  return new Date(Math.min(payment.due.getTime(), ...terms));
}

/** The `due` after asking again: growing waits, and no later than the next term. */
export function dueAfterAsking(payment: Payment, now: Date, plan: AskingPlan): Date | null {
  if (isFinal(payment.state) && outstanding(payment).length === 0) return null;
  const terms = payment.state === 'HELD' ? [startBy(payment), reviewUntil(payment)] : marginTerm(payment);
  const ahead = terms.map((term) => term.getTime() + 1).filter((term) => term > now.getTime());
  return new Date(Math.min(dueAfterAsks(payment.standing.asks, now, plan).getTime(), ...ahead));
}

/** The next `due` after having asked so often before. */
export function dueAfterAsks(asks: number, now: Date, plan: AskingPlan): Date {
  const doublings = Math.min(asks, MOST_DOUBLINGS);
  return new Date(now.getTime() + Math.min(plan.firstMs * 2 ** doublings, plan.longestMs));
}
