import type { LimitKey } from '../../apps/fx-settlement/src/domain/limit-board';
import type { BookedRefund } from '../../apps/fx-settlement/src/domain/refund-book';
import type { QuoteTerms, Reservation } from '../../apps/fx-settlement/src/domain/reservation';
import type { SpendingLimit } from '../../apps/fx-settlement/src/domain/spending-limit';
import { AnswerCommands } from '../../apps/fx-settlement/src/use-cases/answer-commands';
import { KeepBooks, ReservationStores } from '../../apps/fx-settlement/src/use-cases/keep-books';
import type { LedgerStore, PlacedPosting } from '../../apps/fx-settlement/src/use-cases/ledger-store';
import { NetworkDirectory } from '../../apps/fx-settlement/src/use-cases/network-directory';
import { PostFacts } from '../../apps/fx-settlement/src/use-cases/post-facts';
import type { QuoteStore, StopStore } from '../../apps/fx-settlement/src/use-cases/quote-store';
import type { LimitStore, ReservationStore } from '../../apps/fx-settlement/src/use-cases/reservation-store';
import type { Rate } from '@gateway/money';
import type { Clock } from '@gateway/platform';

/** The two networks as their descriptions name their accounts. */
const NETWORKS = [
  { id: 'applepay', currency: 'USD', accounts: { receivable: '1100', hold: '1110', float: '1250' } },
  { id: 'alipay', currency: 'CNY', accounts: { receivable: '1150', hold: '1110', float: '1200' } },
];
const PLENTY = 1_000_000_000n;

/** fx-settlement's use cases over tables in memory: the desk, its limits, the ledger and the settlement items. */
export class MemoryBooks {
  /** Every booking that was appended, in order. */
  readonly booked: PlacedPosting[] = [];
  readonly reservations = new Map<string, Reservation>();
  readonly limits = new Map<string, SpendingLimit>();
  readonly keep: KeepBooks;
  private readonly keys = new Set<string>();
  private user: string | undefined;

  /** `balance` is what the partner has placed with us, and `mid` the rate of the moment. */
  constructor(
    clock: Clock,
    private readonly terms: QuoteTerms,
    private readonly balance: bigint,
    mid: () => Rate,
  ) {
    const quotes = this.quoteTable();
    const stops: StopStore = { recent: async () => [], start: async () => true, lift: async () => true };
    this.keep = new KeepBooks(
      quotes,
      new ReservationStores(this.reservationTable(), this.limitTable()),
      new AnswerCommands(quotes, stops, { mid: async () => mid() }),
      new PostFacts(this.ledgerTable(), new NetworkDirectory(NETWORKS)),
      clock,
    );
  }

  /** By account and currency, debits positive. */
  balances(): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const { account, minor } of this.booked.flatMap(({ posting }) => posting.lines)) {
      for (const name of [`${account.code} ${account.currency}`, nameOfOwn(account)]) {
        sums.set(name, (sums.get(name) ?? 0n) + minor);
      }
    }
    return sums;
  }

  private quoteTable(): QuoteStore {
    const uses = (): Map<string, string> =>
      new Map(this.user === undefined ? [] : [[this.terms.quoteId, this.user] as const]);
    return {
      insert: async () => undefined,
      termsOf: async (ids) => new Map(ids.includes(this.terms.quoteId) ? [[this.terms.quoteId, this.terms]] : []),
      markUsed: async ([first]) => {
        this.user ??= first?.paymentId;
        return uses();
      },
      usesOf: async () => uses(),
    };
  }

  private reservationTable(): ReservationStore {
    return {
      lockOf: async () => [...this.reservations.values()],
      save: async (changed) => {
        for (const one of changed) this.reservations.set(one.instructionId, one);
      },
    };
  }

  private limitTable(): LimitStore {
    return {
      lock: async (needed) => needed.map((key) => this.limitOf(key)),
      save: async () => undefined,
    };
  }

  private limitOf(key: LimitKey): SpendingLimit {
    const name = `${key.kind} ${key.subject} ${key.currency}`;
    const ceiling = key.kind === 'partner_balance' ? this.balance : PLENTY;
    const limit = this.limits.get(name) ?? { ...key, id: BigInt(this.limits.size), ceiling, reserved: 0n, used: 0n };
    this.limits.set(name, limit);
    return limit;
  }

  private ledgerTable(): LedgerStore {
    return {
      sourceParties: async () => this.sourceParties(),
      refundsOf: async () => this.refundsBooked(),
      append: async (postings) => {
        const fresh = postings.filter((placed) => {
          const key = `${placed.paymentId} ${placed.posting.code} ${placed.posting.legId}`;
          const isNew = !this.keys.has(key);
          this.keys.add(key);
          return isNew;
        });
        this.booked.push(...fresh);
        return fresh;
      },
      addToBalances: async () => undefined,
    };
  }

  private sourceParties(): Map<string, string> {
    const funded = this.booked.filter(
      ({ posting }) => posting.code === 'hold_funded' || posting.code === 'collection_funded',
    );
    return new Map(funded.map(({ paymentId, posting }) => [paymentId, posting.party]));
  }

  private refundsBooked(): Map<string, BookedRefund[]> {
    const all = new Map<string, BookedRefund[]>();
    for (const { paymentId, posting } of this.booked) {
      const { refund = posting.withdrawn } = posting;
      if (refund === undefined) continue;
      const others = (all.get(paymentId) ?? []).filter(({ refundId }) => refundId !== refund.refundId);
      all.set(paymentId, [...others, refund]);
    }
    return all;
  }
}

function nameOfOwn({ code, counterparty, currency }: { code: string; counterparty: string; currency: string }): string {
  return `${code} ${counterparty} ${currency}`;
}
