import { Checkout } from 'checkout-sdk-node';
import type { RunningSimulator } from './running-simulator';

/** What the official client gives back; only the fields that are looked at. */
export interface Paid {
  id: string;
  status: string;
  approved: boolean;
  amount: number;
  amount_requested?: number;
  response_code: string;
  expires_on?: string;
  eci?: string;
  balances: Record<string, number>;
  reference: string;
}

/** A dispute as the official client gives it. */
export interface Disputed {
  id: string;
  status: string;
  category: string;
  amount: number;
  reason_code: string;
  payment_reference?: string;
  evidence_required_by: string;
}

type Body = Record<string, unknown>;
/** Without a body: all of it. */
type Act = (paymentId: string, body?: Body, key?: string) => Promise<unknown>;

/** The part of the official client that is used; its own types do not resolve under our module settings. */
export interface OfficialClient {
  tokens: { request(body: Body): Promise<unknown> };
  cardMetadata: { get(body: Body): Promise<unknown> };
  payments: {
    request(body: Body, key?: string): Promise<Paid>;
    get(id: string): Promise<Paid>;
    getActions(id: string): Promise<unknown>;
    getPaymentList(query: Body): Promise<{ total_count: number; data: Paid[] }>;
    capture: Act;
    void: Act;
    refund: Act;
    reverse: Act;
    increment: Act;
  };
  customers: { get(id: string): Promise<unknown> };
  disputes: {
    get(query: Body): Promise<{ total_count: number; data: Disputed[] }>;
    getDetails(id: string): Promise<Disputed>;
    provideEvidence(id: string, body: Body): Promise<unknown>;
    getEvidence(id: string): Promise<unknown>;
    submit(id: string): Promise<unknown>;
    accept(id: string): Promise<unknown>;
  };
}

const Client = Checkout as unknown as new (key: string, options: Body) => OfficialClient;

interface Secrets {
  secret_key: string;
  public_key: string;
  webhook_secret: string;
}

/** A merchant of the simulated acquirer with the official client in hand. */
export class AcquirerMerchant {
  readonly client: OfficialClient;

  private constructor(
    private readonly simulator: RunningSimulator,
    readonly secrets: Secrets,
  ) {
    this.client = this.clientWith({ timeout: 10_000 });
  }

  static async of(simulator: RunningSimulator): Promise<AcquirerMerchant> {
    const { acquirer } = await simulator.control<{ acquirer: Secrets }>('GET', '/applepay/credentials');
    return new AcquirerMerchant(simulator, acquirer);
  }

  clientWith(options: Body, key = this.secrets.secret_key): OfficialClient {
    return new Client(key, { pk: this.secrets.public_key, host: `${this.simulator.url}/acquirer`, ...options });
  }

  /** `paymentData` of a token as a payer's phone makes it. */
  async walletToken(wish: Body = {}): Promise<Body> {
    const response = await fetch(`${this.simulator.url}/apple/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scheme: 'visa', amount: '10200', currency: 'USD', ...wish }),
    });
    if (response.status !== 201) throw new Error(`no token: ${await response.text()}`);
    return ((await response.json()) as { paymentData: Body }).paymentData;
  }

  async token(wish: Body = {}): Promise<string> {
    const answer = await this.client.tokens.request({ type: 'applepay', token_data: await this.walletToken(wish) });
    return (answer as { token: string }).token;
  }

  /** Body of a hold of USD 102.00. */
  async holdBody(reference: string, wish: Body = {}, more: Body = {}): Promise<Body> {
    const source = { type: 'token', token: await this.token(wish) };
    return { source, amount: 10200, currency: 'USD', reference, capture: false, ...more };
  }

  async hold(reference: string, wish: Body = {}): Promise<Paid> {
    return this.client.payments.request(await this.holdBody(reference, wish), reference);
  }
}
