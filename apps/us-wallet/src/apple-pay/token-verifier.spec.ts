import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import {
  altered,
  anchorOf,
  answer,
  FixedClock,
  keysNamed,
  makeChain,
  makeToken,
  type MadeToken,
  type TestChain,
} from '../../testing';
import { TokenVerifier } from './token-verifier';
import { APPLE_ROOT_CA_G3_SHA256, pinnedRoot, type TrustAnchor } from './trust-anchor';

const NOW = new Date('2026-11-25T10:00:00Z');
const OUR_KEY = Buffer.alloc(32, 7).toString('base64');
const PREVIOUS_KEY = Buffer.alloc(32, 6).toString('base64');

describe('tokens of a chain of our own', () => {
  let chain: TestChain;
  let anchor: TrustAnchor;
  let clock: FixedClock;
  let verifier: TokenVerifier;
  let good: MadeToken;

  beforeAll(async () => {
    chain = await makeChain();
    anchor = anchorOf(chain);
  });
  beforeEach(async () => {
    clock = new FixedClock(NOW);
    verifier = new TokenVerifier({ anchor, keys: keysNamed(OUR_KEY, PREVIOUS_KEY), clock });
    good = await make();
  });

  function make(change: Partial<Parameters<typeof makeToken>[0]> = {}): Promise<MadeToken> {
    return makeToken({ chain, signingTime: NOW, publicKeyHash: OUR_KEY, ...change });
  }
  const paymentData = (change: object): unknown => ({ ...good, paymentData: { ...good.paymentData, ...change } });
  const header = (change: object): unknown => paymentData({ header: { ...good.paymentData.header, ...change } });

  it('a token for the current or the previous key is accepted, its transaction id in lower case', async () => {
    expect(verifier.verify(good).transactionId).toBe(good.transactionIdentifier.toLowerCase());
    expect(answer(verifier, await make({ publicKeyHash: PREVIOUS_KEY }))).toBe('accepted');
  });

  it('hands on exactly the fields it verified, and no other', () => {
    const token = {
      ...good,
      paymentData: { ...good.paymentData, more: 'x', header: { ...good.paymentData.header, more: 'x' } },
    };
    expect(verifier.verify(token).fields).toEqual(good.paymentData);
  });

  it('fields that Apple leaves out are left out where they come as null, as typed programs write them', async () => {
    const typed = header({ wrappedKey: null, applicationData: null });
    expect(verifier.verify(typed).fields).toEqual(good.paymentData);
    expect(answer(verifier, header({ ephemeralPublicKey: null }))).toBe('KEY_FIELD_MISMATCH');
    expect(answer(verifier, header({ publicKeyHash: null }))).toBe('TOKEN_MALFORMED');
    const applicationData = Buffer.alloc(32, 9);
    const stripped = await make({ applicationData });
    stripped.paymentData.header['applicationData'] = null as unknown as string;
    expect(answer(verifier, stripped)).toBe('DIGEST_MISMATCH');
  });

  it('case 46: the transaction id is the same number whatever the case of its letters', () => {
    const upper = header({ transactionId: good.paymentData.header['transactionId']?.toUpperCase() });
    expect(verifier.verify(upper).transactionId).toBe(verifier.verify(good).transactionId);
  });

  it('case 46: bytes moved over the border of two fields do not make a second transaction of one token', async () => {
    const { data, header: fields } = good.paymentData;
    const bytes = Buffer.from(data, 'base64');
    const moved = Buffer.concat([bytes.subarray(-32), Buffer.from(fields['transactionId'] ?? '', 'hex')]);
    const shorter = bytes.subarray(0, -32).toString('base64');
    const withLongId = { data: shorter, header: { ...fields, transactionId: moved.toString('hex') } };
    const [newId, oldId] = [moved.subarray(0, 32).toString('hex'), moved.subarray(32).toString('hex')];
    const asApplicationData = { data: shorter, header: { ...fields, transactionId: newId, applicationData: oldId } };
    expect(
      answer(verifier, { ...(paymentData(withLongId) as object), transactionIdentifier: moved.toString('hex') }),
    ).toBe('TOKEN_MALFORMED');
    expect(answer(verifier, { ...(paymentData(asApplicationData) as object), transactionIdentifier: newId })).toBe(
      'APPLICATION_DATA_UNEXPECTED',
    );
  });

  it('application data is accepted where the request was made with it, and only then', async () => {
    const applicationData = Buffer.alloc(32, 9);
    const token = await make({ applicationData });
    expect(answer(verifier, token, applicationData)).toBe('accepted');
    expect(answer(verifier, token)).toBe('APPLICATION_DATA_UNEXPECTED');
    expect(answer(verifier, token, Buffer.alloc(32, 8))).toBe('APPLICATION_DATA_UNEXPECTED');
    expect(answer(verifier, good, applicationData)).toBe('APPLICATION_DATA_UNEXPECTED');
  });

  it('case 47: a token for another merchant is refused', async () => {
    expect(answer(verifier, await make({ publicKeyHash: Buffer.alloc(32, 5).toString('base64') }))).toBe(
      'MERCHANT_UNKNOWN',
    );
  });

  it('a key takes the tokens that were signed while it was in use, whatever the time is now', async () => {
    const at = (ms: number): Date => new Date(NOW.getTime() + ms);
    const rotated = new TokenVerifier({
      anchor,
      keys: [
        { publicKeyHash: PREVIOUS_KEY, validUntil: NOW },
        { publicKeyHash: OUR_KEY, validFrom: NOW },
      ],
      clock,
    });
    const signed = (publicKeyHash: string, ms: number): Promise<MadeToken> =>
      make({ publicKeyHash, signingTime: at(ms) });
    clock.at = at(1_000);
    expect(answer(rotated, await signed(PREVIOUS_KEY, -1_000))).toBe('accepted');
    expect(answer(rotated, await signed(PREVIOUS_KEY, 0))).toBe('MERCHANT_KEY_NOT_VALID');
    expect(answer(rotated, await signed(OUR_KEY, 0))).toBe('accepted');
    expect(answer(rotated, await signed(OUR_KEY, -1_000))).toBe('MERCHANT_KEY_NOT_VALID');
    const { publicKeyHash } = rotated.verify(await signed(OUR_KEY, 0));
    expect(publicKeyHash).toBe(OUR_KEY);
  });

  it('case 48: a self-made root with the right names is refused', async () => {
    const forged = await makeChain();
    expect(answer(verifier, await make({ chain: forged }))).toBe('CHAIN_UNTRUSTED');
    const mixed = { ...forged, intermediate: chain.intermediate };
    expect(answer(verifier, await make({ chain: mixed }))).toBe('CHAIN_UNTRUSTED');
  });

  it('case 48: a right chain that did not sign the token is refused', async () => {
    const forged = await makeChain();
    expect(answer(verifier, await make({ chain: { ...chain, leafKey: forged.leafKey } }))).toBe('SIGNATURE_INVALID');
  });

  it.each([
    ['leaf', { leafMark: false }, 'LEAF_NOT_MARKED'],
    ['intermediate', { intermediateMark: false }, 'INTERMEDIATE_NOT_MARKED'],
  ])('case 49: a chain without the mark of the %s is refused', async (_, options, code) => {
    const unmarked = await makeChain(options);
    const own = new TokenVerifier({ anchor: anchorOf(unmarked), keys: keysNamed(OUR_KEY), clock });
    expect(answer(own, await make({ chain: unmarked }))).toBe(code);
  });

  it('case 49: other than two certificates are refused, in any order two are accepted', async () => {
    const { leaf, intermediate, root } = chain;
    expect(answer(verifier, await make({ certificates: [leaf] }))).toBe('CERTIFICATE_COUNT');
    expect(answer(verifier, await make({ certificates: [leaf, intermediate, root] }))).toBe('CERTIFICATE_COUNT');
    expect(answer(verifier, await make({ certificates: [intermediate, leaf] }))).toBe('accepted');
    expect(answer(verifier, await make({ certificates: [leaf, leaf] }))).toBe('INTERMEDIATE_NOT_MARKED');
  });

  it('case 50: an altered ephemeral key or ciphertext is refused', async () => {
    const other = await make();
    expect(answer(verifier, header({ ephemeralPublicKey: other.paymentData.header['ephemeralPublicKey'] }))).toBe(
      'DIGEST_MISMATCH',
    );
    expect(answer(verifier, paymentData({ data: altered(good.paymentData.data, 5) }))).toBe('DIGEST_MISMATCH');
  });

  it.each([
    [300_000, 'accepted'],
    [300_001, 'SIGNED_TOO_LONG_AGO'],
    [-1_000, 'accepted'],
    [-1_001, 'SIGNED_IN_FUTURE'],
  ])('case 51: %d ms after its signing a token is %s', (offset, expected) => {
    clock.at = new Date(NOW.getTime() + offset);
    expect(answer(verifier, good)).toBe(expected);
  });

  it('certificates are judged at signing time, not today', async () => {
    const expiring = await makeChain({ validTo: new Date(NOW.getTime() + 1_000) });
    const own = new TokenVerifier({ anchor: anchorOf(expiring), keys: keysNamed(OUR_KEY), clock });
    const token = await make({ chain: expiring });
    clock.at = new Date(NOW.getTime() + 60_000);
    expect(answer(own, token)).toBe('accepted');
    expect(answer(own, await make({ chain: expiring, signingTime: clock.at }))).toBe('CERTIFICATE_NOT_VALID');
  });

  it.each([
    ['a point that is not on the curve', offCurve()],
    ['a key on another curve', spki('secp256k1')],
    ['a key on P-384', spki('P-384')],
    ['the identity point', Buffer.from('3019301306072a8648ce3d020106082a8648ce3d03010703020000', 'hex')],
    ['a key with bytes behind it', Buffer.concat([spki('P-256'), Buffer.from([0])])],
  ])('case 52: %s is refused', async (_, ephemeralPublicKey) => {
    expect(answer(verifier, await make({ ephemeralPublicKey }))).toBe('EPHEMERAL_KEY_INVALID');
  });

  it("case 53: other versions and the other version's key field are refused", () => {
    expect(answer(verifier, paymentData({ version: 'EC_v0' }))).toBe('VERSION_UNSUPPORTED');
    expect(answer(verifier, paymentData({ version: 'RSA_v1' }))).toBe('KEY_FIELD_MISMATCH');
    expect(answer(verifier, header({ wrappedKey: 'AAAA' }))).toBe('KEY_FIELD_MISMATCH');
    const { ephemeralPublicKey: _, ...rest } = good.paymentData.header;
    expect(
      answer(
        verifier,
        paymentData({ version: 'RSA_v1', header: { ...rest, wrappedKey: Buffer.alloc(256).toString('base64') } }),
      ),
    ).toBe('ALGORITHM_UNEXPECTED');
    expect(
      answer(verifier, paymentData({ header: { ...rest, wrappedKey: Buffer.alloc(256).toString('base64') } })),
    ).toBe('KEY_FIELD_MISMATCH');
  });

  it("other algorithms than the version's are refused", async () => {
    expect(answer(verifier, await make({ signatureAlgorithm: '1.2.840.113549.1.1.11' }))).toBe('ALGORITHM_UNEXPECTED');
    expect(answer(verifier, await make({ digestAlgorithm: '1.3.14.3.2.26' }))).toBe('ALGORITHM_UNEXPECTED');
  });

  it.each([
    ['white space', (text: string) => `${text.slice(0, 4)}\n${text.slice(4)}`],
    ['the URL alphabet', (text: string) => `-_${text.slice(2)}`],
    ['missing padding', () => 'AAAAAAAAAAAAAAAAAAAAAAAAAAAA'.slice(0, 26)],
    ['stray bits at the end', () => `${'A'.repeat(40)}AB==`],
    ['a null byte', (text: string) => `${text}\0`],
  ])('case 57: base64 with %s is refused', (_, change) => {
    expect(answer(verifier, paymentData({ data: change(good.paymentData.data) }))).toBe('ENCODING_INVALID');
  });

  it('case 57: ten megabytes of data are refused at once', () => {
    const started = performance.now();
    expect(answer(verifier, paymentData({ data: 'A'.repeat(10_000_000) }))).toBe('TOKEN_TOO_LARGE');
    expect(performance.now() - started).toBeLessThan(50);
  });

  it('hexadecimal with other characters is refused', () => {
    expect(answer(verifier, header({ transactionId: `${'ab'.repeat(31)}zz` }))).toBe('ENCODING_INVALID');
    expect(answer(verifier, header({ transactionId: 'abc' }))).toBe('ENCODING_INVALID');
  });

  it.each([undefined, null, 'token', 7, [], {}, { paymentData: [] }, { paymentData: { header: {} } }])(
    'no token at all (%j) is refused as malformed',
    (value) => expect(answer(verifier, value)).toBe('TOKEN_MALFORMED'),
  );

  it('fields are not looked for on the prototype', () => {
    const inherited = Object.create(good.paymentData) as object;
    expect(answer(verifier, { ...good, paymentData: inherited })).toBe('TOKEN_MALFORMED');
  });

  it.each([
    ['nothing readable', Buffer.from('hello')],
    ['deep nesting', Buffer.concat([Buffer.alloc(8_000, Buffer.from([0x30, 0x80]))])],
    ['a length beyond its end', Buffer.from('3084ffffffff0000', 'hex')],
    ['an empty sequence', Buffer.from('3000', 'hex')],
  ])('a signature that is %s is refused as malformed, quickly', (_, bytes) => {
    const started = performance.now();
    expect(answer(verifier, paymentData({ signature: bytes.toString('base64') }))).toBe('SIGNATURE_MALFORMED');
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('a refusal never repeats a value of the token', () => {
    const secretive = paymentData({ data: 'secret value' });
    expect(() => verifier.verify(secretive)).toThrow(/^ENCODING_INVALID: a field is not strict base64 or hexadecimal$/);
  });
});

describe('a pinned root', () => {
  it('is refused where it is not the pinned certificate', async () => {
    const pem = (await makeChain()).root.toString('pem');
    expect(() => pinnedRoot(pem, APPLE_ROOT_CA_G3_SHA256)).toThrow('not the pinned one');
  });
  it('is refused where it is no self-signed authority', async () => {
    const { leaf } = await makeChain();
    const certificate = new X509Certificate(Buffer.from(leaf.rawData));
    expect(() => pinnedRoot(certificate.toString(), certificate.fingerprint256)).toThrow('not a self-signed authority');
  });
});

function spki(namedCurve: string): Buffer {
  return generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' });
}

function offCurve(): Buffer {
  const key = spki('P-256');
  key[90] = (key[90] ?? 0) ^ 1;
  return key;
}
