import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { SettingsStore } from '../outbound/settings.store';
import { SCHEMES, type Scheme } from '../cards/card-numbers';
import { CARD_MARKERS } from '../faults/markers';
import { toPem } from '../pki/certificate';
import { readFields, refused } from '../control/control-request';
import { minorUnitsAt, textAt, type JsonObject } from '../wire/fields';
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
      certificate: toPem(merchant.certificate),
      public_key_hash: merchant.publicKeyHash,
    };
  }

  /** `{scheme, amount, currency, outcome?, signing_time?, broken?, application_data_hash?}` to a PKPaymentToken. */
  @Post('tokens')
  @HttpCode(201)
  async token(@Body() body: unknown): Promise<PaymentToken> {
    return this.maker.make(readTokenRequest(body, await this.settings.now()));
  }
}

const FIELDS = ['scheme', 'amount', 'currency', 'outcome', 'signing_time', 'broken', 'application_data_hash'];

function readTokenRequest(sent: unknown, now: Date): TokenRequest {
  const body = readFields(sent, FIELDS);
  const scheme = oneOf(textAt(body, 'scheme') ?? 'visa', Object.keys(SCHEMES), 'scheme') as Scheme;
  const outcome = oneOf(textAt(body, 'outcome') ?? 'approve', ['approve', ...Object.keys(CARD_MARKERS)], 'outcome');
  const currency = oneOf(textAt(body, 'currency') ?? 'USD', ['USD', 'CNY'], 'currency') as 'USD' | 'CNY';
  const broken = textAt(body, 'broken');
  const signingTime = textAt(body, 'signing_time');
  const applicationDataHash = textAt(body, 'application_data_hash');
  if (applicationDataHash !== undefined && !MAX_DIGEST_HEX.test(applicationDataHash)) {
    throw refused('application_data_hash', 'is the hex SHA-256 of the application data');
  }
  return {
    scheme,
    outcome,
    currency,
    amount: readAmount(body),
    signingTime: signingTime === undefined ? now : readTime(signingTime),
    ...(broken !== undefined && { broken: oneOf(broken, BROKEN_TOKENS, 'broken') as BrokenToken }),
    ...(applicationDataHash !== undefined && { applicationDataHash }),
  };
}

function readAmount(body: JsonObject): bigint {
  const amount = minorUnitsAt(body, 'amount');
  if (amount === undefined && body['amount'] !== undefined) throw refused('amount', 'is digits of minor units');
  return amount ?? 0n;
}

function oneOf(value: string, known: readonly string[], param: string): string {
  if (!known.includes(value)) throw refused(param, `is one of ${known.join(', ')}`);
  return value;
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw refused('signing_time', 'is an ISO 8601 time');
  return time;
}
