import { X509Certificate } from '@peculiar/x509';
import { anchorOf, answer, FixedClock, keysNamed, makeChain, makeToken, type TestChain } from '../../testing';
import { TokenVerifier } from './token-verifier';

const NOW = new Date('2026-11-25T10:00:00Z');
const OUR_KEY = Buffer.alloc(32, 7).toString('base64');

describe('a chain that was proven before', () => {
  const clock = new FixedClock(NOW);
  let chain: TestChain;
  let verifier: TokenVerifier;

  beforeEach(async () => {
    chain = await makeChain({ validTo: new Date(NOW.getTime() + 60_000) });
    clock.at = NOW;
    verifier = new TokenVerifier({ anchor: anchorOf(chain), keys: keysNamed(OUR_KEY), clock });
    expect(await verdict({})).toBe('accepted');
  });

  async function verdict(change: Partial<Parameters<typeof makeToken>[0]>): Promise<string> {
    return answer(verifier, await makeToken({ chain, signingTime: clock.at, publicKeyHash: OUR_KEY, ...change }));
  }

  it('lets further tokens through', async () => {
    expect(await verdict({})).toBe('accepted');
  });

  it('does not let another leaf through, though all its names be the same', async () => {
    const { leaf, leafKey } = await makeChain();
    expect(await verdict({ chain: { ...chain, leaf, leafKey } })).toBe('CHAIN_UNTRUSTED');
  });

  it('does not vouch for its leaf under another intermediate, nor for its intermediate over another leaf', async () => {
    const other = await makeChain();
    expect(await verdict({ certificates: [chain.leaf, other.intermediate] })).toBe('CHAIN_UNTRUSTED');
    expect(await verdict({ certificates: [other.leaf, chain.intermediate] })).toBe('CHAIN_UNTRUSTED');
  });

  it('does not let a leaf through of which one byte was altered', async () => {
    const raw = Buffer.from(chain.leaf.rawData);
    // In the certificate's own signature, of which the first bytes say only what follows.
    const at = raw.length - 10;
    raw[at] = (raw[at] ?? 0) ^ 1;
    expect(await verdict({ chain: { ...chain, leaf: new X509Certificate(raw) } })).toBe('CHAIN_UNTRUSTED');
  });

  it('does not let the signature of another key through', async () => {
    const { leafKey } = await makeChain();
    expect(await verdict({ chain: { ...chain, leafKey } })).toBe('SIGNATURE_INVALID');
  });

  it('is judged at the time of each signature', async () => {
    clock.at = new Date(NOW.getTime() + 60_000);
    expect(await verdict({})).toBe('accepted');
    clock.at = new Date(NOW.getTime() + 61_000);
    expect(await verdict({})).toBe('CERTIFICATE_NOT_VALID');
    expect(await verdict({ signingTime: NOW })).toBe('accepted');
  });

  it('is proven by each verifier for its own root', async () => {
    const other = await makeChain();
    const elsewhere = new TokenVerifier({ anchor: anchorOf(other), keys: keysNamed(OUR_KEY), clock });
    const token = await makeToken({ chain, signingTime: NOW, publicKeyHash: OUR_KEY });
    expect(answer(elsewhere, token)).toBe('CHAIN_UNTRUSTED');
  });

  it('a refused chain stays refused, and the proven one accepted after it', async () => {
    const forged = await makeChain();
    expect(await verdict({ chain: forged })).toBe('CHAIN_UNTRUSTED');
    expect(await verdict({ chain: forged })).toBe('CHAIN_UNTRUSTED');
    expect(await verdict({})).toBe('accepted');
  });
});
