import { randomBytes } from 'node:crypto';
import {
  anchorOf,
  answer,
  APPLES_STYLE,
  FixedClock,
  keysNamed,
  makeChain,
  makeSignature,
  makeToken,
  type MadeToken,
  type SignatureStyle,
  type TestChain,
} from '../../testing';
import { TokenVerifier } from './token-verifier';

const NOW = new Date('2026-11-25T10:00:00Z');
const OUR_KEY = Buffer.alloc(32, 7).toString('base64');

/** One token, signed anew in every style that CMS has. */
class Signer {
  private constructor(
    private readonly chain: TestChain,
    private readonly token: MadeToken,
  ) {}

  static async make(version: 'EC_v1' | 'RSA_v1'): Promise<Signer> {
    const chain = await makeChain({ leaf: version === 'EC_v1' ? 'ec' : 'rsa' });
    const token = await makeToken({ chain, signingTime: NOW, publicKeyHash: OUR_KEY });
    if (version === 'RSA_v1') {
      const { ephemeralPublicKey: _, ...header } = token.paymentData.header;
      token.paymentData = {
        ...token.paymentData,
        version,
        header: { ...header, wrappedKey: randomBytes(256).toString('base64') },
      };
    }
    return new Signer(chain, token);
  }

  /** What the verifier says of the token in this style. */
  answerTo(change: Partial<SignatureStyle>): string {
    const { header, data } = this.token.paymentData;
    const signed = Buffer.concat([
      Buffer.from(header['ephemeralPublicKey'] ?? header['wrappedKey'] ?? '', 'base64'),
      Buffer.from(data, 'base64'),
      Buffer.from(header['transactionId'] ?? '', 'hex'),
    ]);
    const signature = makeSignature(signed, this.chain, NOW, change);
    const verifier = new TokenVerifier({
      anchor: anchorOf(this.chain),
      keys: keysNamed(OUR_KEY),
      clock: new FixedClock(NOW),
    });
    return answer(verifier, { ...this.token, paymentData: { ...this.token.paymentData, signature } });
  }
}

/** What the standard leaves to the signer: whoever signs the next token may do it in another way than today. */
const LEGAL: Partial<SignatureStyle>[] = [
  {},
  { lengths: 'shortest' },
  { lengths: 'four octets' },
  { digestParameters: 'null' },
  { attributes: ['contentType', 'signingTime', 'messageDigest'] },
  { attributes: ['messageDigest', 'algorithmProtection', 'signingTime', 'contentType'] },
  { signatureOctets: 'pieces' },
  { signatureOctets: 'pieces', lengths: 'shortest' },
  { certificates: 'leaf last' },
  { unsignedAttributes: true },
  { revocationLists: true },
];

/** What Apple's format has otherwise (payment token format reference, step 1), or CMS forbids. */
const REFUSED: [change: Partial<SignatureStyle>, code: string][] = [
  [{ attributes: ['contentType', 'messageDigest'] }, 'SIGNATURE_MALFORMED'],
  [{ attributes: ['contentType', 'signingTime'] }, 'SIGNATURE_MALFORMED'],
  [{ attributes: ['signingTime', 'messageDigest'] }, 'SIGNATURE_MALFORMED'],
  [{ attributes: [...APPLES_STYLE.attributes, 'signingTime'] }, 'SIGNATURE_MALFORMED'],
  [{ signers: 0 }, 'SIGNATURE_MALFORMED'],
  [{ signers: 2 }, 'SIGNATURE_MALFORMED'],
  [{ signedBy: 'key identifier' }, 'SIGNATURE_MALFORMED'],
  [{ content: 'inside' }, 'SIGNATURE_MALFORMED'],
  [{ attributesAre: 'BER' }, 'SIGNATURE_INVALID'],
  [{ signatureAlgorithm: 'rsa' }, 'ALGORITHM_UNEXPECTED'],
];

describe.each(['EC_v1', 'RSA_v1'] as const)('the signature of a token of %s', (version) => {
  const own: Partial<SignatureStyle> = {
    signatureAlgorithm: version === 'EC_v1' ? 'ecdsaWithSha256' : 'sha256WithRsa',
  };
  const other: Partial<SignatureStyle> = {
    signatureAlgorithm: version === 'EC_v1' ? 'sha256WithRsa' : 'ecdsaWithSha256',
  };
  let signer: Signer;
  beforeAll(async () => {
    signer = await Signer.make(version);
  });

  it.each(LEGAL)('is accepted with %j', (change) => {
    expect(signer.answerTo({ ...own, ...change })).toBe('accepted');
  });

  it.each(REFUSED)('is refused with %j', (change, code) => {
    expect(signer.answerTo({ ...own, ...change })).toBe(code);
  });

  it('is refused where it names the algorithm of the other version', () => {
    expect(signer.answerTo(other)).toBe('ALGORITHM_UNEXPECTED');
  });
});
