import { generateKeyPairSync } from 'node:crypto';
import { RunningWallet, type PhoneToken, type Reply } from './running-wallet';

jest.setTimeout(120_000);

/** Malicious input against the card service as it runs: refused with its code, nothing stored, process alive. */
describe('payment tokens that are not what they should be, at the intake', () => {
  let wallet: RunningWallet;

  beforeAll(async () => {
    wallet = await RunningWallet.start();
  });
  afterAll(() => wallet?.stop());

  const codeOf = ({ body }: Reply): string => String(body['detail']).split(':')[0] ?? '';

  /** Refused as a problem that names field and code, before anything is stored. */
  async function expectRefused(
    token: unknown,
    code: string,
    param: RegExp | string = /^token\.paymentData/,
  ): Promise<void> {
    const before = await wallet.count('instrument');
    const reply = await wallet.take(token);
    expect([reply.status, reply.body['code'], codeOf(reply)]).toEqual([422, 'INVALID_TOKEN', code]);
    expect(String(reply.body['param'])).toMatch(param);
    expect(JSON.stringify(reply.body)).not.toMatch(/stack|node_modules|at .*\.ts/);
    expect(await wallet.count('instrument')).toBe(before);
    expect(await wallet.isAlive()).toBe(true);
  }

  const withData = (token: PhoneToken, change: object): unknown => ({
    ...token,
    paymentData: { ...token.paymentData, ...change },
  });
  const withHeader = (token: PhoneToken, change: object): unknown =>
    withData(token, { header: { ...token.paymentData.header, ...change } });

  it.each(['current', 'former', 'rsa'])('a token for the %s key becomes an instrument', async (key) => {
    const reply = await wallet.take(await wallet.phone({ key }));
    expect([reply.status, String(reply.body['instrument_id']).slice(0, 4)]).toEqual([201, 'ins_']);
  });

  it('case 46: the same token twice, in whatever letters its id is written, becomes one instrument', async () => {
    const token = await wallet.phone();
    expect((await wallet.take(token)).status).toBe(201);
    const upper = token.paymentData.header['transactionId']?.toUpperCase();
    for (const again of [token, withHeader(token, { transactionId: upper })]) {
      const reply = await wallet.take(again);
      expect([reply.status, reply.body['code']]).toEqual([409, 'DUPLICATE_TOKEN']);
    }
  });

  it('case 46: the same token 200 times at once becomes one instrument', async () => {
    const token = await wallet.phone();
    const before = await wallet.count('instrument');
    const replies = await Promise.all(Array.from({ length: 200 }, () => wallet.take(token)));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(new Set(statuses)).toEqual(new Set([201, 409]));
    expect(await wallet.count('instrument')).toBe(before + 1);
    expect(await wallet.isAlive()).toBe(true);
  });

  it('case 47: a token for another merchant', async () => {
    await expectRefused(await wallet.phone({ broken: 'wrong_merchant' }), 'MERCHANT_UNKNOWN');
    await expectRefused(await wallet.phone({ broken: 'wrong_merchant', key: 'rsa' }), 'MERCHANT_UNKNOWN');
  });

  it('case 48: a signature by a self-made root with the right names', async () => {
    await expectRefused(await wallet.phone({ broken: 'wrong_root' }), 'CHAIN_UNTRUSTED');
    await expectRefused(await wallet.phone({ broken: 'wrong_root', key: 'rsa' }), 'CHAIN_UNTRUSTED');
  });

  it('case 49: a chain without the mark of its leaf or of its intermediate', async () => {
    await expectRefused(await wallet.phone({ broken: 'missing_leaf_oid' }), 'LEAF_NOT_MARKED');
    await expectRefused(await wallet.phone({ broken: 'missing_intermediate_oid' }), 'INTERMEDIATE_NOT_MARKED');
  });

  it('case 50: a signature over another key or other data, or one that does not verify', async () => {
    const [token, other] = [await wallet.phone(), await wallet.phone()];
    const { ephemeralPublicKey } = other.paymentData.header;
    await expectRefused(withHeader(token, { ephemeralPublicKey }), 'DIGEST_MISMATCH');
    await expectRefused(withData(token, { data: other.paymentData.data }), 'DIGEST_MISMATCH');
    const [rsa, otherRsa] = [await wallet.phone({ key: 'rsa' }), await wallet.phone({ key: 'rsa' })];
    await expectRefused(withHeader(rsa, { wrappedKey: otherRsa.paymentData.header['wrappedKey'] }), 'DIGEST_MISMATCH');
    await expectRefused(await wallet.phone({ broken: 'changed_transaction_id' }), 'DIGEST_MISMATCH');
    await expectRefused(await wallet.phone({ broken: 'bad_signature' }), 'SIGNATURE_INVALID');
    await expectRefused(await wallet.phone({ broken: 'bad_signature', key: 'rsa' }), 'SIGNATURE_INVALID');
  });

  it('case 51: signed more than five minutes ago, or in the future', async () => {
    await expectRefused(await wallet.phone({ broken: 'old' }), 'SIGNED_TOO_LONG_AGO');
    await expectRefused(await wallet.phone({ broken: 'from_the_future' }), 'SIGNED_IN_FUTURE');
  });

  it('case 52: a point that is not on the curve, the identity, and points of other curves', async () => {
    const token = await wallet.phone();
    const offCurve = Buffer.from(token.paymentData.header['ephemeralPublicKey'] ?? '', 'base64');
    offCurve[90] = (offCurve[90] ?? 0) ^ 1;
    const identity = Buffer.from('3019301306072a8648ce3d020106082a8648ce3d03010703020000', 'hex');
    const other = (namedCurve: string): Buffer =>
      generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' });
    for (const key of [offCurve, identity, other('secp256k1'), other('P-384')])
      await expectRefused(
        withHeader(token, { ephemeralPublicKey: key.toString('base64') }),
        'EPHEMERAL_KEY_INVALID',
        /ephemeralPublicKey$/,
      );
  });

  it("case 53: a version that does not exist, and each version with the other's key", async () => {
    const [token, rsa] = [await wallet.phone(), await wallet.phone({ key: 'rsa' })];
    await expectRefused(withData(token, { version: 'EC_v0' }), 'VERSION_UNSUPPORTED');
    await expectRefused(withData(token, { version: 'RSA_v1' }), 'KEY_FIELD_MISMATCH');
    await expectRefused(withData(rsa, { version: 'EC_v1' }), 'KEY_FIELD_MISMATCH');
    const { wrappedKey } = rsa.paymentData.header;
    await expectRefused(withHeader(token, { wrappedKey }), 'KEY_FIELD_MISMATCH');
    await expectRefused(withHeader(token, { ephemeralPublicKey: wrappedKey }), 'TOKEN_TOO_LARGE');
  });

  it('case 57: base64 in any other writing than the one', async () => {
    const token = await wallet.phone();
    const { data } = token.paymentData;
    for (const written of [
      `${data.slice(0, 8)}\n${data.slice(8)}`,
      `-_${data.slice(2)}`,
      `${data}=`,
      `${data}\0`,
      ` ${data}`,
    ])
      await expectRefused(withData(token, { data: written }), 'ENCODING_INVALID', /paymentData\.data$/);
  });

  it('case 57: data of tens of kilobytes, and of ten megabytes', async () => {
    const token = await wallet.phone();
    await expectRefused(withData(token, { data: 'A'.repeat(40_000) }), 'TOKEN_TOO_LARGE');
    const before = await wallet.count('instrument');
    // The answer comes before the body has been sent: whether it is still seen depends on who closes first.
    const huge = withData(token, { data: 'A'.repeat(10_000_000) });
    const answer = await wallet.take(huge).then(
      ({ status }) => status,
      () => 'connection closed',
    );
    expect([413, 'connection closed']).toContain(answer);
    expect(await wallet.count('instrument')).toBe(before);
    expect(await wallet.isAlive()).toBe(true);
  });

  it('what only the acquirer can find out is refused on its word', async () => {
    const before = await wallet.count('instrument');
    const reply = await wallet.take(await wallet.phone({ broken: 'undecryptable' }));
    expect([reply.status, reply.body['code'], reply.body['param']]).toEqual([422, 'INVALID_TOKEN', 'token']);
    expect(await wallet.count('instrument')).toBe(before);
  });

  it('nothing of any token is in the log', () => {
    expect(wallet.logged).not.toMatch(/paymentData|ephemeralPublicKey|publicKeyHash/);
  });
});
