import { generateKeyPairSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RandomSource } from '@gateway/platform';
import { makeCardNumber, SCHEMES, type Scheme } from '../cards/card-numbers';
import { CARD_MARKERS } from '../faults/markers';
import { INTERMEDIATE } from './apple-authority';
import { AppleKeyStore, type AppleKeys } from './apple-keys';
import { makeDetachedSignature } from './payment-signature';
import { encryptForMerchant } from './token-encryption';

/** Ways in which a token can be wrong; a verifier must refuse every one of them. */
export const BROKEN_TOKENS = [
  'bad_signature',
  'tampered_data',
  'changed_transaction_id',
  'wrong_merchant',
  'undecryptable',
  'old',
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
  readonly broken?: BrokenToken;
  /** Hex SHA-256 of the order, where the request had application data. */
  readonly applicationDataHash?: string;
}

/** PKPaymentToken as an app or page hands it over. */
export interface PaymentToken {
  readonly paymentData: {
    readonly version: 'EC_v1';
    readonly data: string;
    readonly signature: string;
    readonly header: Readonly<Record<string, string>>;
  };
  readonly paymentMethod: { readonly displayName: string; readonly network: string; readonly type: string };
  readonly transactionIdentifier: string;
}

const NUMERIC_CURRENCY = { USD: '840', CNY: '156' } as const;
const CRYPTOGRAM_BYTES = 20;
const TRANSACTION_ID_BYTES = 32;
const OLD_MS = 3_600_000;

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
    const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const merchant = request.broken === 'wrong_merchant' ? keys.foreignMerchant : keys.merchant;
    const encryptionKey = request.broken === 'undecryptable' ? keys.foreignMerchant.key : merchant.key;
    const data = encryptForMerchant(
      Buffer.from(JSON.stringify(this.plaintext(request, number)), 'utf8'),
      ephemeral.privateKey,
      encryptionKey,
      merchant.identifier,
    );
    const header = {
      ephemeralPublicKey: ephemeral.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      publicKeyHash: merchant.publicKeyHash,
      transactionId: this.random.bytes(TRANSACTION_ID_BYTES).toString('hex'),
      ...(request.applicationDataHash !== undefined && { applicationData: request.applicationDataHash }),
    };
    const signature = signToken(keys, request, data, header);
    return assemble(request, number, breakAfterwards(request.broken, data, header), signature);
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

interface TokenHeader {
  readonly ephemeralPublicKey: string;
  readonly publicKeyHash: string;
  readonly transactionId: string;
  readonly applicationData?: string;
}

/** Signs ephemeral key, data, transaction id and application data, raw and without separators. */
function signToken(keys: AppleKeys, request: TokenRequest, data: Buffer, header: TokenHeader): Buffer {
  const chain = request.broken === 'wrong_root' ? keys.foreignChain : keys.chain;
  const old = request.broken === 'old' ? OLD_MS : 0;
  return makeDetachedSignature({
    signed: Buffer.concat([
      Buffer.from(header.ephemeralPublicKey, 'base64'),
      data,
      Buffer.from(header.transactionId, 'hex'),
      Buffer.from(header.applicationData ?? '', 'hex'),
    ]),
    signingTime: new Date(request.signingTime.getTime() - old),
    leaf: request.broken === 'missing_leaf_oid' ? chain.unmarkedLeaf : chain.leaf,
    intermediate: request.broken === 'missing_intermediate_oid' ? chain.unmarkedIntermediate : chain.intermediate,
    leafIssuer: INTERMEDIATE,
    leafSerial: chain.leafSerial,
    leafKey: chain.leafKey,
    algorithm: 'ecdsa-sha256',
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
      version: 'EC_v1',
      data: parts.data.toString('base64'),
      signature: signature.toString('base64'),
      header: { ...parts.header },
    },
    paymentMethod: { displayName: `${network} ${number.slice(-4)}`, network, type: 'debit' },
    transactionIdentifier: parts.header.transactionId,
  };
}
