import type { Emitted, InboundRecord, Worked } from '@gateway/messaging';
import { OutboxTransactions } from '@gateway/messaging';
import { isInfrastructureError } from '@gateway/persistence';
import type { Database, Tx } from '@gateway/persistence';
import { SystemClock } from '@gateway/platform';
import { AccountIds } from '../../../apps/fx-settlement/src/outbound/account-ids';
import { PostgresBookReads } from '../../../apps/fx-settlement/src/outbound/postgres-book.reads';
import { PostgresLatestRate } from '../../../apps/fx-settlement/src/outbound/postgres-latest.rate';
import { PostgresLedgerStore } from '../../../apps/fx-settlement/src/outbound/postgres-ledger.store';
import { PostgresLimitStore } from '../../../apps/fx-settlement/src/outbound/postgres-limit.store';
import type { DefaultCeilings } from '../../../apps/fx-settlement/src/outbound/postgres-limit.store';
import { PostgresQuoteStore } from '../../../apps/fx-settlement/src/outbound/postgres-quote.store';
import { PostgresReservationStore } from '../../../apps/fx-settlement/src/outbound/postgres-reservation.store';
import { PostgresStopStore } from '../../../apps/fx-settlement/src/outbound/postgres-stop.store';
import { AnswerCommands } from '../../../apps/fx-settlement/src/use-cases/answer-commands';
import { KeepBooks, ReservationStores } from '../../../apps/fx-settlement/src/use-cases/keep-books';
import { NetworkDirectory } from '../../../apps/fx-settlement/src/use-cases/network-directory';
import { PostFacts } from '../../../apps/fx-settlement/src/use-cases/post-facts';

export const NETWORKS = new NetworkDirectory([
  { id: 'applepay', currency: 'USD', accounts: { receivable: '1100', hold: '1110', float: '1250' } },
  { id: 'alipay', currency: 'CNY', accounts: { receivable: '1150', float: '1200' } },
]);

const PLENTY: DefaultCeilings = { float: 10n ** 15n, exposure: 10n ** 15n, net_debit: 10n ** 15n };

/** The books as one instance of the service keeps them, with a transaction per batch and no broker. */
export class BooksInstance {
  readonly reads: PostgresBookReads;
  private readonly books: KeepBooks;

  constructor(
    readonly database: Database,
    ceilings: Partial<DefaultCeilings> = {},
  ) {
    const quotes = new PostgresQuoteStore();
    const limits = new PostgresLimitStore({ ...PLENTY, ...ceilings });
    this.books = new KeepBooks(
      quotes,
      new ReservationStores(new PostgresReservationStore(), limits),
      new AnswerCommands(quotes, new PostgresStopStore(), new PostgresLatestRate()),
      new PostFacts(new PostgresLedgerStore(new AccountIds()), NETWORKS),
      new SystemClock(),
    );
    this.reads = new PostgresBookReads(database);
  }

  /** One batch in the transaction that somebody else has opened. */
  handle(records: readonly InboundRecord[], tx: Tx): Promise<Emitted> {
    return this.books.handle(records, tx);
  }

  /** One batch; a deadlock or a lock that is not given in time repeats it, as the strategy does. */
  async take(records: readonly InboundRecord[]): Promise<Emitted> {
    for (;;) {
      try {
        return await this.database.transaction((tx) => this.books.handle(records, tx));
      } catch (error) {
        if (!isInfrastructureError(error)) throw error;
      }
    }
  }

  /** The same work, undone at the end: what a process does that dies before its commit. */
  async takeAndDie(records: readonly InboundRecord[]): Promise<void> {
    const died = new Error('died before the commit');
    await this.database
      .transaction(async (tx) => {
        await this.books.handle(records, tx);
        throw died;
      })
      .catch((error: unknown) => {
        if (error !== died) throw error;
      });
  }
}

/** Transactions that keep what they would have published. */
export class KeptTransactions extends OutboxTransactions {
  readonly emitted: Emitted[] = [];

  constructor(private readonly database: Database) {
    super();
  }

  async run<T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T> {
    const { result, emit } = await this.database.transaction(work);
    this.emitted.push(emit);
    return result;
  }
}
