/** Every reason for which a payment token is refused, with what it means. Codes are stable: tests and support read them. */
export const TOKEN_REFUSALS = {
  TOKEN_MALFORMED: 'a field is missing or has the wrong type',
  TOKEN_TOO_LARGE: 'a field is longer than any real token has it',
  ENCODING_INVALID: 'a field is not strict base64 or hexadecimal',
  VERSION_UNSUPPORTED: 'the version is neither EC_v1 nor RSA_v1',
  KEY_FIELD_MISMATCH: 'the key field does not belong to the version',
  EPHEMERAL_KEY_INVALID: 'the ephemeral key is not a point on P-256',
  MERCHANT_UNKNOWN: 'the token is encrypted for a key that is not ours',
  MERCHANT_KEY_NOT_VALID: 'the key that the token is encrypted for was not in use when it was signed',
  MERCHANT_NOT_YOURS: 'the token is for a merchant that you do not act for',
  APPLICATION_DATA_UNEXPECTED: 'the application data is not that of the request',
  TRANSACTION_ID_MISMATCH: 'the two transaction identifiers differ',
  SIGNATURE_MALFORMED: 'the signature is not a detached CMS message as payment tokens have it',
  CERTIFICATE_COUNT: 'the signature does not hold exactly two certificates',
  LEAF_NOT_MARKED: 'no certificate is marked for signing payment tokens',
  INTERMEDIATE_NOT_MARKED: 'no certificate is marked as the intermediate authority',
  CHAIN_UNTRUSTED: 'the certificates do not lead to the pinned root',
  CERTIFICATE_NOT_VALID: 'a certificate was not valid at the time of signing',
  ALGORITHM_UNEXPECTED: 'the algorithms are not those of the version',
  DIGEST_MISMATCH: 'the signed digest is not that of the token',
  SIGNATURE_INVALID: 'the signature does not verify',
  SIGNED_TOO_LONG_AGO: 'the token was signed more than five minutes ago',
  SIGNED_IN_FUTURE: 'the token was signed in the future',
  DECRYPTION_FAILED: 'the payment data cannot be decrypted with the key that the token names',
  PAYMENT_DATA_MALFORMED: 'the decrypted payment data is not as its format says',
  PAYMENT_DATA_TYPE_UNSUPPORTED: 'the decrypted payment data is not of the type 3DSecure',
  PIN_BLOCK_REFUSED: 'the decrypted payment data holds a PIN, which is not processed here',
  CRYPTOGRAM_MISSING: 'the decrypted payment data has no cryptogram',
  SUBMERCHANT_UNKNOWN: 'none of the authentication responses is for this merchant',
  APPLICATION_EXPIRED: 'the card in the token has expired',
  AMOUNT_MISMATCH: 'the amount that the payer confirmed is not that of the payment',
  CURRENCY_MISMATCH: 'the currency that the payer confirmed is not that of the payment',
} as const;

export type TokenRefusalCode = keyof typeof TOKEN_REFUSALS;

/** Thrown for a token that is not to be trusted. The message never holds a value of the token. */
export class TokenRefused extends Error {
  constructor(
    readonly code: TokenRefusalCode,
    /** Dotted path inside the token, for the partner's developer. */
    readonly field: string,
  ) {
    super(`${code}: ${TOKEN_REFUSALS[code]}`);
  }
}
