import type { Journal, PaymentCase } from '../advance-payment';
import { caseAbout } from '../case-about';
import type { Payment } from '../payment';
import type { Refund } from '../refund/refund';
import { correctionIdOf, giveToPartner, leftOfReturn, type ReturnedCredit } from './returned-credit';
import type { ReturnFact } from './return-fact';
import { answerToReturn, type ReturnCaseKind, type ReturnRow } from './return-table';

/** One returned credit on its way through one transaction; its changes go into its payment's journal. */
export interface ReturnInHand {
  returned: ReturnedCredit;
  /** The payment, which is locked: its history tells what becomes of the return. */
  payment: Payment;
  journal: Journal;
  /** Whether the second credit is to be sent. */
  credits: boolean;
  /** Whether its row has to be written, be it only for a version. */
  touched: boolean;
}

/**
 * Takes one fact into a returned credit through its table: the only code that assigns its state. A fact whose version is
 * not above the last one of its part is a repeat and changes nothing. Answers whether it moved.
 */
export function advanceReturn(hand: ReturnInHand, fact: ReturnFact, now: Date): boolean {
  const { returned } = hand;
  if (!isNews(hand, fact)) return false;
  const row = answerToReturn(returned.state, fact.name);
  const from = returned.state;
  if (row.opens !== null) {
    hand.journal.cases.push(caseOf(hand, row.opens, fact, now));
    hand.journal.touched = true;
  }
  if (row.answer !== 'move') return false;
  returned.state = row.to ?? from;
  returned.standing.reason = returned.state === 'CORRECTION_FAILED' ? (fact.reason ?? 'OTHER') : null;
  hand.credits ||= row.credits;
  note(hand, from, row, fact, now);
  hand.touched = true;
  return true;
}

function isNews(hand: ReturnInHand, { part, version }: ReturnFact): boolean {
  if (part === undefined || version === undefined) return true;
  const { versions } = hand.returned.standing;
  if (version <= (versions[part] ?? 0)) return false;
  versions[part] = version;
  hand.touched = true;
  return true;
}

/** It has become this refund; what the refund does not take is the partner's, whose balance had paid a part before. */
export function turnIntoRefund(hand: ReturnInHand, refund: Pick<Refund, 'id' | 'order'>, now: Date): void {
  const { returned } = hand;
  returned.standing.refundId = refund.id;
  const moved = advanceReturn(hand, { name: 'refund_chosen' }, now);
  const rest = leftOfReturn(returned).minus(refund.order.target);
  if (!moved || !rest.isPositive) return;
  const { state } = returned;
  const leg = giveToPartner(returned, rest);
  noteMoney(hand, { from: state, fact: 'return_rest_kept', money: 'return_kept', amount: rest, leg }, now);
}

/**
 * The refund that it became may not be sent, and nothing of it has moved: the partner chooses anew. The payee can be
 * corrected where that was not tried and the refund would have taken all that came back.
 */
export function reopenAfter(hand: ReturnInHand, refund: Pick<Refund, 'id' | 'order' | 'standing'>, now: Date): void {
  const { returned } = hand;
  if (returned.standing.refundId !== refund.id) return;
  const isWhole = returned.standing.instrument === null && refund.order.target.equals(returned.order.amount);
  const { reason } = refund.standing;
  const name = isWhole ? 'refund_refused' : 'last_refund_refused';
  if (!advanceReturn(hand, { name, ...(reason !== null && { reason }) }, now)) return;
  returned.standing.refundId = null;
}

/** A change in the payment's own history: the payment stays as it is. */
function note(hand: ReturnInHand, from: ReturnedCredit['state'], row: ReturnRow, fact: ReturnFact, at: Date): void {
  const { returned } = hand;
  const isKept = row.money === 'return_kept';
  const amount = isKept ? leftOfReturn(returned) : returned.order.amount;
  const leg = isKept ? giveToPartner(returned, amount) : legOf(returned, fact);
  noteMoney(hand, { from, fact: factOf(fact), money: row.money, amount, leg, because: fact }, at);
}

/** What is noted of a return beside the payment's own state. */
interface Noted {
  from: ReturnedCredit['state'];
  fact: string;
  money: ReturnRow['money'];
  amount: ReturnedCredit['order']['amount'];
  /** The leg that it is about. */
  leg: string;
  because?: Pick<ReturnFact, 'counterparty' | 'reason'>;
}

function noteMoney(hand: ReturnInHand, { from, fact, money, amount, leg, because = {} }: Noted, at: Date): void {
  const { returned, payment, journal } = hand;
  const { counterparty, reason } = because;
  journal.changes.push({
    fact,
    from: payment.state,
    to: payment.state,
    at,
    instructionId: leg,
    network: payment.order.targetNetwork,
    amount,
    ...(counterparty === undefined ? {} : { counterparty }),
    ...(reason === undefined ? {} : { reason }),
    ...(money === null ? {} : { money }),
    returned: { id: returned.id, from, to: returned.state },
  });
  journal.touched = true;
}

/** The leg that a fact is about: the credit that came back first, or the second one. */
function legOf({ id, order }: ReturnedCredit, { name }: ReturnFact): string {
  return name === 'credit_returned' ? order.creditId : correctionIdOf(id);
}

/** In a payment's history a return's facts say whose they are. */
function factOf({ name }: ReturnFact): string {
  return name === 'credit_returned' ? name : `return_${name}`;
}

function caseOf({ returned, payment }: ReturnInHand, kind: ReturnCaseKind, fact: ReturnFact, at: Date): PaymentCase {
  const { reason, version, detail } = fact;
  const object = { name: 'return', id: returned.id, state: returned.state, amount: returned.order.amount } as const;
  return caseAbout(
    payment,
    object,
    {
      kind,
      fact: factOf(fact),
      instructionId: legOf(returned, fact),
      reason,
      version,
      ...(detail && { more: detail }),
    },
    at,
  );
}
