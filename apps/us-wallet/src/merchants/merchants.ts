import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { publicKeyHashOf } from '../apple-pay/processing-key';
import type { AcceptedKey } from '../apple-pay/token-verifier';
import type { MerchantCredentials, MerchantProfile, ProcessingKeyCredentials } from './merchant-credentials';

/** A merchant as a token of it is handled. */
export interface Merchant {
  readonly identifier: string;
  readonly profile: MerchantProfile;
  /** Undefined: every partner may use it. */
  readonly partners: ReadonlySet<string> | undefined;
}

const HASH = /^[A-Za-z0-9+/]{43}=$/;

/** The merchants of this installation, found by the key that a token names. */
export class Merchants {
  /** Every key that a token may be encrypted for. */
  readonly keys: readonly AcceptedKey[];
  /** Those whose tokens the gateway decrypts, for the decryption process. */
  readonly decryptedHere: readonly MerchantCredentials[];
  private readonly byKey = new Map<string, Merchant>();

  /** @throws Error that names the merchant and what is wrong with its credentials; never a value of a key. */
  constructor(credentials: readonly MerchantCredentials[]) {
    this.keys = credentials.flatMap((one) => this.add(one));
    this.decryptedHere = credentials.filter(({ profile }) => profile === 'gateway_decrypts');
  }

  /** The merchant whose key this is. Only asked for keys that a verified token names. */
  ownerOf(publicKeyHash: string): Merchant {
    const merchant = this.byKey.get(publicKeyHash);
    if (merchant === undefined) throw new Error('no merchant has this payment processing key');
    return merchant;
  }

  private add(credentials: MerchantCredentials): AcceptedKey[] {
    const { identifier, profile = 'acquirer_decrypts', partners } = credentials;
    const merchant: Merchant = { identifier, profile, partners: partners && new Set(partners) };
    const keys = credentials.processing_keys.map((key) => acceptedKey(key, identifier));
    for (const { publicKeyHash } of keys) {
      if (this.byKey.has(publicKeyHash)) throw new Error(`a payment processing key of ${identifier} occurs twice`);
      this.byKey.set(publicKeyHash, merchant);
    }
    return keys;
  }
}

/** Whether a partner may take payments in the name of this merchant. */
export function isOpenTo({ partners }: Merchant, partnerId: string): boolean {
  return partners === undefined || partners.has(partnerId);
}

function acceptedKey(key: ProcessingKeyCredentials, identifier: string): AcceptedKey {
  const computed = hashOfCertificate(key);
  const publicKeyHash = computed ?? key.public_key_hash ?? '';
  if (!HASH.test(publicKeyHash))
    throw new Error(`a payment processing key of ${identifier} has neither certificate nor public_key_hash`);
  if (key.public_key_hash !== undefined && key.public_key_hash !== publicKeyHash)
    throw new Error(`a payment processing certificate of ${identifier} is not that of its public_key_hash`);
  return {
    publicKeyHash,
    ...(key.valid_from !== undefined && { validFrom: instant(key.valid_from, identifier) }),
    ...(key.valid_until !== undefined && { validUntil: instant(key.valid_until, identifier) }),
  };
}

function hashOfCertificate({ certificate, certificate_file: file }: ProcessingKeyCredentials): string | undefined {
  const pem = certificate ?? (file === undefined ? undefined : readFileSync(file, 'utf8'));
  return pem === undefined ? undefined : publicKeyHashOf(new X509Certificate(pem));
}

function instant(text: string, identifier: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new Error(`a payment processing key of ${identifier} has no valid time`);
  return at;
}
