/**
 * Who decrypts the payment tokens of a merchant.
 *
 * - `acquirer_decrypts`: a token passes through encrypted; the acquirer owns the private keys. The default.
 * - `gateway_decrypts`: the decryption process of this service opens it, and pays with the network token inside.
 */
export type MerchantProfile = 'acquirer_decrypts' | 'gateway_decrypts';

/** A merchant identifier at Apple with its keys, as the credentials file has it. */
export interface MerchantCredentials {
  /** `merchant.…` */
  identifier: string;
  profile?: MerchantProfile;
  /** The partners that may use it; absent: every partner. */
  partners?: string[];
  /** Under which names it takes part in payments to several merchants at once. */
  submerchants?: string[];
  /** Domains that are registered with Apple for this merchant: where its web pages take payments. */
  domains?: string[];
  /** How the payment sheet on these pages names the merchant. */
  display_name?: string;
  /** The merchant identity certificate, for merchants with domains: PEM, or files. */
  identity?: { certificate?: string; certificate_file?: string; private_key?: string; private_key_file?: string };
  /** Several while they are rotated: a token names the one that it is made for. */
  processing_keys: ProcessingKeyCredentials[];
}

/** A payment processing key: by its hash, or by its certificate, from which the hash is computed. */
export interface ProcessingKeyCredentials {
  /** base64 SHA-256 of the public key (SubjectPublicKeyInfo). */
  public_key_hash?: string;
  /** PEM. */
  certificate?: string;
  certificate_file?: string;
  /** Only of merchants whose tokens the gateway decrypts: PEM, or the file that the decryption process alone reads. */
  private_key?: string;
  private_key_file?: string;
  /** Tokens that were signed outside of these times are refused. ISO 8601. */
  valid_from?: string;
  valid_until?: string;
}
