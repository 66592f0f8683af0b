import fc from 'fast-check';
import { makeMerchant, encryptEc, encryptRsa, newScalar, sharedSecret, type TestMerchant } from '../../testing';
import { publishedTokens } from '../../testing/published-tokens';
import { decryptToken, symmetricKeyOf } from './decryption';
import { readPaymentToken } from './payment-token';
import { readProcessingKey, type ProcessingKey } from './processing-key';
import { TokenRefused } from './token-refusal';

const real = publishedTokens.missing === null ? describe : describe.skip;
const because = publishedTokens.missing === null ? '' : ` (skipped: ${publishedTokens.missing})`;

real(`tokens that Apple encrypted${because}`, () => {
  const keyOf = ({ certificate, privateKey, expected }: (typeof publishedTokens.tokens)[number]): ProcessingKey =>
    readProcessingKey(certificate, privateKey, expected.merchantIdentifier);

  it.each(publishedTokens.tokens)('$name decrypts to its expected plaintext, by its expected key', (published) => {
    const token = readPaymentToken(published.token);
    const key = keyOf(published);
    expect(symmetricKeyOf(token, key).toString('hex')).toBe(published.expected.symmetricKeyHex);
    expect(decryptToken(token, key).toString('utf8')).toBe(published.expected.plaintextUtf8);
  });

  it.each(publishedTokens.tokens)('$name names its key by publicKeyHash, so that keys can be rotated', (published) => {
    const keys = publishedTokens.tokens.map(keyOf);
    const named = keys.filter((key) => key.publicKeyHash === published.token.paymentData.header['publicKeyHash']);
    expect(named).toHaveLength(1);
    expect(decryptToken(readPaymentToken(published.token), named[0]!).toString()).toBe(
      published.expected.plaintextUtf8,
    );
  });

  it.each(publishedTokens.tokens)('$name is not opened by another key of the same merchant', (published) => {
    const others = publishedTokens.tokens.filter(({ name }) => name !== published.name).map(keyOf);
    for (const other of others)
      expect(refusal(() => decryptToken(readPaymentToken(published.token), other))).toMatch(
        /^(DECRYPTION_FAILED|KEY_FIELD_MISMATCH)$/,
      );
  });
});

describe('tokens of our own making', () => {
  let merchant: TestMerchant;
  let key: ProcessingKey;
  let rsaMerchant: TestMerchant;
  let rsaKey: ProcessingKey;
  const keyOf = (one: TestMerchant): ProcessingKey =>
    readProcessingKey(one.certificate, one.privateKey, one.identifier);

  beforeAll(async () => {
    [merchant, rsaMerchant] = await Promise.all([makeMerchant('merchant.one'), makeMerchant('merchant.one', 'rsa')]);
    [key, rsaKey] = [keyOf(merchant), keyOf(rsaMerchant)];
  });

  it('any payment data, for any ephemeral key, comes back as it was', () => {
    const scalar = fc.uint8Array({ minLength: 31, maxLength: 31 }).filter((bytes) => bytes.some((byte) => byte !== 0));
    fc.assert(
      fc.property(scalar, fc.uint8Array({ minLength: 1, maxLength: 500 }), (bytes, content) => {
        const ephemeral = Buffer.concat([Buffer.from([0]), bytes]);
        const plaintext = Buffer.from(content);
        return decryptToken(encryptEc(plaintext, merchant, ephemeral), key).equals(plaintext);
      }),
      { numRuns: 200 },
    );
  });

  it('a shared secret that begins with zeros keeps them: without them the token would not open', () => {
    const plaintext = Buffer.from('{}');
    let found = 0;
    for (let tries = 0; found < 3 && tries < 20_000; tries++) {
      const ephemeral = newScalar();
      if (sharedSecret(ephemeral, merchant)[0] !== 0) continue;
      found += 1;
      expect(decryptToken(encryptEc(plaintext, merchant, ephemeral), key)).toEqual(plaintext);
      const shortened = encryptEc(plaintext, merchant, ephemeral, (z) => z.subarray(z.findIndex((byte) => byte !== 0)));
      expect(refusal(() => decryptToken(shortened, key))).toBe('DECRYPTION_FAILED');
    }
    expect(found).toBe(3);
  });

  it('RSA_v1 data comes back as it was, and only under an AES-128 key', () => {
    const plaintext = Buffer.from('{"a":1}');
    expect(decryptToken(encryptRsa(plaintext, rsaMerchant), rsaKey)).toEqual(plaintext);
    expect(refusal(() => decryptToken(encryptRsa(plaintext, rsaMerchant, 32), rsaKey))).toBe('DECRYPTION_FAILED');
  });

  it('case 53: a token of the other version than its key is refused', () => {
    expect(refusal(() => decryptToken(encryptEc(Buffer.from('{}'), merchant), rsaKey))).toBe('KEY_FIELD_MISMATCH');
    expect(refusal(() => decryptToken(encryptRsa(Buffer.from('{}'), rsaMerchant), key))).toBe('KEY_FIELD_MISMATCH');
  });

  it('case 52: an ephemeral key that is no point of P-256 opens nothing', () => {
    const token = encryptEc(Buffer.from('{}'), merchant);
    const offCurve = Buffer.from(token.keyMaterial);
    offCurve[90] = (offCurve[90] ?? 0) ^ 1;
    expect(refusal(() => decryptToken({ ...token, keyMaterial: offCurve }, key))).toBe('DECRYPTION_FAILED');
    const identity = Buffer.from('3019301306072a8648ce3d020106082a8648ce3d03010703020000', 'hex');
    expect(refusal(() => decryptToken({ ...token, keyMaterial: identity }, key))).toBe('DECRYPTION_FAILED');
  });

  it('case 50: no altered byte of the ciphertext or of its tag is accepted', () => {
    const token = encryptEc(Buffer.from('{"transactionAmount":100}'), merchant);
    for (let at = 0; at < token.data.length; at++) {
      const data = Buffer.from(token.data);
      data[at] = (data[at] ?? 0) ^ 1;
      expect(refusal(() => decryptToken({ ...token, data }, key))).toBe('DECRYPTION_FAILED');
    }
  });

  it('a merchant whose certificate names another merchant, or none, is refused at start', async () => {
    const other = await makeMerchant('merchant.one', 'ec', 'merchant.two');
    expect(() => keyOf(other)).toThrow('is not of the merchant merchant.one');
    expect(() => keyOf({ ...merchant, identifier: 'merchant.two' })).toThrow('is not of the merchant merchant.two');
    const none = await makeMerchant('merchant.one', 'ec', null);
    expect(() => keyOf(none)).toThrow('has no merchant identifier field');
  });

  it("another certificate's private key is refused at start, and never printed", () => {
    const mixed = { ...merchant, privateKey: rsaMerchant.privateKey };
    expect(() => keyOf(mixed)).toThrow(
      /^the private key is not that of the payment processing certificate of merchant.one$/,
    );
  });
});

function refusal(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    if (error instanceof TokenRefused) return error.code;
    throw error;
  }
}
