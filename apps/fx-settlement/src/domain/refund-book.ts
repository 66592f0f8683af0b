import { Money, convert, refundShare } from '@gateway/money';
import type { Rate } from '@gateway/money';
import type { RuleId } from './booking-rules';
import { linesOf } from './booking';
import type { Amounts, BookingLine } from './booking';
import { WALLET_ROLES } from './chart-of-accounts';
import { UnbookableFact } from './payment-book';
import type { PaymentBook, Posting } from './payment-book';
import { isBorneByGateway } from './refund-rule';
import type { RefundTerms } from './refund-rule';
import { settlementItemOf } from './settlement-item';

/** The books' result is measured in this currency. */
const FUNCTIONAL = 'USD';
/** Where a refund's money comes from: what the partner has placed with us. It takes the float's part in the rules. */
export const BALANCE_ACCOUNT = '2120';
/** Where it comes from when the payee's network has given the credit back: the payout obligation is open again. */
export const RETURNED_ACCOUNT = '2050';

/** What a refund's facts mean for the books. */
export const REFUND_EFFECTS = [
  'refund_funded',
  'refund_sent',
  'refund_sent_elsewhere',
  'refund_paid_by_hand',
  'refund_withdrawn',
] as const;
export type RefundEffect = (typeof REFUND_EFFECTS)[number];

/** One fact of a refund that moves money, with both amounts as they move under its rule. */
export interface RefundFact extends RefundTerms {
  readonly effect: RefundEffect;
  readonly refundId: string;
  readonly legId: string;
  /** What the payer gets back. */
  readonly source: Money;
  /** What the payee's side gives for it. */
  readonly target: Money;
  /** The rate at which the refund is valued; absent from facts of refunds that were never funded, which are unbookable. */
  readonly mid: Rate | undefined;
  /** Whether a credit that came back funds it, and not the partner's balance. */
  readonly isFromReturn: boolean;
  /** Who paid, where the payer's network credited another instrument. */
  readonly counterparty: string | undefined;
  readonly at: Date;
}

/** A refund as it was booked: what moved, and how it turned the position. */
export interface BookedRefund extends RefundTerms {
  readonly refundId: string;
  readonly source: Money;
  readonly target: Money;
  readonly mid: Rate;
  /** The share of the payment's mark-up that was given back: nothing where the gateway does not bear the move. */
  readonly spread: Money;
  /** The result in the functional currency; a loss is negative. */
  readonly result: Money;
  /** What left the position in the payer's currency, and what came into it in the other one. */
  readonly positionOut: Money;
  readonly positionIn: Money;
  /** Whether it was given back since: it counts no more against what can be refunded. */
  readonly isWithdrawn: boolean;
}

/**
 * Books a refund that is funded: the payee's side comes from the partner's balance, or out of the credit that came back,
 * into the position, the payer's side
 * leaves it at today's mid. Where the gateway bears the move, its mark-up goes back by share, the last refund takes what is
 * left of it, and the rest is the gateway's result; at the rate of the day nothing is left (B18C).
 */
export function postFundedRefund(
  book: PaymentBook,
  fact: RefundFact,
  known: readonly BookedRefund[],
): { posting: Posting; refund: BookedRefund } {
  const before = known.filter(({ refundId, isWithdrawn }) => refundId !== fact.refundId && !isWithdrawn);
  const refund = bookedOf(book, fact, before);
  return { posting: { ...takenBy(book, fact, refund), refund }, refund };
}

/**
 * Books that a refund is withdrawn which was funded and reached nobody: the mirror of what it took, line by line, at the rate
 * of then, so that both together leave every account as it was. It is read from how it was booked, never valued anew.
 */
export function postWithdrawnRefund(
  book: PaymentBook,
  fact: RefundFact,
  known: readonly BookedRefund[],
): { posting: Posting; refund: BookedRefund } {
  const booked = known.find(({ refundId }) => refundId === fact.refundId);
  if (booked === undefined) throw new UnbookableFact(book.paymentId, fact.effect, 'it was never funded');
  const taken = takenBy(book, fact, booked);
  const lines = taken.lines.map((line) => ({ ...line, minor: -line.minor }));
  const refund = { ...booked, isWithdrawn: true };
  return { posting: { ...taken, lines, withdrawn: refund }, refund };
}

/** What a funded refund takes from the payee's side and the position, by how it was valued. */
function takenBy(book: PaymentBook, fact: RefundFact, refund: BookedRefund): Posting {
  const isFunctional = refund.source.currency.code === FUNCTIONAL;
  const amounts: Amounts = {
    recovered: refund.target,
    refund: refund.source,
    spread: refund.spread,
    atMid: refund.positionOut,
    net: refund.positionIn,
    // B18 debits a loss, its mirror for a payer in another currency credits a gain.
    result: isFunctional ? refund.result.negated() : refund.result,
  };
  const fundingAccount = fact.isFromReturn ? RETURNED_ACCOUNT : BALANCE_ACCOUNT;
  const lines = linesOf([isFunctional ? 'B18' : 'B18K'], amounts, {
    target: { name: book.partnerId, roles: { ...WALLET_ROLES, float: fundingAccount } },
  });
  const { partnerId, targetNetwork } = book;
  return {
    code: fact.effect,
    legId: fact.legId,
    network: targetNetwork.id,
    party: partnerId,
    lines,
    at: fact.at,
    item: undefined,
    isFromReturn: fact.isFromReturn,
  };
}

/** Whose nostro people pay from. */
const BANK = 'settlement_bank';

/** Which booking pays a refund, by who paid it. */
const PAID_BY: Readonly<Record<Exclude<RefundEffect, 'refund_funded' | 'refund_withdrawn'>, RuleId>> = {
  refund_sent: 'B18P',
  refund_sent_elsewhere: 'B43',
  refund_paid_by_hand: 'B44',
};

/**
 * Books a refund that was paid: the claim on the payer's network goes down, or its float where another instrument was
 * credited, with the settlement item; or our bank account, where people have paid.
 */
export function postPaidRefund(book: PaymentBook, fact: RefundFact & { effect: keyof typeof PAID_BY }): Posting {
  const { roles } = book.sourceNetwork;
  const collects = book.sourceParty ?? book.sourceNetwork.id;
  const names = {
    refund_sent: collects,
    refund_sent_elsewhere: fact.counterparty ?? book.sourceNetwork.id,
    refund_paid_by_hand: BANK,
  };
  const party = { name: names[fact.effect], roles };
  const bank = { name: BANK, roles };
  const lines: readonly BookingLine[] = linesOf(
    [PAID_BY[fact.effect]],
    { refund: fact.source },
    { source: party, bank },
  );
  return {
    code: fact.effect,
    legId: fact.legId,
    network: book.sourceNetwork.id,
    party: party.name,
    lines,
    at: fact.at,
    item: settlementItemOf({ effect: fact.effect, at: fact.at }, fact.source, party, book.sourceNetwork.id),
  };
}

function bookedOf(book: PaymentBook, fact: RefundFact, before: readonly BookedRefund[]): BookedRefund {
  const { mid, source, target, refundId, rule, bearer } = fact;
  if (mid === undefined) throw new UnbookableFact(book.paymentId, fact.effect, 'no rate to value it at');
  const spread = spreadOf(book, fact, before);
  const kept = source.minus(spread);
  const shared = { refundId, source, target, rule, bearer, mid, spread, isWithdrawn: false };
  if (source.currency.code === FUNCTIONAL) {
    const positionOut = convert(target, mid);
    return { ...shared, positionOut, positionIn: target, result: positionOut.minus(kept) };
  }
  if (target.currency.code === FUNCTIONAL) {
    const positionIn = convert(kept, mid);
    return { ...shared, positionOut: kept, positionIn, result: target.minus(positionIn) };
  }
  throw new UnbookableFact(book.paymentId, fact.effect, `neither side is in ${FUNCTIONAL}`);
}

/**
 * The share of the mark-up by what went back to the payer before at the gateway's cost; refuses more than the payment on
 * either side, whatever the rule.
 */
function spreadOf(book: PaymentBook, fact: RefundFact, before: readonly BookedRefund[]): Money {
  const { principal, atMid, target } = book.amounts;
  const sum = (of: (refund: BookedRefund) => Money, zero: Money): Money =>
    before.reduce((all, refund) => all.plus(of(refund)), zero);
  const refundedBefore = sum((refund) => refund.source, Money.zero(principal.currency));
  const recovered = sum((refund) => refund.target, fact.target);
  const isAbove = refundedBefore.plus(fact.source).compare(principal) > 0 || recovered.compare(target) > 0;
  if (isAbove) throw new UnbookableFact(book.paymentId, fact.effect, 'refunds exceed the payment');
  if (!isBorneByGateway(fact)) return Money.zero(principal.currency);
  const ours = before.filter(isBorneByGateway);
  const [backBefore, spreadBefore] = [ours.map(({ source }) => source), ours.map(({ spread }) => spread)].map((list) =>
    list.reduce((all, one) => all.plus(one), Money.zero(principal.currency)),
  ) as [Money, Money];
  return refundShare(principal, principal.minus(atMid), spreadBefore, {
    refundedBefore: backBefore,
    refundNow: fact.source,
  });
}
