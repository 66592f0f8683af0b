import type { Journal, PaymentCase } from '../advance-payment';
import { caseAbout } from '../case-about';
import type { Payment } from '../payment';
import type { RefundNote } from '../payment-change';
import { refundInstructionId, type Refund } from './refund';
import type { RefundFact, RefundInstruction } from './refund-fact';
import { refundStatusOf } from './refund-state';
import { answerToRefund, type RefundCaseKind, type RefundRow } from './refund-table';

/** One refund on its way through one transaction; its changes go into its payment's journal. */
export interface RefundInHand {
  refund: Refund;
  /** The payment, which is locked: its history tells what becomes of the refund. */
  payment: Payment;
  journal: Journal;
  instructions: RefundInstruction[];
  /** Whether the refund's row has to be written, be it only for a version. */
  touched: boolean;
}

/**
 * Takes one fact into a refund through its table: the only code that assigns its state. A fact whose version is not above
 * the last one of its part is a repeat and changes nothing.
 */
export function advanceRefund(hand: RefundInHand, fact: RefundFact, now: Date): void {
  const { refund } = hand;
  const { part, version } = fact;
  if (part !== undefined && version !== undefined) {
    if (version <= (refund.standing.versions[part] ?? 0)) return;
    refund.standing.versions[part] = version;
    hand.touched = true;
  }
  const row = answerToRefund(refund.state, fact.name);
  const from = refund.state;
  if (row.opens !== null) hand.journal.cases.push(caseOf(hand, row.opens, fact, now));
  if (row.opens !== null) hand.journal.touched = true;
  if (row.answer !== 'move') return;
  refund.state = row.to ?? from;
  remember(refund, fact);
  if (row.instruct !== null) hand.instructions.push(row.instruct);
  note(hand, from, row, fact, now);
  hand.touched = true;
}

/** The reason is kept while it is the last word: a refund that completes after all has none. */
function remember({ standing, state }: Refund, fact: RefundFact): void {
  standing.mid = fact.mid ?? standing.mid;
  const last = refundStatusOf(state);
  standing.reason = last === 'refused' || last === 'failed' ? (fact.reason ?? null) : null;
}

/** A change in the payment's own history: the payment stays as it is. */
function note(hand: RefundInHand, from: Refund['state'], row: RefundRow, fact: RefundFact, at: Date): void {
  const { refund, payment, journal } = hand;
  const part = row.instruct === 'fund' || fact.part === 'fund' ? 'fund' : 'send';
  const { source, target, rule, returnId } = refund.order;
  const { mid } = refund.standing;
  const refundNote: RefundNote = { id: refund.id, from, to: refund.state, source, target, rule, mid, returnId };
  journal.changes.push({
    fact: factOf(fact),
    from: payment.state,
    to: payment.state,
    at,
    instructionId: refundInstructionId(refund.id, part),
    network: payment.order.sourceNetwork,
    ...(payment.standing.counterparty === null ? {} : { counterparty: payment.standing.counterparty }),
    amount: part === 'fund' ? target : source,
    ...(fact.reason === undefined ? {} : { reason: fact.reason }),
    ...(row.money === null ? {} : { money: row.money }),
    refund: refundNote,
  });
  journal.touched = true;
}

/** In a payment's history a refund's facts say whose they are. */
function factOf({ name }: RefundFact): string {
  return name === 'refund_requested' ? name : `refund_${name}`;
}

function caseOf({ refund, payment }: RefundInHand, kind: RefundCaseKind, fact: RefundFact, at: Date): PaymentCase {
  const { part, reason, version } = fact;
  const object = { name: 'refund', id: refund.id, state: refund.state, amount: refund.order.source } as const;
  const instructionId = part === undefined ? null : refundInstructionId(refund.id, part);
  return caseAbout(payment, object, { kind, fact: factOf(fact), instructionId, reason, version }, at);
}
