import type { Journal, PaymentCase } from '../advance-payment';
import { caseAbout } from '../case-about';
import type { Payment } from '../payment';
import type { RefundNote } from '../payment-change';
import { movedBy, refundInstructionId, type Refund } from './refund';
import type { RefundFact, RefundInstruction } from './refund-fact';
import type { RefundForbidden } from './check-refund';
import { refundStatusOf } from './refund-state';
import { answerToRefund, type RefundCaseKind, type RefundEffect, type RefundRow } from './refund-table';

/** One refund on its way through one transaction; its changes go into its payment's journal. */
export interface RefundInHand {
  refund: Refund;
  /** The payment, which is locked: its history tells what becomes of the refund. */
  payment: Payment;
  journal: Journal;
  instructions: RefundInstruction[];
  /** Why it may not be sent as things stand under the payment's lock; read when its money is there, or its rate's day. */
  forbidden: RefundForbidden | null;
  /** Whether the refund's row has to be written, be it only for a version. */
  touched: boolean;
}

/**
 * Takes one fact into a refund through its table: the only code that assigns its state. A fact whose version is not above
 * the last one of its part is a repeat and changes nothing.
 */
export function advanceRefund(hand: RefundInHand, told: RefundFact, now: Date): void {
  const { refund } = hand;
  const fact = asTheTableSees(hand, told);
  if (fact === null || !isNews(hand, fact)) return;
  const row = answerToRefund(refund.state, fact.name);
  const from = refund.state;
  if (row.opens !== null) hand.journal.cases.push(caseOf(hand, row.opens, fact, now));
  if (row.opens !== null) hand.journal.touched = true;
  if (row.answer !== 'move') return;
  refund.state = row.to ?? from;
  remember(refund, fact, now);
  if (row.instruct !== null) hand.instructions.push(row.instruct);
  note(hand, from, row, fact, now);
  hand.touched = true;
}

/** Whether the outcome is of an instruction that was certainly refused before the money went elsewhere. */
function isOfFormerAttempt(refund: Refund, { part, instructionId }: RefundFact): boolean {
  return part === 'send' && instructionId !== undefined && instructionId !== refundInstructionId(refund, 'send');
}

function isNews(hand: RefundInHand, { part, version }: RefundFact): boolean {
  if (part === undefined || version === undefined) return true;
  const { versions } = hand.refund.standing;
  if (version <= (versions[part] ?? 0)) return false;
  versions[part] = version;
  hand.touched = true;
  return true;
}

/**
 * Of a former attempt only a success says anything, and has no version among the current one's; what people pay is not
 * sent when it is funded, and nothing is while the payment may not be refunded.
 */
function asTheTableSees({ refund, forbidden }: RefundInHand, told: RefundFact): RefundFact | null {
  if (isOfFormerAttempt(refund, told)) return told.name === 'send_processed' ? { name: 'former_send_processed' } : null;
  if (forbidden !== null) return whereForbidden(told, forbidden);
  const isForPeople = told.name === 'funding_granted' && refund.order.byHand;
  return isForPeople ? { ...told, name: 'funding_granted_by_hand' } : told;
}

/** The rate at which it would have been valued is left out: nothing is. */
function whereForbidden(told: RefundFact, reason: RefundForbidden): RefundFact {
  if (told.name === 'rate_day_come') return { name: 'rate_day_forbidden', reason };
  if (told.name !== 'funding_granted') return told;
  const { part, version } = told;
  return { name: 'funding_granted_forbidden', reason, ...(part && { part }), ...(version && { version }) };
}

/** The reason is kept while it is the last word: a refund that completes after all has none. */
function remember({ standing, state }: Refund, fact: RefundFact, now: Date): void {
  standing.mid = fact.mid ?? standing.mid;
  standing.moved = fact.moved ?? standing.moved;
  standing.owedSince = state === 'OWED' ? (standing.owedSince ?? now.toISOString()) : null;
  if (fact.elsewhere !== undefined) beginElsewhere(standing, fact.elsewhere);
  standing.reason = reasonAfter(standing.reason, state, fact);
}

/** What forbids it is still the reason when its money has been given back. */
function reasonAfter(before: string | null, state: Refund['state'], fact: RefundFact): string | null {
  if (fact.name === 'funding_released') return before;
  const status = refundStatusOf(state);
  const hasOne = status === 'refused' || status === 'failed' || state === 'UNFUNDING';
  return hasOne ? (fact.reason ?? null) : null;
}

/** Another instruction, whose answers' versions begin anew. */
function beginElsewhere(standing: Refund['standing'], elsewhere: NonNullable<RefundFact['elsewhere']>): void {
  standing.elsewhere = { ...elsewhere, attempt: (standing.elsewhere?.attempt ?? 0) + 1 };
  delete standing.versions.send;
  delete standing.versions.contradiction;
}

/** A change in the payment's own history: the payment stays as it is. */
function note(hand: RefundInHand, from: Refund['state'], row: RefundRow, fact: RefundFact, at: Date): void {
  const { refund, payment, journal } = hand;
  const leg = legOf(row, fact);
  const { rule, bearer, returnId } = refund.order;
  const { source, target } = movedBy(refund);
  const { mid } = refund.standing;
  const refundNote: RefundNote = { id: refund.id, from, to: refund.state, source, target, rule, bearer, mid, returnId };
  const counterparty = fact.counterparty ?? payment.standing.counterparty;
  journal.changes.push({
    fact: factOf(fact),
    from: payment.state,
    to: payment.state,
    at,
    instructionId: refundInstructionId(refund, leg),
    network: payment.order.sourceNetwork,
    ...(counterparty === null ? {} : { counterparty }),
    amount: leg === 'send' ? source : target,
    ...(fact.reason === undefined ? {} : { reason: fact.reason }),
    ...(row.money === null ? {} : { money: moneyOf(refund, row.money) }),
    refund: refundNote,
  });
  journal.touched = true;
}

/** The instruction that a change is about. */
function legOf(row: RefundRow, { name, part }: RefundFact): RefundInstruction {
  if (row.instruct === 'fund' || row.money === 'refund_withdrawn' || part === 'fund') return 'fund';
  if (name === 'rate_day_forbidden') return 'fund';
  return part === 'unfund' ? 'unfund' : 'send';
}

/** What is sent to another instrument leaves from another account. */
function moneyOf({ standing }: Refund, effect: RefundEffect): RefundEffect {
  return effect === 'refund_sent' && standing.elsewhere !== null ? 'refund_sent_elsewhere' : effect;
}

/** In a payment's history a refund's facts say whose they are. */
function factOf({ name }: RefundFact): string {
  return name.startsWith('refund_') ? name : `refund_${name}`;
}

function caseOf({ refund, payment }: RefundInHand, kind: RefundCaseKind, fact: RefundFact, at: Date): PaymentCase {
  const { part, reason, version, detail } = fact;
  const object = { name: 'refund', id: refund.id, state: refund.state, amount: movedBy(refund).source } as const;
  const instruction = part === 'contradiction' ? 'send' : part;
  const instructionId =
    fact.instructionId ?? (instruction === undefined ? null : refundInstructionId(refund, instruction));
  const told = { kind, fact: factOf(fact), instructionId, reason, version, ...(detail && { more: detail }) };
  return caseAbout(payment, object, told, at);
}
