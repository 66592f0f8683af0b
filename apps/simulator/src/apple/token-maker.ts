import { generateKeyPairSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RandomSource } from '@gateway/platform';
import { makeCardNumber, SCHEMES, type Scheme } from '../cards/card-numbers';
import { CARD_MARKERS } from '../faults/markers';
import { INTERMEDIATE } from './apple-authority';
import { AppleKeyStore, type AppleKeys } from './apple-keys';
import { makeDetachedSignature } from './payment-signature';
import { encryptForMerchant, encryptUnder } from './token-encryption';
import type { KeyChoice } from './merchant';
import type { JsonObject } from '../wire/fields';

/** Ways in which a token can be wrong; a verifier must refuse every one of them. */
export const BROKEN_TOKENS = [
  'bad_signature',
  'tampered_data',
  'changed_transaction_id',
  'wrong_merchant',
  'undecryptable',
  'old',
  'from_the_future',
  'wrong_root',
  'missing_leaf_oid',
  'missing_intermediate_oid',
] as const;
export type BrokenToken = (typeof BROKEN_TOKENS)[number];

export interface TokenRequest {
  readonly scheme: Scheme;
  /** Minor units. */
  readonly amount: bigint;
  readonly currency: 'USD' | 'CNY';
  /** `approve`, or a name of the marker table. */
  readonly outcome: string;
  readonly signingTime: Date;
  /** Whose keys open the token: the acquirer's (the default) or the gateway's. */
  readonly decryptedBy: 'acquirer' | 'gateway';
  /** Which of the merchant's keys; `rsa` makes an RSA_v1 token. */
  readonly key: KeyChoice;
  readonly broken?: BrokenToken;
  /** Hex SHA-256 of the order, where the request had application data. */
  readonly applicationDataHash?: string;
  /** Fields of the plaintext that are to be others: for several merchants, merchant tokens, and content to refuse. */
  readonly paymentData?: JsonObject;
}

/** PKPaymentToken as an app or page hands it over. */
export interface PaymentToken {
  readonly paymentData: {
    readonly version: TokenVersion;
    readonly data: string;
    readonly signature: string;
    readonly header: Readonly<Record<string, string>>;
  };
  readonly paymentMethod: { readonly displayName: string; readonly network: string; readonly type: string };
  readonly transactionIdentifier: string;
}

type TokenVersion = 'EC_v1' | 'RSA_v1';

const NUMERIC_CURRENCY = { USD: '840', CNY: '156' } as const;
const CRYPTOGRAM_BYTES = 20;
const TRANSACTION_ID_BYTES = 32;
const RSA_V1_KEY_BYTES = 16;
/** How far from the time it should have a token is signed. */
const AWAY_MS: Readonly<Record<string, number>> = { old: -3_600_000, from_the_future: 600_000 };

/** Plays the wallet on the payer's phone: makes a token that differs from a real one only in its root of trust. */
@Injectable()
export class TokenMaker {
  constructor(
    private readonly keyStore: AppleKeyStore,
    private readonly random: RandomSource,
  ) {}

  async make(request: TokenRequest): Promise<PaymentToken> {
    const keys = await this.keyStore.get();
    const number = makeCardNumber(request.scheme, CARD_MARKERS[request.outcome]?.digits ?? '0000', this.random);
    const plaintext = { ...this.plaintext(request, number), ...request.paymentData };
    const { data, keyField, publicKeyHash } = this.encrypt(JSON.stringify(plaintext), request, keys);
    const header = {
      ...keyField,
      publicKeyHash,
      transactionId: this.random.bytes(TRANSACTION_ID_BYTES).toString('hex'),
      ...(request.applicationDataHash !== undefined && { applicationData: request.applicationDataHash }),
    };
    const signature = signToken(keys, request, data, header);
    return assemble(request, number, breakAfterwards(request.broken, data, header), signature);
  }

  /** An undecryptable token names a key of its merchant and is encrypted for another's. */
  private encrypt(text: string, { key, broken, decryptedBy }: TokenRequest, keys: AppleKeys): Encrypted {
    const ours = decryptedBy === 'gateway' ? keys.gatewayMerchant : keys.merchant;
    const merchant = broken === 'wrong_merchant' ? keys.foreignMerchant : ours;
    const encryptionKey = (broken === 'undecryptable' ? keys.foreignMerchant : merchant)[key].key;
    const { publicKeyHash } = merchant[key];
    const plaintext = Buffer.from(text, 'utf8');
    if (key === 'rsa') {
      const { data, wrapped } = encryptUnder(this.random.bytes(RSA_V1_KEY_BYTES), plaintext, encryptionKey);
      return { data, keyField: { wrappedKey: wrapped.toString('base64') }, publicKeyHash };
    }
    const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = ephemeral.publicKey.export({ type: 'spki', format: 'der' });
    const data = encryptForMerchant(plaintext, ephemeral.privateKey, encryptionKey, merchant.identifier);
    return { data, keyField: { ephemeralPublicKey: spki.toString('base64') }, publicKeyHash };
  }

  private plaintext(request: TokenRequest, number: string): Record<string, unknown> {
    return {
      applicationPrimaryAccountNumber: number,
      applicationExpirationDate: '331231',
      currencyCode: NUMERIC_CURRENCY[request.currency],
      transactionAmount: Number(request.amount),
      deviceManufacturerIdentifier: '040010030273',
      paymentDataType: '3DSecure',
      paymentData: {
        onlinePaymentCryptogram: this.random.bytes(CRYPTOGRAM_BYTES).toString('base64'),
        ...(request.scheme !== 'mastercard' && { eciIndicator: request.scheme === 'visa' ? '7' : '5' }),
      },
    };
  }
}

/** The key field of one version or of the other. */
type KeyField = { readonly ephemeralPublicKey: string } | { readonly wrappedKey: string };

interface Encrypted {
  readonly data: Buffer;
  readonly keyField: KeyField;
  readonly publicKeyHash: string;
}

type TokenHeader = KeyField & {
  readonly publicKeyHash: string;
  readonly transactionId: string;
  readonly applicationData?: string;
};

/** Signs key field, data, transaction id and application data, raw and without separators. */
function signToken(keys: AppleKeys, request: TokenRequest, data: Buffer, header: TokenHeader): Buffer {
  const chain = request.broken === 'wrong_root' ? keys.foreignChain : keys.chain;
  const isRsa = request.key === 'rsa';
  const { certificate, serial, key } = isRsa ? chain.rsaLeaf : chain.leaf;
  const keyField = 'wrappedKey' in header ? header.wrappedKey : header.ephemeralPublicKey;
  const away = AWAY_MS[request.broken ?? ''] ?? 0;
  return makeDetachedSignature({
    signed: Buffer.concat([
      Buffer.from(keyField, 'base64'),
      data,
      Buffer.from(header.transactionId, 'hex'),
      Buffer.from(header.applicationData ?? '', 'hex'),
    ]),
    signingTime: new Date(request.signingTime.getTime() + away),
    leaf: request.broken === 'missing_leaf_oid' ? chain.unmarkedLeaf : certificate,
    intermediate: request.broken === 'missing_intermediate_oid' ? chain.unmarkedIntermediate : chain.intermediate,
    leafIssuer: INTERMEDIATE,
    leafSerial: serial,
    leafKey: key,
    algorithm: isRsa ? 'rsa-sha256' : 'ecdsa-sha256',
    breakSignature: request.broken === 'bad_signature',
  });
}

/** Changes made after signing: the attribute signature still verifies, only the digest tells. */
function breakAfterwards(
  broken: BrokenToken | undefined,
  data: Buffer,
  header: TokenHeader,
): { data: Buffer; header: TokenHeader } {
  if (broken === 'changed_transaction_id') {
    const changed = Buffer.from(header.transactionId, 'hex');
    changed[0] = (changed[0] ?? 0) ^ 1;
    return { data, header: { ...header, transactionId: changed.toString('hex') } };
  }
  if (broken === 'tampered_data') {
    const changed = Buffer.from(data);
    changed[0] = (changed[0] ?? 0) ^ 1;
    return { data: changed, header };
  }
  return { data, header };
}

function assemble(
  request: TokenRequest,
  number: string,
  parts: { data: Buffer; header: TokenHeader },
  signature: Buffer,
): PaymentToken {
  const network = SCHEMES[request.scheme].apple;
  return {
    paymentData: {
      version: request.key === 'rsa' ? 'RSA_v1' : 'EC_v1',
      data: parts.data.toString('base64'),
      signature: signature.toString('base64'),
      header: { ...parts.header },
    },
    paymentMethod: { displayName: `${network} ${number.slice(-4)}`, network, type: 'debit' },
    transactionIdentifier: parts.header.transactionId,
  };
}
