import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decryptAsMerchant, decryptWrapped, encryptForMerchant, encryptUnder } from './token-encryption';

interface RealToken {
  paymentData: { data: string; header: { ephemeralPublicKey: string; wrappedKey: string } };
}

const vectors = path.join(process.env['GATEWAY_VECTORS'] ?? path.resolve('../shared/vectors'), 'applepay/basis-theory');
const present = existsSync(vectors);
const withVectors = present ? describe : describe.skip;

withVectors(`real tokens (vectors ${present ? 'present' : 'absent: skipped'})`, () => {
  const text = (set: string, file: string): string => readFileSync(path.join(vectors, set, file), 'utf8');

  it.each(['ec-new', 'ec-old'])('are opened with the merchant key of %s', (set) => {
    const { paymentData } = JSON.parse(text(set, 'token.json')) as RealToken;
    const expected = JSON.parse(text(set, 'expected.json')) as { merchantIdentifier: string; plaintextUtf8: string };
    const plaintext = decryptAsMerchant(
      Buffer.from(paymentData.data, 'base64'),
      Buffer.from(paymentData.header.ephemeralPublicKey, 'base64'),
      createPrivateKey(text(set, 'private_key.pem')),
      expected.merchantIdentifier,
    );
    expect(plaintext.toString('utf8')).toBe(expected.plaintextUtf8);
  });

  it('of the RSA version are opened as well', () => {
    const { paymentData } = JSON.parse(text('rsa', 'token.json')) as RealToken;
    const { plaintextUtf8 } = JSON.parse(text('rsa', 'expected.json')) as { plaintextUtf8: string };
    const [data, wrapped] = [paymentData.data, paymentData.header.wrappedKey].map((one) => Buffer.from(one, 'base64'));
    const key = createPrivateKey(text('rsa', 'private_key.pem'));
    expect(decryptWrapped(data!, wrapped!, key).toString('utf8')).toBe(plaintextUtf8);
  });
});

describe('a token that we encrypt', () => {
  const merchant = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ephemeralKey = ephemeral.publicKey.export({ type: 'spki', format: 'der' });
  const data = encryptForMerchant(Buffer.from('{}'), ephemeral.privateKey, merchant.privateKey, 'merchant.one');

  it('is opened by its merchant', () => {
    expect(decryptAsMerchant(data, ephemeralKey, merchant.privateKey, 'merchant.one').toString()).toBe('{}');
  });

  it('is not opened under another identifier, with another key, or after a change', () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const changed = Buffer.from(data);
    changed[0] = (changed[0] ?? 0) ^ 1;
    expect(() => decryptAsMerchant(data, ephemeralKey, merchant.privateKey, 'merchant.two')).toThrow();
    expect(() => decryptAsMerchant(data, ephemeralKey, stranger, 'merchant.one')).toThrow();
    expect(() => decryptAsMerchant(changed, ephemeralKey, merchant.privateKey, 'merchant.one')).toThrow();
  });

  it('of the RSA version is opened by its merchant alone, and not after a change', () => {
    const [ours, other] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    const { data: sealed, wrapped } = encryptUnder(randomBytes(16), Buffer.from('{}'), ours!);
    expect(decryptWrapped(sealed, wrapped, ours!).toString()).toBe('{}');
    const changed = Buffer.from(sealed);
    changed[0] = (changed[0] ?? 0) ^ 1;
    expect(() => decryptWrapped(sealed, wrapped, other!)).toThrow();
    expect(() => decryptWrapped(changed, wrapped, ours!)).toThrow();
  });
});
