import { Checkout } from 'checkout-sdk-node';

/**
 * What is used of the official client. Its own declarations cannot be resolved by TypeScript's `nodenext` (relative
 * imports without extensions) and type bodies as `Object`; answers are read field by field anyway.
 */
export interface OfficialClient {
  tokens: { request(body: object): Promise<unknown> };
  cardMetadata: { get(body: object): Promise<unknown> };
  payments: {
    request(body: object, idempotencyKey: string): Promise<unknown>;
    capture(paymentId: string, body: object, idempotencyKey: string): Promise<unknown>;
    void(paymentId: string, body: object, idempotencyKey: string): Promise<unknown>;
    refund(paymentId: string, body: object, idempotencyKey: string): Promise<unknown>;
    reverse(paymentId: string, body: object, idempotencyKey: string): Promise<unknown>;
    get(paymentId: string): Promise<unknown>;
    getActions(paymentId: string): Promise<unknown>;
    getPaymentList(query: object): Promise<unknown>;
  };
  disputes: {
    get(query: object): Promise<unknown>;
    getDetails(disputeId: string): Promise<unknown>;
    provideEvidence(disputeId: string, body: object): Promise<unknown>;
    submit(disputeId: string): Promise<unknown>;
    accept(disputeId: string): Promise<unknown>;
  };
}

export interface OfficialClientOptions {
  pk: string;
  /** Base URL with any path prefix. */
  host: string;
  /** Milliseconds after which a socket is given up. */
  timeout: number;
  /** `axios`: the default, fetch, hides whether a connection was made at all and never gives a socket up. */
  httpClient: 'axios';
}

type OfficialClientClass = new (secretKey: string, options: OfficialClientOptions) => OfficialClient;

export function officialClient(secretKey: string, options: OfficialClientOptions): OfficialClient {
  const Client = Checkout as unknown as OfficialClientClass;
  return new Client(secretKey, options);
}
