import type { Payment, Standing } from '../domain/payment';
import type { PaymentState } from '../domain/payment-state';
import type { HistoryEntry } from '../outbound/payment-reader';

/**
 * What is told to nobody but compliance before an officer discloses it: that a payment is reviewed, or why. Nor is a conflict
 * between a network's own words told, which changes nothing of the payment. Two facts of the clock exist in a review alone.
 */
const NOT_TOLD = /^(?:screening_(?:hit|review|rejected)|outcome_contradicted|review_overdue|start_overdue)$/;

/** A review reads as the screening that it is part of; blocked money as the money that was taken. */
const READS_AS: Readonly<Partial<Record<string, PaymentState>>> = { HELD: 'SCREENING', BLOCKED: 'AUTHORISED' };

/**
 * A payment's history without what may not be told (no tipping off). Of a payment that is blocked it ends before that: what
 * follows happens to no payment that is merely under way.
 */
export function disclosed(history: readonly HistoryEntry[]): HistoryEntry[] {
  const blocked = history.findIndex(({ changes }) => changes.some(isBlocking));
  return history
    .slice(0, blocked === -1 ? history.length : blocked + 1)
    .map(({ sequence, changes }) => ({ sequence, changes: untilBlocked(changes).filter(isTold).map(readable) }))
    .filter(({ changes }) => changes.length > 0);
}

type Change = HistoryEntry['changes'][number];

function isBlocking({ money }: Change): boolean {
  return money === 'blocked';
}

function untilBlocked(changes: readonly Change[]): Change[] {
  const blocked = changes.findIndex(isBlocking);
  return changes.slice(0, blocked === -1 ? changes.length : blocked);
}

function isTold({ fact }: Change): boolean {
  return !NOT_TOLD.test(fact);
}

function readable(change: Change): Change {
  return { ...change, from: READS_AS[change.from] ?? change.from, to: READS_AS[change.to] ?? change.to };
}

/** Where a payment stands, for people who do not work for compliance. */
export function undisclosed({ state, standing }: Payment): Pick<Payment, 'state' | 'standing'> {
  const parts = { ...standing.parts, screening: screeningAsTold(standing) };
  if (standing.cause !== 'BLOCKED') return { state: READS_AS[state] ?? state, standing: { ...standing, parts } };
  return { state: 'AUTHORISED', standing: { ...standing, parts, cause: null, reason: null } };
}

/** A match reads like a refusal by a rule once the payment is refused; before, like a screening under way. */
function screeningAsTold({ parts, cause }: Standing): Standing['parts']['screening'] {
  if (parts.screening === 'hit') return cause === 'REJECTED' ? 'rejected' : 'asked';
  return parts.screening === 'review' ? 'asked' : parts.screening;
}
