import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Direction, type Order } from './orders';
import { type PersistentPartner, Refused } from './persistent-partner';
import type { World } from './world';

export const PAYMENTS_PER_SECOND = 20;

/** A payment that the gateway has accepted. */
export interface Accepted {
  readonly order: Order;
  readonly partner: PersistentPartner;
  readonly id: string;
  readonly key: string;
  readonly request: object;
  readonly quote: string;
  readonly sourceTotal: string;
  readonly sourceCurrency: string;
  readonly target: string;
  readonly targetCurrency: string;
  /** Milliseconds from the first request for the payment to its acceptance. */
  readonly waitedMs: number;
}

/** What became of the orders. */
export interface LoadResult {
  readonly accepted: readonly Accepted[];
  /** Definite refusals after which the partner began anew, by code. */
  readonly refusals: ReadonlyMap<string, number>;
  /** Orders that never came to a payment: reasons. */
  readonly failed: readonly string[];
  /** From the first order to the last acceptance. */
  readonly seconds: number;
}

interface Quote {
  readonly id: string;
  readonly offer: string;
  readonly total_source_amount: { amount: string; currency: string };
  readonly target_amount: { amount: string; currency: string };
}

/** Refused for good, an order is begun anew so often: new quote, new token, new key. */
const BEGINNINGS = 4;
const BOP_CODE = '121010';
const PAYER = 'Ada Example';
const PAYEE = 'Bo Example';
/** Names that must appear in no log and on no topic. */
export const CANARIES = [PAYER, PAYEE];

/** Sends the orders at their times, whatever becomes of the earlier ones: a world that does not wait for us. */
export class Load {
  private readonly accepted: Accepted[] = [];
  private readonly refusals = new Map<string, number>();
  private readonly failed: string[] = [];
  private readonly parties = new Map<string, Promise<{ payer: string; payee: string }>>();

  constructor(
    private readonly partners: readonly PersistentPartner[],
    private readonly world: World,
  ) {}

  get acceptedSoFar(): number {
    return this.accepted.length;
  }

  /** Ends when every order has come to a payment or has been given up. */
  async run(orders: readonly Order[]): Promise<LoadResult> {
    const began = performance.now();
    const running = new Set<Promise<void>>();
    for (const order of orders) {
      await pause(Math.max(0, began + (order.number * 1000) / PAYMENTS_PER_SECOND - performance.now()));
      const placed: Promise<void> = this.place(order)
        .catch((error: Error) => void this.failed.push(error.message))
        .finally(() => running.delete(placed));
      running.add(placed);
    }
    await Promise.all(running);
    const seconds = Math.round((performance.now() - began) / 1000);
    return { accepted: this.accepted, refusals: this.refusals, failed: this.failed, seconds };
  }

  private async place(order: Order): Promise<void> {
    for (let beginning = 1; ; beginning++) {
      try {
        return void this.accepted.push(await this.pay(order));
      } catch (error) {
        if (!(error instanceof Refused) || beginning === BEGINNINGS) throw error;
        this.refusals.set(error.code, (this.refusals.get(error.code) ?? 0) + 1);
      }
    }
  }

  private async pay(order: Order): Promise<Accepted> {
    const partner = this.partners[order.partner] as PersistentPartner;
    const quote = await partner.create<Quote>('/v1/quotes', quoteRequest(order));
    const [source, target, parties] = await Promise.all([
      this.sourceInstrument(partner, order, quote),
      this.targetInstrument(partner, order, quote),
      this.partiesOf(partner, order.direction),
    ]);
    const request = {
      offer: quote.offer,
      source_instrument: source,
      target_instrument: target,
      ...parties,
      bop_code: BOP_CODE,
    };
    const key = randomUUID();
    const asked = performance.now();
    const answer = await partner.post<{ id: string; code?: string; detail?: string }>('/v1/payments', request, key);
    const { id, code = '', detail = '' } = answer.body;
    if (answer.status !== 202) throw new Refused(answer.status, code, '/v1/payments', detail);
    return {
      order,
      partner,
      id,
      key,
      request,
      quote: quote.id,
      sourceTotal: quote.total_source_amount.amount,
      sourceCurrency: quote.total_source_amount.currency,
      target: quote.target_amount.amount,
      targetCurrency: quote.target_amount.currency,
      waitedMs: performance.now() - asked,
    };
  }

  private async sourceInstrument(partner: PersistentPartner, order: Order, quote: Quote): Promise<string> {
    if (order.direction === 'us-to-china') return this.card(partner, 'pay', order, quote.total_source_amount);
    const payment_code = `289999${order.alipay}${String(randomInt(0, 99_999_999)).padStart(8, '0')}`;
    return register(partner, { network: 'alipay', use: 'pay', payment_code });
  }

  private async targetInstrument(partner: PersistentPartner, order: Order, quote: Quote): Promise<string> {
    if (order.direction === 'china-to-us') return this.card(partner, 'be_paid', order, quote.target_amount);
    const account = { identity: `${order.alipay}@example.com`, identity_type: 'ALIPAY_LOGON_ID', name: PAYEE };
    return register(partner, { network: 'alipay', use: 'be_paid', account });
  }

  private async card(
    partner: PersistentPartner,
    use: 'pay' | 'be_paid',
    { card }: Order,
    { amount, currency }: { amount: string; currency: string },
  ): Promise<string> {
    const token = await this.world.appleToken({ scheme: 'visa', outcome: card, amount, currency });
    return register(partner, { network: 'applepay', use, token });
  }

  /** A partner knows its people: payer and payee are registered once. */
  private partiesOf(partner: PersistentPartner, direction: Direction): Promise<{ payer: string; payee: string }> {
    const name = `${partner.partnerId} ${direction}`;
    const known = this.parties.get(name) ?? registerParties(partner, direction);
    this.parties.set(name, known);
    known.catch(() => this.parties.delete(name));
    return known;
  }
}

function quoteRequest({ direction, amount }: Order): object {
  const toChina = direction === 'us-to-china';
  return {
    source_network: toChina ? 'applepay' : 'alipay',
    target_network: toChina ? 'alipay' : 'applepay',
    fixed_side: toChina ? 'source' : 'target',
    amount: { amount, currency: 'USD' },
    purpose: 'goods',
  };
}

async function register(partner: PersistentPartner, instrument: object): Promise<string> {
  return (await partner.create<{ id: string }>('/v1/instruments', instrument)).id;
}

async function registerParties(
  partner: PersistentPartner,
  direction: Direction,
): Promise<{ payer: string; payee: string }> {
  const toChina = direction === 'us-to-china';
  const person = (name: string, country: string): Promise<{ id: string }> =>
    partner.create('/v1/parties', { role: 'any', type: 'individual', name, country });
  const payer = await person(PAYER, toChina ? 'US' : 'CN');
  const payee = await person(PAYEE, toChina ? 'CN' : 'US');
  return { payer: payer.id, payee: payee.id };
}
