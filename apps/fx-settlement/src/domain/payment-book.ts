import type { Money } from '@gateway/money';
import { FACT_RULES } from './booking-rules';
import type { Funding, MoneyEffect } from './booking-rules';
import { linesOf } from './booking';
import type { BookingLine, PartyAccounts } from './booking';
import type { RoleCodes } from './chart-of-accounts';
import { WALLET_ROLES } from './chart-of-accounts';
import { isOnTargetSide, settlementItemOf } from './settlement-item';
import type { BookedRefund } from './refund-book';
import type { SettlementItem } from './settlement-item';

/** The amounts of a payment, as its signed offer says them. The ledger computes nothing. */
export interface OfferAmounts {
  readonly principal: Money;
  readonly fee: Money;
  readonly target: Money;
  readonly atMid: Money;
}

/** A network as the books need it. */
export interface NetworkAccounts {
  readonly id: string;
  readonly roles: RoleCodes;
}

/** What the books know of one payment before a fact. */
export interface PaymentBook {
  readonly paymentId: string;
  readonly partnerId: string;
  readonly funding: Funding;
  readonly sourceNetwork: NetworkAccounts;
  readonly targetNetwork: NetworkAccounts;
  /** Who owes us on the payer's side, once the funding fact has said it. */
  readonly sourceParty: string | undefined;
  readonly amounts: OfferAmounts;
}

/** One fact of a payment that moves money. */
export interface MoneyFact {
  readonly effect: MoneyEffect;
  /** The leg it is about; part of the booking's natural key. */
  readonly legId: string;
  /** Who owes or is owed on that leg; the network itself where the fact names nobody. */
  readonly counterparty: string | undefined;
  /** What the network confirmed, where the fact says so. */
  readonly confirmed: Money | undefined;
  readonly at: Date;
}

/** What a fact adds to the books. */
export interface Posting {
  readonly code: MoneyEffect | 'balance_topped_up';
  readonly legId: string;
  /** The network of the leg, and its counterparty there. */
  readonly network: string;
  readonly party: string;
  readonly lines: readonly BookingLine[];
  readonly at: Date;
  readonly item: SettlementItem | undefined;
  /** Of a funded refund: what it took. */
  readonly refund?: BookedRefund;
  /** Of a refund that is withdrawn: what it had taken, and gives back. */
  readonly withdrawn?: BookedRefund;
  /** Of a funded refund, and of one that is withdrawn: whether a credit that came back funds it. */
  readonly isFromReturn?: boolean;
}

/** A fact that cannot be booked. It is kept for a person and nothing is guessed. */
export class UnbookableFact extends Error {
  constructor(
    readonly paymentId: string,
    readonly effect: string,
    why: string,
  ) {
    super(`${effect} of ${paymentId} cannot be booked: ${why}`);
  }
}

/** Books one fact: its lines and its settlement item. Throws UnbookableFact where the fact contradicts the offer. */
export function post(book: PaymentBook, fact: MoneyFact): Posting {
  const rules = FACT_RULES[book.funding][fact.effect];
  if (rules === undefined) {
    throw new UnbookableFact(book.paymentId, fact.effect, `a ${book.funding} source has no such effect`);
  }
  const amount = amountOf(book, fact);
  const parties = partiesOf(book, fact);
  const [party, network] = isOnTargetSide(fact.effect)
    ? [parties.target, book.targetNetwork.id]
    : [parties.source, book.sourceNetwork.id];
  return {
    code: fact.effect,
    legId: fact.legId,
    network,
    party: party.name,
    lines: linesOf(
      rules,
      { ...namedAmounts(isOfReturn(fact) ? { ...book.amounts, target: amount } : book.amounts), gross: amount },
      parties,
    ),
    at: fact.at,
    item: settlementItemOf(fact, amount, party, network),
  };
}

/** What can be over a part of what the offer says: credits that came back, and what the payer has got back. */
const IN_PARTS: ReadonlySet<MoneyEffect> = new Set([
  'credit_returned',
  'return_corrected',
  'return_kept',
  'source_taken_back',
  'take_back_settled',
  'return_confirmed',
]);

/** What the fact moves: what the offer says, or what was given back, to us or to the payer, which can be a part of it. */
function amountOf(book: PaymentBook, fact: MoneyFact): Money {
  const expected = isOnTargetSide(fact.effect) ? book.amounts.target : totalOf(book.amounts);
  const { confirmed } = fact;
  if (confirmed === undefined || confirmed.equals(expected)) return expected;
  const isPart =
    IN_PARTS.has(fact.effect) &&
    confirmed.currency.code === expected.currency.code &&
    confirmed.isPositive &&
    confirmed.compare(expected) < 0;
  if (isPart) return confirmed;
  throw new UnbookableFact(book.paymentId, fact.effect, 'another amount than the offer says');
}

/** A credit that came back, and what it became. */
function isOfReturn({ effect }: MoneyFact): boolean {
  return effect === 'credit_returned' || effect === 'return_corrected' || effect === 'return_kept';
}

/** What the payer pays: the converted principal and the fee on top of it. */
export function totalOf(amounts: OfferAmounts): Money {
  return amounts.principal.plus(amounts.fee);
}

type NamedAmounts = Record<'total' | 'principal' | 'fee' | 'atMid' | 'spread' | 'target', Money>;

function namedAmounts(amounts: OfferAmounts): NamedAmounts {
  const spread = amounts.principal.minus(amounts.atMid);
  return { ...amounts, total: totalOf(amounts), spread };
}

function partiesOf(book: PaymentBook, fact: MoneyFact): Record<'source' | 'target' | 'partner', PartyAccounts> {
  const named = fact.counterparty;
  const onTarget = isOnTargetSide(fact.effect);
  const source = book.sourceParty ?? (onTarget ? undefined : named) ?? book.sourceNetwork.id;
  const target = (onTarget ? named : undefined) ?? book.targetNetwork.id;
  return {
    source: { name: source, roles: book.sourceNetwork.roles },
    target: { name: target, roles: book.targetNetwork.roles },
    partner: { name: book.partnerId, roles: WALLET_ROLES },
  };
}
