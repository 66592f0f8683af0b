import { readFileSync } from 'node:fs';
import type { PaymentToken } from '../apple-pay/payment-token';
import { readProcessingKey, type ProcessingKey } from '../apple-pay/processing-key';
import { TokenRefused } from '../apple-pay/token-refusal';
import type { MerchantCredentials, ProcessingKeyCredentials } from '../merchants/merchant-credentials';

/** A private key with what is needed to read what it opens. */
export interface DecryptionKey extends ProcessingKey {
  submerchants: readonly string[];
}

/** The private keys of the merchants whose tokens the gateway decrypts; they exist in this process alone. */
export class DecryptionKeys {
  private readonly byHash: ReadonlyMap<string, DecryptionKey>;

  /** @throws Error that names merchant and cause, and never a value of a key. */
  constructor(merchants: readonly MerchantCredentials[]) {
    const keys = merchants.flatMap(({ identifier, submerchants = [], processing_keys }) =>
      processing_keys.map((key) => ({ ...readKey(key, identifier), submerchants })),
    );
    this.byHash = new Map(keys.map((key) => [key.publicKeyHash, key]));
  }

  /** @throws TokenRefused MERCHANT_UNKNOWN */
  namedBy({ publicKeyHash }: PaymentToken): DecryptionKey {
    const key = this.byHash.get(publicKeyHash.toString('base64'));
    if (key === undefined) throw new TokenRefused('MERCHANT_UNKNOWN', 'paymentData.header.publicKeyHash');
    return key;
  }
}

function readKey(key: ProcessingKeyCredentials, identifier: string): ProcessingKey {
  const certificate = textOf(key.certificate, key.certificate_file);
  const privateKey = textOf(key.private_key, key.private_key_file);
  if (certificate === undefined || privateKey === undefined)
    throw new Error(`a payment processing key of ${identifier} has no certificate or no private key`);
  return readProcessingKey(certificate, privateKey, identifier);
}

function textOf(text: string | undefined, file: string | undefined): string | undefined {
  return text ?? (file === undefined ? undefined : readFileSync(file, 'utf8'));
}
