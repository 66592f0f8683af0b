import type { OfferKeyPublished } from '@gateway/contracts/fx.key.events.v1';
import type { RatePublished } from '@gateway/contracts/fx.rate.events.v1';
import { Rate } from '@gateway/money';
import type { Database } from '@gateway/persistence';
import { Clock, IdSource, Sealer, SystemRandom } from '@gateway/platform';
import { Logger } from '@nestjs/common';
import { compactVerify, importJWK, decodeProtectedHeader } from 'jose';
import type { SourceRate } from '../../../apps/fx-settlement/src/domain/rate-policy';
import {
  PostgresOfferKeyStore,
  SealedOfferSigner,
} from '../../../apps/fx-settlement/src/outbound/postgres-offer-key.store';
import { PostgresPriceList } from '../../../apps/fx-settlement/src/outbound/postgres-price.list';
import { PostgresQuoteStore } from '../../../apps/fx-settlement/src/outbound/postgres-quote.store';
import { PostgresRatePublication } from '../../../apps/fx-settlement/src/outbound/postgres-rate.publication';
import { PostgresStopStore } from '../../../apps/fx-settlement/src/outbound/postgres-stop.store';
import { BatchedQuoteIntake } from '../../../apps/fx-settlement/src/use-cases/batched-quote.intake';
import { IssueQuote, QuoteIngredients } from '../../../apps/fx-settlement/src/use-cases/issue-quote';
import type { IssuedQuote, QuoteRequest } from '../../../apps/fx-settlement/src/use-cases/issue-quote';
import { StoreQuotes } from '../../../apps/fx-settlement/src/use-cases/quote-intake';
import { RateBoard } from '../../../apps/fx-settlement/src/use-cases/rate-board';
import { RateSource, RateSources } from '../../../apps/fx-settlement/src/use-cases/rate-source';
import { RotateOfferKeys } from '../../../apps/fx-settlement/src/use-cases/rotate-offer-keys';
import { StopQuoting } from '../../../apps/fx-settlement/src/use-cases/stop-quoting';
import { WatchRates } from '../../../apps/fx-settlement/src/use-cases/watch-rates';
import { BooksInstance, KeptTransactions, NETWORKS } from './books-instance';
import { makeOwnDatabase } from './own-database';
import type { OwnDatabase } from './own-database';
import { outcomesOf, reserve } from './payment-records';

jest.setTimeout(180_000);
// What the desk says about its sources is proven elsewhere; here it would only fill the screen.
Logger.overrideLogger(false);

/** A clock that a test turns. */
class HandClock extends Clock {
  ms = Date.now();
  nowMs(): number {
    return this.ms;
  }
}

/** A source whose rate a test sets; undefined is an outage. */
class HandSource extends RateSource {
  rate: SourceRate | undefined;
  constructor(readonly name: string) {
    super();
  }
  async fetch(): Promise<SourceRate> {
    if (this.rate === undefined) throw new Error('away');
    return this.rate;
  }
}

/** The quoting desk as one instance of the service has it. */
class Desk {
  readonly transactions: KeptTransactions;
  readonly keys: RotateOfferKeys;
  readonly quotes: IssueQuote;
  readonly rates: WatchRates;
  readonly pricing = new HandSource('treasury');
  readonly comparison = new HandSource('ecb');

  constructor(database: Database, clock: Clock) {
    const sealer = new Sealer(Buffer.alloc(32, 7).toString('base64'), new SystemRandom());
    const ids = new IdSource(clock, new SystemRandom());
    const board = new RateBoard({ maxAgeMs: 60_000, comparisonMaxAgeMs: 86_400_000 });
    this.transactions = new KeptTransactions(database);
    this.keys = new RotateOfferKeys(new PostgresOfferKeyStore(database, sealer), this.transactions, ids, clock);
    const ingredients = new QuoteIngredients(board, new PostgresPriceList(database), this.keys, NETWORKS);
    const store = new StoreQuotes(new PostgresQuoteStore(), new PostgresStopStore());
    const intake = new BatchedQuoteIntake(store, this.transactions);
    this.quotes = new IssueQuote(ingredients, new SealedOfferSigner(database, sealer), intake, ids, clock);
    const sources = new RateSources(this.pricing, this.comparison);
    this.rates = new WatchRates(sources, board, new PostgresRatePublication(), this.transactions, clock);
  }

  published<T>(topic: string): T[] {
    return this.transactions.emitted.flatMap(({ records }) =>
      records.filter(({ contract }) => contract.topic === topic).map(({ data }) => data as T),
    );
  }
}

const request: QuoteRequest = {
  partnerId: 'prt_test',
  sourceNetwork: 'applepay',
  targetNetwork: 'alipay',
  fixedSide: 'source',
  amount: '10000',
  currency: 'USD',
  purpose: 'goods',
};
const refusalOf = (issued: IssuedQuote): string => (issued.ok ? 'issued' : (issued.amountError ?? issued.refusal));

describe('Quoting, on PostgreSQL', () => {
  let own: OwnDatabase;
  let database: Database;
  let clock: HandClock;
  let first: Desk;
  let second: Desk;

  beforeAll(async () => {
    own = await makeOwnDatabase();
    database = await own.connect();
    clock = new HandClock();
    first = new Desk(database, clock);
    second = new Desk(await own.connect(), clock);
  });
  afterAll(() => own.drop());

  const setRates = async (mid: bigint): Promise<void> => {
    for (const desk of [first, second]) {
      desk.pricing.rate = { source: 'treasury', mid: Rate.ofScaled('USD', 'CNY', mid), asOf: clock.now() };
      desk.comparison.rate = { source: 'ecb', mid: Rate.ofScaled('USD', 'CNY', 713_280_000n), asOf: clock.now() };
    }
    await Promise.all([first, second].map((desk) => desk.rates.refreshComparison()));
    await Promise.all([first, second].map((desk) => desk.rates.refreshPricing()));
  };

  it('has no quote before there is a key and a rate', async () => {
    expect(refusalOf(await first.quotes.issue(request))).toBe('RATE_UNAVAILABLE');
  });

  it('makes one first key although two instances start at once, and tells it once', async () => {
    await Promise.all([first.keys.refresh(), second.keys.refresh()]);
    const kid = await first.keys.signing();
    expect(kid).toBeDefined();
    expect(await second.keys.signing()).toBe(kid);
    const told = [first, second].flatMap((desk) => desk.published<OfferKeyPublished>('fx.key.events.v1'));
    expect(told).toHaveLength(1);
    expect(await second.keys.published()).toEqual(told);
  });

  it('publishes a rate once although two instances watch, again when it moved or lost its firmness, and each minute', async () => {
    const published = (): string[] =>
      [first, second]
        .flatMap((desk) => desk.published<RatePublished>('fx.rate.events.v1'))
        .sort((a, b) => a.sequence - b.sequence)
        .map((rate) => `${rate.sequence} ${rate.mid} ${rate.firm}`);
    await setRates(713_280_000n);
    await setRates(713_280_001n);
    expect(published()).toEqual(['1 7.13280000 true']);
    await setRates(713_400_000n);
    await setRates(728_000_000n);
    clock.ms += 60_000;
    await setRates(713_280_000n);
    clock.ms += 60_000;
    await setRates(713_280_000n);
    expect(published()).toEqual([
      '1 7.13280000 true',
      '2 7.13400000 true',
      '3 7.28000000 false',
      '4 7.13280000 true',
      '5 7.13280000 true',
    ]);
  });

  it('signs an offer that the published key proves, printed two seconds short, with every amount on it', async () => {
    const issued = await first.quotes.issue(request);
    if (!issued.ok) throw new Error(issued.refusal);
    const [key] = await second.keys.published();
    const proof = await compactVerify(
      issued.offer,
      await importJWK({ kty: 'OKP', crv: 'Ed25519', x: key?.x ?? '' }, 'EdDSA'),
    );
    expect(proof.protectedHeader).toEqual({ alg: 'EdDSA', kid: key?.kid });
    const claims = JSON.parse(Buffer.from(proof.payload).toString()) as Record<string, unknown>;
    expect(claims).toEqual(issued.claims);
    expect(claims).toMatchObject({
      iss: 'fx-settlement',
      partner_id: 'prt_test',
      source_amount: { amount: '10000', currency: 'USD' },
      fee: { amount: '200', currency: 'USD' },
      total_source_amount: { amount: '10200', currency: 'USD' },
      target_amount: { amount: '70615', currency: 'CNY' },
      amount_at_mid: { amount: '9900', currency: 'USD' },
      mid: '7.13280000',
      customer_rate: '7.06147200',
      markup_bps: 100,
      rate_source: 'treasury',
      refund_rule: 'R1',
    });
    const [row] = await database.query<{ lives: bigint }>(
      'SELECT extract(epoch FROM expires_at - issued_at)::bigint AS lives FROM quote WHERE quote_id = $1',
      [issued.claims.quote_id],
    );
    expect(Number(row?.lives) - (issued.claims.exp - issued.claims.iat)).toBe(2);
  });

  it('keeps a fixed target to the unit in the other direction', async () => {
    const fixed = {
      ...request,
      sourceNetwork: 'alipay',
      targetNetwork: 'applepay',
      fixedSide: 'target',
      amount: '5000',
    } as const;
    const issued = await second.quotes.issue(fixed);
    if (!issued.ok) throw new Error(issued.refusal);
    expect(issued.claims).toMatchObject({
      source_amount: { amount: '36021', currency: 'CNY' },
      fee: { amount: '0', currency: 'CNY' },
      target_amount: { amount: '5000', currency: 'USD' },
      amount_at_mid: { amount: '35664', currency: 'CNY' },
      customer_rate: '7.20412800',
    });
  });

  it('refuses by name what cannot be quoted', async () => {
    const cases: [Partial<QuoteRequest>, string][] = [
      [{ amount: '0' }, 'ZERO'],
      [{ amount: '1e3' }, 'NOT_DIGITS'],
      [{ amount: 12 }, 'NOT_A_STRING'],
      [{ currency: 'CNH' }, 'CURRENCY_UNKNOWN'],
      [{ currency: 'CNY' }, 'CURRENCY_NOT_OF_SIDE'],
      [{ amount: '99' }, 'AMOUNT_BELOW_MINIMUM'],
      [{ amount: '5000001' }, 'AMOUNT_ABOVE_MAXIMUM'],
      [{ amount: '1', currency: 'CNY', fixedSide: 'target' }, 'AMOUNT_TOO_SMALL'],
      [{ sourceNetwork: 'qrpay' }, 'NETWORK_UNKNOWN'],
      [{ targetNetwork: 'applepay' }, 'NO_CORRIDOR'],
    ];
    for (const [change, refusal] of cases) {
      expect(refusalOf(await first.quotes.issue({ ...request, ...change }))).toBe(refusal);
    }
  });

  it('makes no promise on a stale rate or on sources that are 200 basis points apart, and says so', async () => {
    clock.ms += 60_001;
    first.pricing.rate = undefined;
    await first.rates.refreshPricing();
    expect(refusalOf(await first.quotes.issue(request))).toBe('RATE_UNAVAILABLE');
    await setRates(727_600_000n);
    expect(refusalOf(await first.quotes.issue(request))).toBe('RATE_UNAVAILABLE');
    await setRates(713_280_000n);
    expect(refusalOf(await first.quotes.issue(request))).toBe('issued');
  });

  it('reserves the very offer that it signed, and issues nothing while the corridor is stopped', async () => {
    const issued = await first.quotes.issue(request);
    if (!issued.ok) throw new Error(issued.refusal);
    const stopping = new StopQuoting(new PostgresStopStore(), new KeptTransactions(database));
    const stop = { scope: 'partner', subject: 'prt_test', actor: 'operator:op_1', reason: 'limits in review' } as const;
    const books = new BooksInstance(database);
    const payment = { id: 'pay_signed', partition: 0, quote: { offer: issued.offer } } as never;
    expect(outcomesOf(await books.take([reserve(payment)]))).toEqual(['GRANTED']);
    await stopping.start(stop);
    expect(refusalOf(await second.quotes.issue(request))).toBe('QUOTING_STOPPED');
    await stopping.lift(stop);
    expect(refusalOf(await second.quotes.issue(request))).toBe('issued');
  });

  it('rotates to a key that was told at least 15 minutes before it signs', async () => {
    const old = await first.keys.signing();
    clock.ms += 86_400_000 - 900_000;
    await Promise.all([first.keys.refresh(), second.keys.refresh()]);
    const told = [first, second].flatMap((desk) => desk.published<OfferKeyPublished>('fx.key.events.v1'));
    expect(told).toHaveLength(2);
    expect(await first.keys.signing()).toBe(old);
    expect(Date.parse(told.find((key) => key.kid !== old)?.signs_from ?? '') - clock.ms).toBeGreaterThanOrEqual(
      899_000,
    );
    clock.ms += 900_000;
    await setRates(713_280_000n);
    const issued = await second.quotes.issue(request);
    expect(issued.ok).toBe(true);
    await second.keys.refresh();
    expect(await second.keys.signing()).not.toBe(old);
  });

  it('makes one key at once where none is good any more, and both instances sign with it', async () => {
    const told = (): number =>
      [first, second].flatMap((desk) => desk.published<OfferKeyPublished>('fx.key.events.v1')).length;
    const [before, old] = [told(), await first.keys.signing()];
    clock.ms += 10 * 86_400_000;
    await setRates(713_280_000n);
    const issued = await Promise.all([first, second, first, second].map((desk) => desk.quotes.issue(request)));
    expect(issued.map(refusalOf)).toEqual(['issued', 'issued', 'issued', 'issued']);
    const kids = issued.map((one) => (one.ok ? decodeProtectedHeader(one.offer).kid : undefined));
    expect(new Set(kids).size).toBe(1);
    expect(kids[0]).not.toBe(old);
    expect(told()).toBe(before + 1);
  });

  it('keeps private halves sealed', async () => {
    const rows = await database.query<{ sealed_private: Buffer }>('SELECT sealed_private FROM offer_key');
    expect(rows.every((row) => !row.sealed_private.toString('latin1').includes('"d"'))).toBe(true);
  });
});
