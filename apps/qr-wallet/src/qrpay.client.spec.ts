import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QrpayClient } from './qrpay.client';
import { QrpaySigner, QrpayVerifier } from './qrpay.signature';
import { readEvent } from './qrpay.wire';

const ours = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const theirs = generateKeyPairSync('ed25519');
const TIMESTAMP = '2026-11-28T10:00:00.000Z';

describe('an answer of QRPay', () => {
  let server: Server;
  let said: object = {};

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        const body = JSON.stringify(said);
        const digest = createHash('sha256').update(body).digest('hex');
        const text = ['200', String(request.headers['qrpay-signature']), TIMESTAMP, digest].join('\n');
        const signature = sign(null, Buffer.from(text), theirs.privateKey).toString('base64');
        response.writeHead(200, { 'qrpay-timestamp': TIMESTAMP, 'qrpay-signature': signature }).end(body);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const client = (): QrpayClient =>
    new QrpayClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      merchantId: 'mrc_1',
      signer: new QrpaySigner(ours),
      verifier: new QrpayVerifier(theirs.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
    });
  const inTime = (): AbortSignal => AbortSignal.timeout(10_000);
  const amount = { minor: '5100', currency: 'USD' };

  it('about our order is one, and about another order none, however well it is signed', async () => {
    said = { order_id: 'pay_1-collect', qrpay_id: 'qor_1', state: 'PAID', amount };
    expect(await client().order('pay_1-collect', inTime())).toMatchObject({ kind: 'answered' });
    const silence = { kind: 'silent', code: 'OTHER_REQUEST' };
    expect(await client().order('pay_2-collect', inTime())).toEqual(silence);
    expect(await client().makeOrder({ order_id: 'pay_2-collect' }, inTime())).toEqual(silence);
    expect(await client().cancel('pay_2-collect', 'pay_2-release', inTime())).toEqual(silence);
  });

  it('about another refund, or about none, is none', async () => {
    said = { refund_id: 'pay_1-refund', qrpay_id: 'qrf_1', state: 'DONE', amount };
    expect(await client().refund('pay_1-refund', inTime())).toMatchObject({ kind: 'answered' });
    expect(await client().refund('pay_2-refund', inTime())).toMatchObject({ kind: 'silent' });
    said = { qrpay_id: 'qrf_1', state: 'DONE', amount };
    expect(await client().makeRefund({ refund_id: 'pay_1-refund' }, inTime())).toMatchObject({ kind: 'silent' });
  });
});

it.each(['', 'not JSON', 'null', '[]', '{"event_id":7,"order_id":{"a":1}}'])(
  'a verified notification that says %s names nothing',
  (body) => {
    expect(readEvent(Buffer.from(body))).toEqual({ event_id: null, order_id: null });
  },
);
