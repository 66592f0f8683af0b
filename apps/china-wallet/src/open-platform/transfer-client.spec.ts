import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlipaySdk } from 'alipay-sdk';
import type { Instruction } from '@gateway/wallet-network';
import { TransferClient } from './transfer-client';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
const INSTRUCTION: Instruction = {
  instructionId: 'pay_1-credit',
  paymentId: 'pay_1',
  partnerId: 'prt_1',
  operation: 'credit',
  amount: { amount: '70615', currency: 'CNY' },
  purpose: 'goods',
  bopCode: '121010',
  networkReference: null,
  attempt: 1,
};

function clientOf(port: number): TransferClient {
  const sdk = new AlipaySdk({
    appId: '2021000000000000',
    privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyType: 'PKCS8',
    alipayPublicKey: key.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    gateway: `http://127.0.0.1:${port}/gateway.do`,
    camelcase: false,
  });
  return new TransferClient(sdk);
}

describe('a transfer whose connection fails', () => {
  let server: Server;
  const listen = async (answer: RequestListener): Promise<number> => {
    server = createServer(answer);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return (server.address() as AddressInfo).port;
  };
  const close = (): Promise<unknown> => new Promise((closed) => server.close(closed));
  const transfer = (port: number): ReturnType<TransferClient['transfer']> =>
    clientOf(port).transfer(INSTRUCTION, AbortSignal.timeout(10_000));

  it('certainly never left where nobody listens', async () => {
    const port = await listen(() => undefined);
    await close();
    expect(await transfer(port)).toEqual({ kind: 'never_left' });
  });

  it('is in doubt where the official client sent it, lost the connection, and found nobody when it sent it again', async () => {
    let taken = 0;
    const port = await listen((request) => {
      taken += 1;
      request.resume().on('end', () => {
        server.close();
        request.socket.destroy();
      });
    });
    expect(await transfer(port)).toEqual({ kind: 'silent', code: 'NO_ANSWER' });
    expect(taken).toBe(1);
  });
});

describe('an answer about a transfer', () => {
  async function answered(node: object): Promise<Awaited<ReturnType<TransferClient['query']>>> {
    const text = JSON.stringify(node);
    const signature = sign('sha256', Buffer.from(text), key.privateKey).toString('base64');
    const body = `{"alipay_fund_trans_common_query_response":${text},"sign":"${signature}"}`;
    const server = createServer((request, response) => request.resume().on('end', () => response.end(body)));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const client = clientOf((server.address() as AddressInfo).port);
    try {
      return await client.query(INSTRUCTION, AbortSignal.timeout(10_000));
    } finally {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  it('is one where it names ours, or none', async () => {
    const done = { code: '10000', status: 'SUCCESS' };
    for (const node of [done, { ...done, out_biz_no: INSTRUCTION.instructionId }])
      expect(await answered(node)).toMatchObject({ kind: 'answered', answer: { status: 'SUCCESS' } });
  });

  it.each([
    ['trans_amount', '706.155'],
    ['trans_amount', '1,706.15'],
    ['trans_amount', 706.15],
    ['refund_amount', '-1.00'],
  ])('proves nothing where its %s (%s) cannot be read: it is not what was asked either', async (name, amount) => {
    const node = { code: '10000', status: 'SUCCESS', out_biz_no: INSTRUCTION.instructionId, [name]: amount };
    expect(await answered(node)).toEqual({ kind: 'silent', code: 'UNREADABLE_ANSWER' });
  });

  it('proves nothing where it names another one, however well it is signed', async () => {
    expect(await answered({ code: '10000', status: 'SUCCESS', out_biz_no: 'pay_2-credit' })).toEqual({
      kind: 'silent',
      code: 'OTHER_TRANSFER',
    });
  });
});
