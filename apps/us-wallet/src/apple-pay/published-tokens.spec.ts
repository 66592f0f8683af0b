import { altered, anchorOf, answer, FixedClock, keysNamed, makeChain } from '../../testing';
import { publishedTokens } from '../../testing/published-tokens';
import { TokenVerifier } from './token-verifier';
import { APPLE_ROOT_CA_G3_SHA256, appleRootCaG3, pinnedRoot } from './trust-anchor';

const NOW = new Date('2026-11-25T10:00:00Z');

const real = publishedTokens.missing === null ? describe : describe.skip;
const because = publishedTokens.missing === null ? '' : ` (skipped: ${publishedTokens.missing})`;

real(`tokens that Apple signed${because}`, () => {
  const verifierFor = (published: (typeof publishedTokens.tokens)[number], offsetMs = 0): TokenVerifier =>
    new TokenVerifier({
      anchor: appleRootCaG3(),
      keys: keysNamed(...publishedTokens.tokens.map(({ token }) => token.paymentData.header['publicKeyHash'] ?? '')),
      clock: new FixedClock(new Date(Date.parse(published.expected.signature.cmsSigningTime) + offsetMs)),
    });

  it('the pinned key is that of the certificate with the published fingerprint', () => {
    const fromPem = pinnedRoot(publishedTokens.rootPem, APPLE_ROOT_CA_G3_SHA256);
    const { key, ...rest } = appleRootCaG3();
    expect(rest).toEqual({ name: fromPem.name, validFrom: fromPem.validFrom, validTo: fromPem.validTo });
    expect(key.equals(fromPem.key)).toBe(true);
  });

  it.each(publishedTokens.tokens)('$name is accepted within five minutes of its signing', (published) => {
    const verified = verifierFor(published, 299_000).verify(published.token);
    expect(verified.version).toBe(published.expected.version);
    expect(verified.signedAt).toEqual(new Date(published.expected.signature.cmsSigningTime));
    expect(verified.transactionId).toBe(published.token.transactionIdentifier.toLowerCase());
  });

  it.each(publishedTokens.tokens)(
    '$name is refused when altered, late, early or signed for another root',
    async (published) => {
      const { token } = published;
      const with_ = (change: Record<string, unknown>): unknown => ({
        ...token,
        paymentData: { ...token.paymentData, ...change },
      });
      const header = (change: Record<string, unknown>): unknown =>
        with_({ header: { ...token.paymentData.header, ...change } });
      const otherId = 'ab'.repeat(32);
      const otherRoot = anchorOf(await makeChain());
      const verifier = verifierFor(published);
      const { data, signature } = token.paymentData;
      expect({
        data: answer(verifier, with_({ data: altered(data, 0) })),
        tag: answer(verifier, with_({ data: altered(data, -1) })),
        signatureValue: answer(verifier, with_({ signature: altered(signature, -8) })),
        cut: answer(
          verifier,
          with_({ signature: Buffer.from(String(signature), 'base64').subarray(0, -2).toString('base64') }),
        ),
        otherTransaction: answer(verifier, {
          ...(header({ transactionId: otherId }) as object),
          transactionIdentifier: otherId,
        }),
        oneTransactionOnly: answer(verifier, header({ transactionId: otherId })),
        applicationData: answer(verifier, header({ applicationData: otherId })),
        late: answer(verifierFor(published, 301_000), token),
        early: answer(verifierFor(published, -2_000), token),
        today: answer(verifierFor(published, 10 * 365 * 86_400_000), token),
        otherRoot: answer(
          new TokenVerifier({
            anchor: otherRoot,
            keys: keysNamed(token.paymentData.header['publicKeyHash'] ?? ''),
            clock: new FixedClock(NOW),
          }),
          token,
        ),
      }).toEqual({
        data: 'DIGEST_MISMATCH',
        tag: 'DIGEST_MISMATCH',
        signatureValue: 'SIGNATURE_INVALID',
        cut: 'SIGNATURE_MALFORMED',
        otherTransaction: 'DIGEST_MISMATCH',
        oneTransactionOnly: 'TRANSACTION_ID_MISMATCH',
        applicationData: 'APPLICATION_DATA_UNEXPECTED',
        late: 'SIGNED_TOO_LONG_AGO',
        early: 'SIGNED_IN_FUTURE',
        today: 'SIGNED_TOO_LONG_AGO',
        otherRoot: 'CHAIN_UNTRUSTED',
      });
    },
  );

  it('no single altered byte of a signature makes another token acceptable', () => {
    const published = publishedTokens.tokens[0]!;
    const verifier = verifierFor(published);
    const signature = String(published.token.paymentData['signature']);
    const length = Buffer.from(signature, 'base64').length;
    const otherData = altered(published.token.paymentData['data'], 3);
    for (let at = 0; at < length; at += 7) {
      const paymentData = { ...published.token.paymentData, data: otherData, signature: altered(signature, at) };
      expect(answer(verifier, { ...published.token, paymentData })).not.toBe('accepted');
    }
  });
});
