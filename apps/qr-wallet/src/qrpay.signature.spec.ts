import { generateKeyPairSync, sign } from 'node:crypto';
import { QrpaySigner, QrpayVerifier, type SignedAnswer, type SignedRequest } from './qrpay.signature';

const pem = { public: { type: 'spki', format: 'pem' }, private: { type: 'pkcs8', format: 'pem' } } as const;
const pair = generateKeyPairSync('ed25519', { publicKeyEncoding: pem.public, privateKeyEncoding: pem.private });
const verifier = new QrpayVerifier(pair.publicKey);
const request: SignedRequest = {
  method: 'POST',
  path: '/notifications',
  merchantId: 'mrc-1',
  timestamp: '2026-11-25T10:00:00.000Z',
  body: '{"order_id":"pay_1-collect"}',
};
const answer: SignedAnswer = {
  status: 200,
  requestSignature: 'of the request',
  timestamp: request.timestamp,
  body: '{}',
};

function signatureOf(text: string): string {
  return sign(null, Buffer.from(text), pair.privateKey).toString('base64');
}

describe('signatures of QRPay', () => {
  const signature = new QrpaySigner(pair.privateKey).sign(request);
  const digestOfBraces = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

  it('a request is signed over five lines', () => {
    const { method, path, merchantId, timestamp } = request;
    const text = [method, path, merchantId, timestamp, digestOfBraces].join('\n');
    expect(new QrpaySigner(pair.privateKey).sign({ ...request, body: '{}' })).toBe(signatureOf(text));
  });

  it.each(Object.keys(request) as (keyof SignedRequest)[])('a notification with another %s is refused', (field) => {
    expect(verifier.acceptsNotification(request, signature)).toBe(true);
    expect(verifier.acceptsNotification({ ...request, [field]: `${String(request[field])}x` }, signature)).toBe(false);
  });

  it('an answer belongs to its request: the same one to another request is refused', () => {
    const signed = signatureOf(`200\nof the request\n${answer.timestamp}\n${digestOfBraces}`);
    expect(verifier.acceptsAnswer(answer, signed)).toBe(true);
    expect(verifier.acceptsAnswer({ ...answer, requestSignature: 'of another' }, signed)).toBe(false);
    expect(verifier.acceptsAnswer({ ...answer, status: 201 }, signed)).toBe(false);
  });

  it.each([undefined, '', 'AAAA', `${'A'.repeat(86)}==`, `${'%'.repeat(86)}==`])('%j is no signature', (text) => {
    expect(verifier.acceptsNotification(request, text)).toBe(false);
  });

  it('another spelling of the same signature is refused', () => {
    const last = signature.slice(85, 86);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const sibling = alphabet[alphabet.indexOf(last) ^ 1]!;
    expect(verifier.acceptsNotification(request, `${signature.slice(0, 85)}${sibling}==`)).toBe(false);
  });

  it('a key of another kind is not taken', () => {
    const { publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: pem.public,
      privateKeyEncoding: pem.private,
    });
    expect(() => new QrpayVerifier(publicKey)).toThrow('Ed25519');
  });
});
