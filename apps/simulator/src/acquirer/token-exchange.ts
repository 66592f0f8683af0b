import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IdSource } from '@gateway/platform';
import { AppleKeyStore } from '../apple/apple-keys';
import { decryptAsMerchant, decryptWrapped } from '../apple/token-encryption';
import { markerDigitsOf, schemeOf } from '../cards/card-numbers';
import { jsonAnswer, type Answer } from '../faults/reaction';
import { CardTokensStore } from '../outbound/card-tokens.store';
import { objectAt, parseObject, textAt, type JsonObject } from '../wire/fields';
import { invalid } from './acquirer-errors';
import type { Card } from './card';
import { cardIn } from './payment-request';
import { cardView } from './payment-views';

const TAG_BYTES = 16;

/** `POST /tokens`: opens an encrypted wallet token (the acquirer owns the payment processing key) or takes a card. */
@Injectable()
export class TokenExchange {
  constructor(
    private readonly keys: AppleKeyStore,
    private readonly tokens: CardTokensStore,
    private readonly ids: IdSource,
  ) {}

  /** The card inside the request, or undefined where it cannot be opened or understood. */
  async open(body: JsonObject): Promise<Card | undefined> {
    switch (textAt(body, 'type')) {
      case 'applepay':
        return this.openWalletToken(objectAt(body, 'token_data'));
      case 'card':
        return cardIn(body);
      default:
        return undefined;
    }
  }

  async exchange(body: JsonObject, card: Card | undefined): Promise<Answer> {
    if (card === undefined) return invalid('token_data_invalid');
    const token = this.ids.next('tok').toLowerCase();
    const expiresAt = await this.tokens.keep(token, card);
    return jsonAnswer(201, {
      type: textAt(body, 'type'),
      token,
      expires_on: expiresAt,
      ...cardView(card),
    });
  }

  private async openWalletToken(data: JsonObject): Promise<Card | undefined> {
    const named = await this.keys.pairNamed(textAt(data, 'header.publicKeyHash'));
    const ciphertext = Buffer.from(textAt(data, 'data') ?? '', 'base64');
    if (named === undefined || ciphertext.length <= TAG_BYTES) return undefined;
    try {
      const plaintext = opened(data, ciphertext, named.pair.key, named.merchant.identifier);
      return walletCard(parseObject(plaintext.toString('utf8')));
    } catch {
      // Another key, a changed ciphertext or no key at all: the acquirer says no more than that.
      return undefined;
    }
  }
}

/** @throws where the key is of the other version, or does not open it. */
function opened(data: JsonObject, ciphertext: Buffer, key: KeyObject, merchantIdentifier: string): Buffer {
  const bytes = (field: string): Buffer => Buffer.from(textAt(data, `header.${field}`) ?? '', 'base64');
  return textAt(data, 'version') === 'RSA_v1'
    ? decryptWrapped(ciphertext, bytes('wrappedKey'), key)
    : decryptAsMerchant(ciphertext, bytes('ephemeralPublicKey'), key, merchantIdentifier);
}

function walletCard(plaintext: JsonObject): Card | undefined {
  const number = textAt(plaintext, 'applicationPrimaryAccountNumber') ?? '';
  const [, year, month] =
    /^([0-9]{2})([0-9]{2})[0-9]{2}$/.exec(textAt(plaintext, 'applicationExpirationDate') ?? '') ?? [];
  const scheme = schemeOf(number);
  const hasCryptogram = textAt(plaintext, 'paymentData.onlinePaymentCryptogram') !== undefined;
  if (scheme === undefined || year === undefined || month === undefined || !hasCryptogram) return undefined;
  const eci = textAt(plaintext, 'paymentData.eciIndicator');
  return {
    scheme,
    number,
    expiryMonth: Number(month),
    expiryYear: 2000 + Number(year),
    markerDigits: markerDigitsOf(number),
    ...(eci !== undefined && { eci }),
  };
}
