import type { AmountOnWire } from '@gateway/contracts/contract';
import type { PaymentChange, PaymentEvent } from '@gateway/contracts/payments.payment.events.v1';
import type { InboundRecord } from '@gateway/messaging';
import { Money, Rate } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { MoneyEffect } from '../domain/booking-rules';
import { UnbookableFact, post } from '../domain/payment-book';
import { postDispute, type DisputeFact } from '../domain/dispute-book';
import type { MoneyFact, PaymentBook, Posting } from '../domain/payment-book';
import { REFUND_EFFECTS, postFundedRefund, postPaidRefund, postWithdrawnRefund } from '../domain/refund-book';
import type { BookedRefund, RefundEffect, RefundFact } from '../domain/refund-book';
import type { QuoteTerms } from '../domain/reservation';
import { LedgerStore } from './ledger-store';
import type { PlacedPosting } from './ledger-store';
import { NetworkDirectory } from './network-directory';

const FUNDING: ReadonlySet<MoneyEffect> = new Set(['hold_funded', 'collection_funded']);

/** What a refund takes from the partner, and what it gives back: read with what was booked of it, and of others, before. */
const TOUCHES_BALANCE: ReadonlySet<MoneyEffect | undefined> = new Set(['refund_funded', 'refund_withdrawn']);

/** A change that moves money. */
type MoneyChange = PaymentChange & { readonly money: MoneyEffect };

/** Books the facts of payments, in the order of their history, and nothing else does. */
@Injectable()
export class PostFacts {
  constructor(
    private readonly ledger: LedgerStore,
    private readonly networks: NetworkDirectory,
  ) {}

  /** Appends what these events book and answers what was not there before. Throws UnbookableFact; nothing is guessed. */
  async append(
    events: readonly InboundRecord<PaymentEvent>[],
    terms: ReadonlyMap<string, QuoteTerms>,
    tx: Tx,
  ): Promise<PlacedPosting[]> {
    if (events.length === 0) return [];
    const parties = await this.ledger.sourceParties([...new Set(events.map((event) => event.key))], tx);
    const refunded = events.filter(({ data }) => data.changes.some(({ money }) => TOUCHES_BALANCE.has(money)));
    const refunds =
      refunded.length === 0
        ? new Map<string, BookedRefund[]>()
        : await this.ledger.refundsOf([...new Set(refunded.map((event) => event.key))], tx);
    const postings = events.flatMap((event) => this.postingsOf(event, terms, { parties, refunds }));
    return postings.length === 0 ? [] : this.ledger.append(postings, tx);
  }

  async addToBalances(postings: readonly PlacedPosting[], tx: Tx): Promise<void> {
    if (postings.length > 0) await this.ledger.addToBalances(postings, tx);
  }

  private postingsOf(
    record: InboundRecord<PaymentEvent>,
    terms: ReadonlyMap<string, QuoteTerms>,
    known: KnownOfPayments,
  ): PlacedPosting[] {
    const event = record.data;
    const paymentId = event.payment_id;
    return moneyChangesOf(event).map((change) => {
      const quote = terms.get(event.quote_id);
      if (quote === undefined) throw new UnbookableFact(paymentId, change.money, 'its quote is not one of ours');
      const book = {
        paymentId,
        partnerId: event.partner_id,
        funding: event.funding,
        sourceNetwork: this.networks.accountsOf(event.source_network),
        targetNetwork: this.networks.accountsOf(event.target_network),
        sourceParty: known.parties.get(paymentId),
        amounts: quote.amounts,
      };
      const posting = postingOf(book, change, known.refunds);
      if (FUNDING.has(change.money)) known.parties.set(paymentId, posting.party);
      return { paymentId, partnerId: event.partner_id, stripe: record.partition, posting };
    });
  }
}

/** What earlier bookings say of the payments of a batch; each posting of the batch adds to it. */
interface KnownOfPayments {
  readonly parties: Map<string, string>;
  readonly refunds: Map<string, BookedRefund[]>;
}

function postingOf(book: PaymentBook, change: MoneyChange, refunds: Map<string, BookedRefund[]>): Posting {
  const { money } = change;
  if (money === 'dispute_opened' || money === 'dispute_won' || money === 'dispute_lost')
    return postDispute(book, disputeFactOf(book, change, money));
  if (!isOfRefund(money)) return post(book, factOf(change));
  const fact = refundFactOf(book, change, money);
  if (money !== 'refund_funded' && money !== 'refund_withdrawn')
    return postPaidRefund(book, { ...fact, effect: money });
  const known = refunds.get(book.paymentId) ?? [];
  // A repeat of a booked refund is valued as it was, and then adds nothing.
  const { posting, refund } = (money === 'refund_funded' ? postFundedRefund : postWithdrawnRefund)(book, fact, known);
  refunds.set(book.paymentId, [...known.filter(({ refundId }) => refundId !== fact.refundId), refund]);
  return posting;
}

function isOfRefund(effect: MoneyEffect): effect is RefundEffect {
  return (REFUND_EFFECTS as readonly MoneyEffect[]).includes(effect);
}

/** The changes of an event that the books care about. */
export function moneyChangesOf(event: PaymentEvent): MoneyChange[] {
  return event.changes.filter((change): change is MoneyChange => change.money !== undefined);
}

function refundFactOf(book: PaymentBook, change: MoneyChange, effect: RefundFact['effect']): RefundFact {
  const { refund } = change;
  if (refund === undefined) throw new UnbookableFact(book.paymentId, effect, 'it names no refund');
  const { source_amount: source, target_amount: target } = refund;
  return {
    effect,
    refundId: refund.refund_id,
    legId: change.instruction_id ?? '',
    source: moneyOf(source),
    target: moneyOf(target),
    mid: Rate.parse('USD', 'CNY', refund.mid),
    rule: refund.rule,
    bearer: refund.bearer ?? null,
    isFromReturn: refund.return_id !== undefined,
    counterparty: change.counterparty,
    at: new Date(change.at),
  };
}

function disputeFactOf(book: PaymentBook, change: MoneyChange, effect: DisputeFact['effect']): DisputeFact {
  const { dispute, amount } = change;
  if (dispute === undefined || amount === undefined)
    throw new UnbookableFact(book.paymentId, effect, 'it names no dispute');
  const { fee, liability, dispute_id: legId } = dispute;
  return {
    effect,
    legId,
    gross: moneyOf(amount),
    fee: fee === undefined ? undefined : moneyOf(fee),
    liability,
    at: new Date(change.at),
  };
}

function moneyOf({ amount, currency }: AmountOnWire): Money {
  return Money.of(BigInt(amount), currency);
}

function factOf(change: MoneyChange): MoneyFact {
  return {
    effect: change.money,
    legId: change.instruction_id ?? '',
    counterparty: change.counterparty,
    confirmed: change.amount === undefined ? undefined : moneyOf(change.amount),
    at: new Date(change.at),
  };
}
