import { generateKeyPairSync } from 'node:crypto';
import { privateKeyOf, publicKeyOf } from './alipay-keys';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const bare = (pem: string): string => pem.replaceAll(/-----[^-]+-----|\n/g, '');
const written = (type: 'pkcs1' | 'pkcs8'): string => privateKey.export({ type, format: 'pem' }).toString();
const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();

describe('keys as Alipay gives them', () => {
  it.each([
    ['PKCS#8', written('pkcs8')],
    ['PKCS#1', written('pkcs1')],
    ['PKCS#8 without its lines', bare(written('pkcs8'))],
    ['PKCS#1 without its lines', bare(written('pkcs1'))],
    ['PKCS#8 with the line ends of Windows', written('pkcs8').replaceAll('\n', '\r\n')],
    ['PKCS#8 without its lines and with one behind', `${bare(written('pkcs8'))}\n`],
  ])('a private key is read from %s', (_, text) => {
    expect(privateKeyOf(text, 'a key').equals(privateKey)).toBe(true);
  });

  it.each([
    ['PEM', spki],
    ['PEM without its lines', bare(spki)],
  ])('a public key is read from %s', (_, text) => expect(publicKeyOf(text, 'a key').equals(publicKey)).toBe(true));

  it.each([
    ['nothing', ''],
    ['a text', 'secret'],
    ['half a key', bare(written('pkcs8')).slice(0, 400)],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
  ])('%s is refused by name, and nothing of it is told', (_, text) => {
    const refused = /^ams\.private_key is no RSA key, neither as PEM nor as base64$/;
    expect(() => privateKeyOf(text, 'ams.private_key')).toThrow(refused);
    expect(() => publicKeyOf(text, 'ams.private_key')).toThrow(refused);
  });
});
