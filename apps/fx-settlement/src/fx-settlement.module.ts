import { MessagingModule } from '@gateway/messaging';
import { PersistenceModule } from '@gateway/persistence';
import { InternalToken, PlatformModule, RandomSource, readConfig, Readiness, Sealer } from '@gateway/platform';
import { Module } from '@nestjs/common';
import type { Provider } from '@nestjs/common';
import { FxSettlementConfig } from './fx-settlement.config';
import { BalanceController } from './inbound/balance.controller';
import { BooksConsumer } from './inbound/books.consumer';
import { BooksController } from './inbound/books.controller';
import { DeskTimers } from './inbound/desk-timers';
import { QuoteController } from './inbound/quote.controller';
import { StopController } from './inbound/stop.controller';
import { AccountIds } from './outbound/account-ids';
import { EcbRateSource } from './outbound/ecb-rate.source';
import { PostgresBookReads } from './outbound/postgres-book.reads';
import { PostgresLatestRate } from './outbound/postgres-latest.rate';
import { PostgresLedgerStore } from './outbound/postgres-ledger.store';
import { PostgresLimitStore } from './outbound/postgres-limit.store';
import { PostgresOfferKeyStore, SealedOfferSigner } from './outbound/postgres-offer-key.store';
import { PostgresPriceList } from './outbound/postgres-price.list';
import { PostgresQuoteStore } from './outbound/postgres-quote.store';
import { PostgresRatePublication } from './outbound/postgres-rate.publication';
import { PostgresReservationStore } from './outbound/postgres-reservation.store';
import { PostgresStopStore } from './outbound/postgres-stop.store';
import { PostgresTopUpStore } from './outbound/postgres-top-up.store';
import { TreasuryRateSource } from './outbound/treasury-rate.source';
import { AnswerCommands } from './use-cases/answer-commands';
import { BookReads } from './use-cases/book-reads';
import { IssueQuote, QuoteIngredients } from './use-cases/issue-quote';
import { KeepBooks, ReservationStores } from './use-cases/keep-books';
import { LatestRate } from './use-cases/latest-rate';
import { LedgerStore } from './use-cases/ledger-store';
import { NetworkDirectory } from './use-cases/network-directory';
import { OfferKeyStore, OfferSigner } from './use-cases/offer-keys';
import { BatchedQuoteIntake } from './use-cases/batched-quote.intake';
import { PostFacts } from './use-cases/post-facts';
import { QuoteIntake, StoreQuotes } from './use-cases/quote-intake';
import { PriceList, QuoteStore, StopStore } from './use-cases/quote-store';
import { RateBoard } from './use-cases/rate-board';
import { RatePublication } from './use-cases/rate-publication';
import { RateSources } from './use-cases/rate-source';
import { LimitStore, ReservationStore } from './use-cases/reservation-store';
import { RotateOfferKeys } from './use-cases/rotate-offer-keys';
import { StopQuoting } from './use-cases/stop-quoting';
import { TopUpBalances } from './use-cases/top-up-balances';
import { TopUpStore } from './use-cases/top-up-store';
import { WatchRates } from './use-cases/watch-rates';

const config = readConfig(FxSettlementConfig);

const COMPARISON_EVERY_MS = 3_600_000;
const KEYS_EVERY_MS = 60_000;
/** ECB publishes on each TARGET day; Easter keeps it away for four days and a part of the fifth. */
const COMPARISON_MAX_AGE_MS = 6 * 86_400_000;

const quoting: Provider[] = [
  {
    provide: Sealer,
    useFactory: (random: RandomSource): Sealer => new Sealer(config.sealKey, random),
    inject: [RandomSource],
  },
  {
    provide: RateSources,
    useFactory: (): RateSources =>
      new RateSources(new TreasuryRateSource(config.pricingLocation()), new EcbRateSource(config.comparisonLocation())),
  },
  {
    provide: RateBoard,
    useFactory: (): RateBoard =>
      new RateBoard({ maxAgeMs: config.rateMaxAgeMs, comparisonMaxAgeMs: COMPARISON_MAX_AGE_MS }),
  },
  {
    provide: DeskTimers,
    useFactory: (rates: WatchRates, keys: RotateOfferKeys, board: RateBoard, readiness: Readiness): DeskTimers =>
      new DeskTimers(rates, keys, board, readiness, {
        pricingMs: config.ratePollMs,
        comparisonMs: COMPARISON_EVERY_MS,
        keysMs: KEYS_EVERY_MS,
      }),
    inject: [WatchRates, RotateOfferKeys, RateBoard, Readiness],
  },
  { provide: RatePublication, useClass: PostgresRatePublication },
  { provide: OfferKeyStore, useClass: PostgresOfferKeyStore },
  { provide: OfferSigner, useClass: SealedOfferSigner },
  { provide: PriceList, useClass: PostgresPriceList },
  { provide: StopStore, useClass: PostgresStopStore },
  { provide: QuoteStore, useClass: PostgresQuoteStore },
  { provide: QuoteIntake, useClass: BatchedQuoteIntake },
  StoreQuotes,
  WatchRates,
  RotateOfferKeys,
  QuoteIngredients,
  IssueQuote,
  StopQuoting,
];

const books: Provider[] = [
  { provide: NetworkDirectory, useFactory: (): NetworkDirectory => new NetworkDirectory(config.networks()) },
  { provide: LimitStore, useFactory: (): PostgresLimitStore => new PostgresLimitStore(config.ceilings()) },
  { provide: ReservationStore, useClass: PostgresReservationStore },
  { provide: LatestRate, useClass: PostgresLatestRate },
  { provide: LedgerStore, useClass: PostgresLedgerStore },
  { provide: TopUpStore, useClass: PostgresTopUpStore },
  TopUpBalances,
  { provide: BookReads, useClass: PostgresBookReads },
  AccountIds,
  ReservationStores,
  AnswerCommands,
  PostFacts,
  KeepBooks,
];

/** fx-settlement: rates and quotes, reservations under limits, and the ledger. */
@Module({
  imports: [
    PlatformModule,
    PersistenceModule.forService(() => ({ url: config.databaseUrl, applicationName: 'fx-settlement' })),
    MessagingModule.forRoot({ service: 'fx-settlement', families: [] }),
  ],
  controllers: [BalanceController, BooksConsumer, BooksController, QuoteController, StopController],
  providers: [{ provide: InternalToken, useValue: config }, ...quoting, ...books],
})
export class FxSettlementModule {}
