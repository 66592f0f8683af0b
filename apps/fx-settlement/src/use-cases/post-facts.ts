import type { PaymentChange, PaymentEvent } from '@gateway/contracts/payments.payment.events.v1';
import type { InboundRecord } from '@gateway/messaging';
import { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { MoneyEffect } from '../domain/booking-rules';
import { UnbookableFact, post } from '../domain/payment-book';
import type { MoneyFact } from '../domain/payment-book';
import type { QuoteTerms } from '../domain/reservation';
import { LedgerStore } from './ledger-store';
import type { PlacedPosting } from './ledger-store';
import { NetworkDirectory } from './network-directory';

const FUNDING: ReadonlySet<MoneyEffect> = new Set(['hold_funded', 'collection_funded']);

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
    const postings = events.flatMap((event) => this.postingsOf(event, terms, parties));
    return postings.length === 0 ? [] : this.ledger.append(postings, tx);
  }

  async addToBalances(postings: readonly PlacedPosting[], tx: Tx): Promise<void> {
    if (postings.length > 0) await this.ledger.addToBalances(postings, tx);
  }

  private postingsOf(
    record: InboundRecord<PaymentEvent>,
    terms: ReadonlyMap<string, QuoteTerms>,
    parties: Map<string, string>,
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
        sourceParty: parties.get(paymentId),
        amounts: quote.amounts,
      };
      const posting = post(book, factOf(change));
      if (FUNDING.has(change.money)) parties.set(paymentId, posting.party);
      return { paymentId, partnerId: event.partner_id, stripe: record.partition, posting };
    });
  }
}

/** The changes of an event that the books care about. */
export function moneyChangesOf(event: PaymentEvent): MoneyChange[] {
  return event.changes.filter((change): change is MoneyChange => change.money !== undefined);
}

function factOf(change: MoneyChange): MoneyFact {
  return {
    effect: change.money,
    legId: change.instruction_id ?? '',
    counterparty: change.counterparty,
    confirmed: change.amount === undefined ? undefined : Money.of(BigInt(change.amount.amount), change.amount.currency),
    at: new Date(change.at),
  };
}
