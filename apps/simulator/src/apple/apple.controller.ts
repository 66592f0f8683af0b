import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { SettingsStore } from '../outbound/settings.store';
import { SCHEMES, type Scheme } from '../cards/card-numbers';
import { CARD_MARKERS } from '../faults/markers';
import { toPem } from '../pki/certificate';
import { readFields, refused } from '../control/control-request';
import { minorUnitsAt, objectAt, textAt, type JsonObject } from '../wire/fields';
import { SessionEndpoint } from './session-endpoint';
import { AppleKeyStore } from './apple-keys';
import { BROKEN_TOKENS, TokenMaker, type BrokenToken, type PaymentToken, type TokenRequest } from './token-maker';

const MAX_DIGEST_HEX = /^[0-9a-f]{64}$/i;

/** The wallet maker: its trust anchor, our merchant's certificate, and tokens as a payer's phone makes them. */
@Controller('apple')
export class AppleController {
  constructor(
    private readonly keys: AppleKeyStore,
    private readonly maker: TokenMaker,
    private readonly settings: SettingsStore,
    private readonly endpoint: SessionEndpoint,
  ) {}

  @Get('root.pem')
  @Header('content-type', 'application/x-pem-file')
  async root(): Promise<string> {
    return toPem((await this.keys.get()).chain.root);
  }

  @Get('merchant')
  async merchant(): Promise<Record<string, string>> {
    const { merchant } = await this.keys.get();
    return {
      merchant_identifier: merchant.identifier,
      certificate: toPem(merchant.current.certificate),
      public_key_hash: merchant.current.publicKeyHash,
    };
  }

  /** What the event `onvalidatemerchant` gives a page. */
  @Get('validation_url')
  validationUrl(): Record<string, string> {
    return { validation_url: this.endpoint.validationUrl };
  }

  /** A PKPaymentToken as asked: `{scheme, amount, currency, outcome?, decrypted_by?, key?, signing_time?, broken?, ...}`. */
  @Post('tokens')
  @HttpCode(201)
  async token(@Body() body: unknown): Promise<PaymentToken> {
    return this.maker.make(readTokenRequest(body, await this.settings.now()));
  }
}

const FIELDS = [
  'scheme',
  'amount',
  'currency',
  'outcome',
  'decrypted_by',
  'key',
  'signing_time',
  'broken',
  'application_data_hash',
  'payment_data',
];

function readTokenRequest(sent: unknown, now: Date): TokenRequest {
  const body = readFields(sent, FIELDS);
  const scheme = choiceAt(body, 'scheme', Object.keys(SCHEMES), 'visa') as Scheme;
  const outcome = choiceAt(body, 'outcome', ['approve', ...Object.keys(CARD_MARKERS)], 'approve');
  const currency = choiceAt(body, 'currency', ['USD', 'CNY'], 'USD') as TokenRequest['currency'];
  const decryptedBy = choiceAt(body, 'decrypted_by', ['acquirer', 'gateway'], 'acquirer');
  const key = choiceAt(body, 'key', ['current', 'former', 'rsa'], 'current') as TokenRequest['key'];
  const signingTime = textAt(body, 'signing_time');
  return {
    scheme,
    outcome,
    currency,
    decryptedBy: decryptedBy as TokenRequest['decryptedBy'],
    key,
    paymentData: objectAt(body, 'payment_data'),
    amount: readAmount(body),
    signingTime: signingTime === undefined ? now : readTime(signingTime),
    ...brokenAt(body),
    ...applicationDataAt(body),
  };
}

function readAmount(body: JsonObject): bigint {
  const amount = minorUnitsAt(body, 'amount');
  if (amount === undefined && body['amount'] !== undefined) throw refused('amount', 'is digits of minor units');
  return amount ?? 0n;
}

function brokenAt(body: JsonObject): Pick<TokenRequest, 'broken'> {
  if (textAt(body, 'broken') === undefined) return {};
  return { broken: choiceAt(body, 'broken', BROKEN_TOKENS, '') as BrokenToken };
}

function applicationDataAt(body: JsonObject): Pick<TokenRequest, 'applicationDataHash'> {
  const applicationDataHash = textAt(body, 'application_data_hash');
  if (applicationDataHash === undefined) return {};
  if (!MAX_DIGEST_HEX.test(applicationDataHash))
    throw refused('application_data_hash', 'is the hex SHA-256 of the application data');
  return { applicationDataHash };
}

function choiceAt(body: JsonObject, param: string, known: readonly string[], otherwise: string): string {
  const value = textAt(body, param) ?? otherwise;
  if (!known.includes(value)) throw refused(param, `is one of ${known.join(', ')}`);
  return value;
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw refused('signing_time', 'is an ISO 8601 time');
  return time;
}
