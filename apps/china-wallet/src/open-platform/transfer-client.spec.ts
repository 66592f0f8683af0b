import { generateKeyPairSync } from 'node:crypto';
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
