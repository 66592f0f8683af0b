import { createHash, createPublicKey, createVerify, X509Certificate } from 'node:crypto';
import { RunningSimulator } from './running-simulator';

jest.setTimeout(180_000);

/** An element of BER: definite or indefinite length, which a strict DER reader would refuse. */
interface Element {
  tag: number;
  content: Buffer;
  raw: Buffer;
}

function read(bytes: Buffer, at = 0): { element: Element; next: number } {
  const tag = bytes[at]!;
  const first = bytes[at + 1]!;
  if (first === 0x80) {
    let end = at + 2;
    while (bytes[end] !== 0 || bytes[end + 1] !== 0) end = read(bytes, end).next;
    return { element: { tag, content: bytes.subarray(at + 2, end), raw: bytes.subarray(at, end + 2) }, next: end + 2 };
  }
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  const start = at + 2 + lengthBytes;
  const element = { tag, content: bytes.subarray(start, start + length), raw: bytes.subarray(at, start + length) };
  return { element, next: start + length };
}

function children(content: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length;) {
    const { element, next } = read(content, at);
    found.push(element);
    at = next;
  }
  return found;
}

const oidHex = {
  contentType: '2a864886f70d010903',
  messageDigest: '2a864886f70d010904',
  signingTime: '2a864886f70d010905',
  algorithmProtection: '2a864886f70d010934',
  leaf: '2a864886f76364061d',
  intermediate: '2a864886f763640602' + '0e',
  merchant: '2a864886f763640620',
  ecdsaSha256: '2a8648ce3d040302',
  rsaSha256: '2a864886f70d01010b',
};

interface Token {
  paymentData: { version: string; data: string; signature: string; header: Record<string, string> };
  paymentMethod: { displayName: string; network: string; type: string };
  transactionIdentifier: string;
}

/** The steps that a receiver has to take, each answered yes or no. */
function verify(token: Token, root: X509Certificate): { steps: Record<string, boolean>; signingTime: string } {
  const { header, data, signature } = token.paymentData;
  const [, wrapped] = children(read(Buffer.from(signature, 'base64')).element.content);
  const signedData = children(children(wrapped!.content)[0]!.content);
  const certificates = children(signedData.find(({ tag }) => tag === 0xa0)!.content).map(
    ({ raw }) => new X509Certificate(raw),
  );
  const has = (certificate: X509Certificate, oid: string): boolean =>
    certificate.raw.includes(Buffer.from(`06${(oid.length / 2).toString(16).padStart(2, '0')}${oid}`, 'hex'));
  const leaf = certificates.find((one) => has(one, oidHex.leaf));
  const intermediate = certificates.find((one) => has(one, oidHex.intermediate));
  const signerInfo = children(children(signedData.at(-1)!.content)[0]!.content);
  const attributes = signerInfo.find(({ tag }) => tag === 0xa0)!;
  const attribute = (oid: string): Element | undefined => {
    const holder = children(attributes.content).find(
      ({ content }) => children(content)[0]!.content.toString('hex') === oid,
    );
    return holder && children(children(holder.content)[1]!.content)[0];
  };
  const signed = Buffer.concat([
    Buffer.from(header['ephemeralPublicKey'] ?? header['wrappedKey']!, 'base64'),
    Buffer.from(data, 'base64'),
    Buffer.from(header['transactionId']!, 'hex'),
    Buffer.from(header['applicationData'] ?? '', 'hex'),
  ]);
  const asSet = Buffer.from(attributes.raw);
  asSet[0] = 0x31;
  const anyLeaf = leaf ?? certificates[0]!;
  const algorithm = children(signerInfo[4]!.content)[0]!.content.toString('hex');
  const steps = {
    isIndefinite: Buffer.from(signature, 'base64').subarray(0, 2).toString('hex') === '3080',
    twoCertificates: certificates.length === 2,
    leafMarked: leaf !== undefined,
    intermediateMarked: intermediate !== undefined,
    chain:
      leaf !== undefined &&
      intermediate !== undefined &&
      leaf.verify(intermediate.publicKey) &&
      intermediate.verify(root.publicKey) &&
      root.verify(root.publicKey),
    digest: createHash('sha256').update(signed).digest().equals(attribute(oidHex.messageDigest)!.content),
    signature: createVerify('sha256').update(asSet).verify(anyLeaf.publicKey, signerInfo.at(-1)!.content),
    algorithm: algorithm === (token.paymentData.version === 'RSA_v1' ? oidHex.rsaSha256 : oidHex.ecdsaSha256),
    fourAttributes: [oidHex.contentType, oidHex.signingTime, oidHex.algorithmProtection].every((oid) => attribute(oid)),
  };
  return { steps, signingTime: attribute(oidHex.signingTime)!.content.toString('ascii') };
}

describe('tokens of the simulated wallet maker, verified by the steps of the published format', () => {
  let simulator: RunningSimulator;
  let root: X509Certificate;

  beforeAll(async () => {
    simulator = await RunningSimulator.start();
    root = new X509Certificate(await (await fetch(`${simulator.url}/apple/root.pem`)).text());
  });
  afterAll(async () => {
    await simulator.stop();
  });

  async function make(wish: Record<string, unknown> = {}): Promise<Token> {
    const response = await fetch(`${simulator.url}/apple/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scheme: 'visa', amount: '10200', currency: 'USD', ...wish }),
    });
    expect(response.status).toBe(201);
    return (await response.json()) as Token;
  }

  it('pass every step', async () => {
    const applicationData = createHash('sha256').update('order 1').digest('hex');
    const wishes = [
      {},
      { scheme: 'amex' },
      { application_data_hash: applicationData },
      { key: 'former' },
      { key: 'rsa' },
    ];
    for (const wish of [...wishes, { decrypted_by: 'gateway' }]) {
      const token = await make(wish);
      const { signingTime, steps } = verify(token, root);
      expect(Object.entries(steps).filter(([, good]) => !good)).toEqual([]);
      expect(signingTime).toMatch(/^[0-9]{12}Z$/);
      expect(token.transactionIdentifier).toBe(token.paymentData.header['transactionId']);
    }
  });

  it.each([
    ['bad_signature', ['signature']],
    ['tampered_data', ['digest']],
    ['changed_transaction_id', ['digest']],
    ['wrong_root', ['chain']],
    ['missing_leaf_oid', ['leafMarked', 'chain']],
    ['missing_intermediate_oid', ['intermediateMarked', 'chain']],
  ])('that are asked to be wrong (%s) fail at %s and nowhere else', async (broken, expected) => {
    const { steps } = verify(await make({ broken }), root);
    const failed = Object.entries(steps).filter(([, good]) => !good);
    expect(failed.map(([step]) => step)).toEqual(expected);
  });

  it('carry the time they are told, or an old one', async () => {
    const told = verify(await make({ signing_time: '2026-03-04T05:06:07Z' }), root);
    expect(told.signingTime).toBe('260304050607Z');
    const old = verify(await make({ broken: 'old', signing_time: '2026-03-04T05:06:07Z' }), root);
    expect(old.signingTime).toBe('260304040607Z');
  });

  it('are for our merchant, whose certificate holds the hash of its identifier', async () => {
    const merchant = (await (await fetch(`${simulator.url}/apple/merchant`)).json()) as Record<string, string>;
    const certificate = new X509Certificate(merchant['certificate']!);
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
    const hash = createHash('sha256').update(spki).digest('base64');
    expect(merchant['public_key_hash']).toBe(hash);
    expect((await make()).paymentData.header['publicKeyHash']).toBe(hash);
    expect((await make({ broken: 'wrong_merchant' })).paymentData.header['publicKeyHash']).not.toBe(hash);
    const idHash = createHash('sha256').update(merchant['merchant_identifier']!).digest('hex').toUpperCase();
    const field = Buffer.concat([Buffer.from(`06${'09'}${oidHex.merchant}`, 'hex'), Buffer.from('04420c40', 'hex')]);
    const at = certificate.raw.indexOf(field) + field.length;
    expect(certificate.raw.subarray(at, at + 64).toString('ascii')).toBe(idHash);
  });

  it('carry a usable key agreement: the ephemeral key is on P-256, another one every time', async () => {
    const [one, other] = [await make(), await make()];
    const keys = [one, other].map(({ paymentData }) =>
      createPublicKey({
        key: Buffer.from(paymentData.header['ephemeralPublicKey']!, 'base64'),
        format: 'der',
        type: 'spki',
      }),
    );
    expect(keys.map((key) => key.asymmetricKeyDetails?.namedCurve)).toEqual(['prime256v1', 'prime256v1']);
    expect(keys[0]!.equals(keys[1]!)).toBe(false);
  });

  it.each([
    { scheme: 'diners' },
    { outcome: 'no_such_marker' },
    { broken: 'everything' },
    { currency: 'EUR' },
    { key: 'next' },
    { decrypted_by: 'nobody' },
    { signing_time: 'yesterday' },
    { application_data_hash: 'zz' },
  ])('are refused for %j', async (wish) => {
    const response = await fetch(`${simulator.url}/apple/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ amount: '1', currency: 'USD', ...wish }),
    });
    expect(response.status).toBe(422);
  });
});
