import { generateKeyPairSync, sign, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import fc from 'fast-check';
import { SystemClock } from '@gateway/platform';
import { NotificationRefused, type VerifiedNotification } from '@gateway/wallet-network';
import { AlipayClients } from './alipay.clients';
import type { AlipayConfig } from './alipay.config';
import { AlipayNetwork } from './alipay.network';

const SEED = { seed: 20_261_128, numRuns: 500 };
const CLIENT = '5Y00000000000000';
const APP = '2021000000000000';
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const ours = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Both contracts with one key of Alipay's, which signs whatever a test wants. */
describe('notifications of any content', () => {
  let network: AlipayNetwork;
  let alipayKey: string;

  beforeAll(async () => {
    const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
    const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    alipayKey = `-----BEGIN PRIVATE KEY-----\n${exported}\n-----END PRIVATE KEY-----`;
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=Alipay',
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2045-01-01T00:00:00Z'),
      signingAlgorithm: RSA,
      keys,
    });
    const pem = certificate.toString('pem');
    const config = { simulatorUrl: 'http://127.0.0.1:9', port: 9 } as AlipayConfig;
    const clients = new AlipayClients(config, {
      ams: {
        client_id: CLIENT,
        key_version: 1,
        private_key: ours.privateKey,
        alipay_public_key: certificate.publicKey.toString('pem'),
      },
      open_platform: {
        app_id: APP,
        app_private_key: ours.privateKey,
        app_cert: pem,
        alipay_public_cert: pem,
        alipay_root_cert: pem,
      },
    });
    network = new AlipayNetwork(clients, new SystemClock());
  });

  const signature = (text: string): string => sign('sha256', Buffer.from(text), alipayKey).toString('base64');

  function fromAms(body: string): Promise<VerifiedNotification> {
    const [path, time] = ['/notifications/ams', '1'];
    const signed = encodeURIComponent(signature(`POST ${path}\n${CLIENT}.${time}.${body}`));
    const headers = {
      'client-id': CLIENT,
      'request-time': time,
      signature: `algorithm=RSA256,keyVersion=1,signature=${signed}`,
    };
    return network.verifyNotification({ headers, path, rawBody: Buffer.from(body) });
  }

  function fromPlatform(fields: Record<string, string>): Promise<VerifiedNotification> {
    const all = { ...fields, app_id: APP };
    const text = Object.entries(all)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    const rawBody = Buffer.from(new URLSearchParams({ ...all, sign: signature(text) }).toString());
    return network.verifyNotification({ headers: {}, path: '/notifications', rawBody });
  }

  const isIdOrNull = (id: unknown): boolean => id === null || (typeof id === 'string' && id !== '');

  it('are taken from AMS where they are signed, whatever JSON they are, or none', async () => {
    const named = fc.record(
      {
        paymentRequestId: fc.oneof(fc.string(), fc.jsonValue()),
        refundRequestId: fc.oneof(fc.string(), fc.jsonValue()),
        notifyType: fc.oneof(fc.constant('PAYMENT_RESULT'), fc.jsonValue()),
        result: fc.oneof(fc.record({ resultStatus: fc.constantFrom('S', 'F', 'U') }), fc.jsonValue()),
        paymentAmount: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      named.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const { instructionId, acknowledgement } = await fromAms(text);
        expect(isIdOrNull(instructionId)).toBe(true);
        expect(acknowledgement.contentType).toBe('application/json');
      }),
      SEED,
    );
  });

  it('are taken from the platform where they are signed, whatever their fields hold', async () => {
    const content = fc.oneof(
      fc
        .record({ out_biz_no: fc.oneof(fc.string(), fc.jsonValue()), status: fc.jsonValue() }, { requiredKeys: [] })
        .map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
    );
    const fields = fc.record(
      { biz_content: content, notify_id: fc.string(), out_trade_no: fc.string(), out_biz_no: fc.string() },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fields, async (one) => {
        const { instructionId, notificationId, acknowledgement } = await fromPlatform(one);
        expect([isIdOrNull(instructionId), isIdOrNull(notificationId)]).toEqual([true, true]);
        expect(acknowledgement.body).toBe('success');
      }),
      SEED,
    );
  });

  it('are refused where they are not, by nothing but a refusal, whatever the bytes are', async () => {
    const header = fc.option(fc.string(), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), header, header, async (octets, signed, client) => {
        const headers = { ...(signed !== undefined && { signature: signed }), 'client-id': client ?? CLIENT };
        const asked = network.verifyNotification({ headers, path: '/notifications', rawBody: Buffer.from(octets) });
        await expect(asked).rejects.toBeInstanceOf(NotificationRefused);
      }),
      SEED,
    );
  });
});
