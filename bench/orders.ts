import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Money, Rate } from '@gateway/money';
import { Database } from '@gateway/persistence';
import { IdSource, RandomSource, Sealer, SystemClock, SystemRandom } from '@gateway/platform';
import { InProcessIntake, InstrumentRepository } from '@gateway/wallet-network';
import { SealedPartyRegister } from '../apps/compliance/src/outbound/sealed-party-register';
import { nextPeriod } from '../apps/fx-settlement/src/domain/key-rotation';
import { priceOffer, type Price } from '../apps/fx-settlement/src/domain/offer-pricing';
import { claimsOf, type Quote, type SignedQuote } from '../apps/fx-settlement/src/domain/quote';
import { PostgresOfferKeyStore, SealedOfferSigner } from '../apps/fx-settlement/src/outbound/postgres-offer-key.store';
import { PostgresPriceList } from '../apps/fx-settlement/src/outbound/postgres-price.list';
import { PostgresQuoteStore } from '../apps/fx-settlement/src/outbound/postgres-quote.store';
import { digestOf } from '../apps/fx-settlement/src/use-cases/offer-in-command';
import { IntakeRepository } from '../apps/routing/src/outbound/intake.repository';
import { provisionPartner } from '../apps/routing/src/provision';
import { MID } from './feed';
import { IN_PROCESS_NETWORKS } from './in-process-networks';
import type { ServiceName, Site } from './servers';

export const PARTNER = 'prt_bench';
/** The longest life that fx-settlement's keys allow, with a margin: quotes are made ahead of the clock. */
const OFFER_LIFE_MS = 29 * 60_000;
/** Wallets on each side that pay and are paid. */
const WALLETS = 200;
const QUOTES_PER_STATEMENT = 500;
const AMOUNTS = 1_000;
const BOP_CODE = '122030';

type Direction = { source: 'us-wallet' | 'china-wallet'; target: 'us-wallet' | 'china-wallet' };
const DIRECTIONS: readonly Direction[] = [
  { source: 'us-wallet', target: 'china-wallet' },
  { source: 'china-wallet', target: 'us-wallet' },
];

/** Instruments by what they are for, and parties; each list as long as there are wallets. */
interface Wallets {
  readonly pay: Record<string, readonly string[]>;
  readonly bePaid: Record<string, readonly string[]>;
  readonly parties: readonly string[];
}

/** What makes orders: the databases of a site, opened for the preparation alone. */
export interface OrderDesk {
  readonly site: Site;
  readonly sealKeyOf: (service: ServiceName) => string;
  readonly apiKey: string;
}

/**
 * Everything that comes before a payment, for many at once and ahead of the clock, with the services' own code: the
 * partner, its wallets' instruments, parties, and one signed and stored offer per payment. Writes one request body a line.
 */
export async function prepareOrders(desk: OrderDesk, count: number, file: string): Promise<void> {
  const random = new SystemRandom();
  const ids = new IdSource(new SystemClock(), random);
  const open = (service: ServiceName): Promise<Database> =>
    Database.connect({ url: desk.site.databases[service].runtimeUrl, applicationName: 'bench', poolSize: 4 });
  const services = ['routing', 'us-wallet', 'china-wallet', 'fx-settlement', 'compliance'] as const;
  const opened = await Promise.all(services.map(open));
  const databases = Object.fromEntries(services.map((name, at) => [name, opened[at]!])) as Record<
    ServiceName,
    Database
  >;
  try {
    await provisionPartner(databases.routing, { partnerId: PARTNER, name: 'Benchmark', key: desk.apiKey });
    const wallets = await makeWallets(desk, databases, ids, random);
    const quotes = await new QuoteMaker(databases['fx-settlement'], desk, ids, random).make(count);
    await writeBodies(file, quotes, wallets);
  } finally {
    await Promise.all(opened.map((database) => database.close()));
  }
}

async function makeWallets(
  desk: OrderDesk,
  databases: Record<ServiceName, Database>,
  ids: IdSource,
  random: RandomSource,
): Promise<Wallets> {
  const routing = new IntakeRepository();
  const wallets = { pay: {}, bePaid: {}, parties: [] } as { pay: object; bePaid: object; parties: string[] };
  const makeSome = async (service: ServiceName, use: 'pay' | 'be_paid'): Promise<string[]> => {
    const { id: network } = IN_PROCESS_NETWORKS[service]!;
    const intake = new InProcessIntake(IN_PROCESS_NETWORKS[service]!);
    const instruments = new InstrumentRepository(databases[service], new Sealer(desk.sealKeyOf(service), random));
    const made: string[] = [];
    for (let index = 0; index < WALLETS; index++) {
      const request = { partner_id: PARTNER, use, data: { account: `wallet-${index}` } };
      const { capabilities, label, secret } = await intake.take(request);
      const instrumentId = ids.next('ins');
      const known = { instrumentId, partnerId: PARTNER, capabilities, label, expiresAt: null };
      await instruments.add({ ...known, secret, uniqueKey: null, requestKey: null });
      await routing.saveInstrument(databases.routing, { ...known, network, use });
      made.push(instrumentId);
    }
    return made;
  };
  for (const service of ['us-wallet', 'china-wallet'] as const) {
    Object.assign(wallets.pay, { [service]: await makeSome(service, 'pay') });
    Object.assign(wallets.bePaid, { [service]: await makeSome(service, 'be_paid') });
  }
  const sealer = new Sealer(desk.sealKeyOf('compliance'), random);
  const register = new SealedPartyRegister(ids, random, sealer);
  for (let index = 0; index < WALLETS; index++) {
    const payer = { type: 'individual', name: `Payer Number ${index}`, country: 'US' } as const;
    const partyId = await register.add(PARTNER, payer, databases.compliance);
    await routing.saveParty(databases.routing, { partyId, partnerId: PARTNER, role: 'any' });
    wallets.parties.push(partyId);
  }
  return wallets as Wallets;
}

/** Prices, signs and stores offers: half each way, amounts between 100.00 and 110.00 of the payer's currency. */
class QuoteMaker {
  private readonly keys: PostgresOfferKeyStore;
  private readonly signer: SealedOfferSigner;
  private readonly prices: PostgresPriceList;
  private readonly store = new PostgresQuoteStore();

  constructor(
    private readonly database: Database,
    desk: OrderDesk,
    private readonly ids: IdSource,
    random: RandomSource,
  ) {
    const sealer = new Sealer(desk.sealKeyOf('fx-settlement'), random);
    this.keys = new PostgresOfferKeyStore(database, sealer);
    this.signer = new SealedOfferSigner(database, sealer);
    this.prices = new PostgresPriceList(database);
  }

  async make(count: number): Promise<SignedQuote[]> {
    const now = new Date();
    const kid = this.ids.next('kid');
    await this.database.transaction((tx) => this.keys.make({ kid, ...nextPeriod([], now)! }, tx));
    const priceOf = new Map<Direction, Price>();
    for (const direction of DIRECTIONS) {
      const price = await this.prices.priceOf(currencyOf(direction.source), currencyOf(direction.target), PARTNER);
      priceOf.set(direction, price!);
    }
    const made: SignedQuote[] = [];
    for (let index = 0; index < count; index += QUOTES_PER_STATEMENT) {
      const some = Array.from({ length: Math.min(QUOTES_PER_STATEMENT, count - index) }, (_, offset) => index + offset);
      const signed = await Promise.all(some.map((one) => this.sign(one, priceOf, kid, now)));
      await this.database.transaction((tx) => this.store.insert(signed, tx));
      made.push(...signed);
    }
    return made;
  }

  private async sign(index: number, priceOf: Map<Direction, Price>, kid: string, now: Date): Promise<SignedQuote> {
    const direction = DIRECTIONS[index % DIRECTIONS.length]!;
    const price = priceOf.get(direction)!;
    const currency = currencyOf(direction.source);
    const mid = Rate.parse('USD', 'CNY', MID)!;
    const amount = Money.of(BigInt(10_000 + (index % AMOUNTS)), currency);
    const priced = priceOffer({ fixedSide: 'source', amount, sourceCurrency: currency, mid, price });
    if (!priced.ok) throw new Error(`the benchmark's amount has no price: ${priced.refusal}`);
    const quote: Quote = {
      quoteId: this.ids.next('qte'),
      partnerId: PARTNER,
      sourceNetwork: IN_PROCESS_NETWORKS[direction.source]!.id,
      targetNetwork: IN_PROCESS_NETWORKS[direction.target]!.id,
      purpose: 'goods',
      fixedSide: 'source',
      priced: priced.offer,
      markUpBps: price.markUpBps,
      rate: { source: 'treasury', mid, asOf: now },
      refundRule: 'R1',
      issuedAt: now,
      expiresAt: new Date(now.getTime() + OFFER_LIFE_MS),
    };
    const offer = await this.signer.sign(claimsOf(quote), kid);
    return { quote, kid, offer, digest: digestOf(offer) };
  }
}

async function writeBodies(file: string, quotes: readonly SignedQuote[], wallets: Wallets): Promise<void> {
  const stream = createWriteStream(file);
  quotes.forEach(({ offer }, index) => {
    const { source, target } = DIRECTIONS[index % DIRECTIONS.length]!;
    // Neighbours in time use different wallets, and the two directions walk through them at different steps.
    const wallet = (index >> 1) % WALLETS;
    const body = {
      offer,
      source_instrument: wallets.pay[source]![wallet],
      target_instrument: wallets.bePaid[target]![(wallet * 7) % WALLETS],
      payer: wallets.parties[wallet],
      payee: wallets.parties[(wallet + 1) % WALLETS],
      bop_code: BOP_CODE,
      reference: `bench-${index}`,
    };
    stream.write(`${JSON.stringify(body)}\n`);
  });
  stream.end();
  await finished(stream);
}

function currencyOf(service: 'us-wallet' | 'china-wallet'): string {
  return IN_PROCESS_NETWORKS[service]!.currency;
}
