import { Money } from '@gateway/money';
import type { RuleId } from './booking-rules';
import { linesOf, type PartyAccounts } from './booking';
import { WALLET_ROLES } from './chart-of-accounts';
import { totalOf, UnbookableFact, type PaymentBook, type Posting } from './payment-book';
import { settlementItemOf } from './settlement-item';

/** Where a partner's share of what is settled stands until it is netted. */
const PARTNER_ACCOUNT = '2100';

/** One fact of a dispute that moves money. */
export interface DisputeFact {
  readonly effect: 'dispute_opened' | 'dispute_won' | 'dispute_lost';
  /** The dispute itself is the leg: a payment can have several. */
  readonly legId: string;
  /** What the network took back: of the payment's total, fee included. */
  readonly gross: Money;
  /** What the acquirer charges for the dispute; it stays charged, however it ends. */
  readonly fee: Money | undefined;
  /** Who bears it when it is lost. */
  readonly liability: 'partner' | 'gateway';
  readonly at: Date;
}

/**
 * Books a dispute: the network takes the money first (B22), and gives it back where the dispute is won (B23W); where it is
 * lost, the partner owes it to us by netting (B23R) or it is our loss (B23L). The payee's side is not touched.
 */
export function postDispute(book: PaymentBook, fact: DisputeFact): Posting {
  const { effect, gross } = fact;
  const total = totalOf(book.amounts);
  if (gross.currency.code !== total.currency.code || !gross.isPositive || gross.compare(total) > 0) {
    throw new UnbookableFact(book.paymentId, effect, 'more is disputed than was paid');
  }
  const fee = fact.fee ?? Money.zero(gross.currency);
  if (fee.currency.code !== gross.currency.code) {
    throw new UnbookableFact(book.paymentId, effect, 'its fee is in another currency');
  }
  const source: PartyAccounts = {
    name: book.sourceParty ?? book.sourceNetwork.id,
    roles: book.sourceNetwork.roles,
  };
  const partner: PartyAccounts = { name: book.partnerId, roles: { ...WALLET_ROLES, receivable: PARTNER_ACCOUNT } };
  const party = effect === 'dispute_lost' && fact.liability === 'partner' ? partner : source;
  return {
    code: effect,
    legId: fact.legId,
    network: book.sourceNetwork.id,
    party: party.name,
    lines: linesOf([ruleOf(fact)], { gross, fee }, { source, partner }),
    at: fact.at,
    item: itemOf(book, fact, party, effect === 'dispute_opened' ? gross.plus(fee) : gross),
  };
}

function ruleOf({ effect, liability }: DisputeFact): RuleId {
  if (effect === 'dispute_opened') return 'B22';
  if (effect === 'dispute_won') return 'B23W';
  return liability === 'partner' ? 'B23R' : 'B23L';
}

function itemOf(book: PaymentBook, fact: DisputeFact, party: PartyAccounts, amount: Money): Posting['item'] {
  if (fact.effect === 'dispute_lost' && fact.liability === 'gateway') return undefined;
  return settlementItemOf(fact, amount, party, book.sourceNetwork.id);
}
