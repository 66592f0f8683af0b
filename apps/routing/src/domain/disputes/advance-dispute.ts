import type { DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import type { Journal, PaymentCase } from '../advance-payment';
import { caseAbout } from '../case-about';
import type { Payment } from '../payment';
import type { DisputeNote } from '../payment-change';
import { answerIdOf, type Dispute } from './dispute';
import type { DisputeFact, DisputeFactName } from './dispute-fact';
import { answerToDispute, type DisputeAnswer, type DisputeCaseKind, type DisputeRow } from './dispute-table';

/** One dispute on its way through one transaction; its changes go into its payment's journal. */
export interface DisputeInHand {
  dispute: Dispute;
  /** The payment, which is locked: its history tells what becomes of the dispute. */
  payment: Payment;
  journal: Journal;
  /** Whether the network is to be told our answer. */
  answers: boolean;
  /** Whether its row has to be written, be it only for a version. */
  touched: boolean;
}

/**
 * Takes one fact into a dispute through its table: the only code that assigns its state. A fact whose version is not
 * above the last one of its part is a repeat and changes nothing. Answers whether it moved.
 */
export function advanceDispute(hand: DisputeInHand, fact: DisputeFact, now: Date): boolean {
  const { dispute } = hand;
  if (!isNews(hand, fact)) return false;
  const row = answerToDispute(dispute.state, fact.name);
  const from = dispute.state;
  if (row.opens !== null) {
    hand.journal.cases.push(caseOf(hand, row.opens, fact, now));
    hand.journal.touched = true;
  }
  if (row.answer !== 'move') return false;
  dispute.state = row.to ?? from;
  dispute.standing.reason = isRefusal(fact.name) ? (fact.reason ?? 'OTHER') : null;
  if (row.instruct !== null) beginAnswer(hand, row.instruct);
  note(hand, from, row, fact, now);
  hand.touched = true;
  return true;
}

/** Evidence is given: by the partner, or by the gateway out of what it knows. Answers whether the dispute took it. */
export function giveEvidence(
  hand: DisputeInHand,
  given: Pick<Dispute['standing'], 'answeredBy' | 'requestedBy'> & { evidence: DisputeEvidence },
  now: Date,
): boolean {
  return give(hand, 'evidence_given', given, now);
}

/** The partner lets it stand. */
export function giveAcceptance(hand: DisputeInHand, requestedBy: string, now: Date): boolean {
  return give(hand, 'acceptance_given', { evidence: null, answeredBy: 'partner', requestedBy }, now);
}

function give(
  hand: DisputeInHand,
  name: 'evidence_given' | 'acceptance_given',
  given: Pick<Dispute['standing'], 'evidence' | 'answeredBy' | 'requestedBy'>,
  now: Date,
): boolean {
  if (answerToDispute(hand.dispute.state, name).answer !== 'move') return false;
  Object.assign(hand.dispute.standing, given);
  return advanceDispute(hand, { name }, now);
}

/** What the network says of the deadline holds whatever it says of the rest. */
export function noteDeadline(hand: DisputeInHand, dueBy: string | null): void {
  const { standing } = hand.dispute;
  if (dueBy === null || dueBy === standing.dueBy) return;
  standing.dueBy = dueBy;
  hand.touched = true;
}

/** A further attempt has an id and outcomes of its own. */
function beginAnswer(hand: DisputeInHand, answer: DisputeAnswer): void {
  const { standing } = hand.dispute;
  standing.answer = answer;
  standing.attempt += 1;
  delete standing.versions.answer;
  hand.answers = true;
}

function isNews(hand: DisputeInHand, { part, version }: DisputeFact): boolean {
  if (part === undefined || version === undefined) return true;
  const { versions } = hand.dispute.standing;
  if (version <= (versions[part] ?? 0)) return false;
  versions[part] = version;
  hand.touched = true;
  return true;
}

function isRefusal(name: DisputeFactName): boolean {
  return name === 'represent_refused' || name === 'accept_refused';
}

/** A change in the payment's own history: the payment stays as it is. */
function note(hand: DisputeInHand, from: Dispute['state'], row: DisputeRow, fact: DisputeFact, at: Date): void {
  const { dispute, payment, journal } = hand;
  const { order } = dispute;
  const { counterparty } = payment.standing;
  journal.changes.push({
    fact: `dispute_${fact.name}`,
    from: payment.state,
    to: payment.state,
    at,
    instructionId: legOf(dispute, row, fact),
    network: payment.order.sourceNetwork,
    amount: order.amount,
    ...(counterparty === null ? {} : { counterparty }),
    ...(fact.reason === undefined ? {} : { reason: fact.reason }),
    ...(row.money === null ? {} : { money: row.money }),
    dispute: noteOf(dispute, from, fact),
  });
  journal.touched = true;
}

function noteOf({ id, order, state, standing }: Dispute, from: Dispute['state'], fact: DisputeFact): DisputeNote {
  const { fee, liability, authentication } = order;
  const { answeredBy, evidence } = standing;
  const given = fact.name === 'evidence_given' ? { answeredBy, evidence } : { answeredBy: null, evidence: null };
  return { id, from, to: state, fee, liability, authentication, ...given };
}

/** What a fact is about: our answer, or the dispute itself, which is the leg of its bookings. */
function legOf(dispute: Dispute, row: DisputeRow, fact: DisputeFact): string {
  const isOfAnswer = fact.part === 'answer' || row.instruct !== null;
  return (isOfAnswer ? answerIdOf(dispute) : null) ?? dispute.id;
}

function caseOf({ dispute, payment }: DisputeInHand, kind: DisputeCaseKind, fact: DisputeFact, at: Date): PaymentCase {
  const { part, reason, version, detail } = fact;
  const { amount, category, liability } = dispute.order;
  const object = { name: 'dispute', id: dispute.id, state: dispute.state, amount } as const;
  const told = {
    kind,
    fact: `dispute_${fact.name}`,
    instructionId: part === 'answer' ? answerIdOf(dispute) : null,
    reason,
    version,
    more: { category, liability: liability.bearer, due_by: dispute.standing.dueBy, ...detail },
  };
  return caseAbout(payment, object, told, at);
}
