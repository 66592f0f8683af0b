import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '@gateway/platform';
import type { Instruction } from '@gateway/wallet-network';
import { AcquirerClient } from './acquirer/acquirer-client';
import type { ApplePayClients } from './applepay.clients';
import { ApplePayNetwork } from './applepay.network';

const RELEASE: Instruction = {
  instructionId: 'pay_1-release',
  paymentId: 'pay_1',
  partnerId: 'prt_1',
  operation: 'release',
  amount: { amount: '10200', currency: 'USD' },
  purpose: 'goods',
  bopCode: '121010',
  networkReference: null,
  attempt: 1,
  target: {
    instructionId: 'pay_1-hold',
    operation: 'hold',
    networkReference: null,
    amount: { amount: '10200', currency: 'USD' },
    processedAt: null,
  },
};

describe('a hold whose answer was lost', () => {
  let server: Server;
  let found: object[] = [];
  const acted: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.method === 'POST') acted.push(request.url ?? '');
      const isAction = request.method === 'POST';
      request.resume().on('end', () => {
        response.writeHead(isAction ? 202 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isAction ? { action_id: 'act_1' } : { data: found }));
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const network = (): ApplePayNetwork => {
    const acquirer = new AcquirerClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      secretKey: `sk_sbox_${'a'.repeat(26)}7`,
      publicKey: `pk_sbox_${'b'.repeat(26)}7`,
      socketTimeoutMs: 10_000,
    });
    return new ApplePayNetwork({ acquirer } as unknown as ApplePayClients, new SystemClock());
  };

  it('is never taken for the payment of somebody else that a search has found, which would be voided instead', async () => {
    const other = { id: 'pay_other', status: 'Authorized', approved: true, amount: 10200, currency: 'USD' };
    found = [
      { ...other, reference: 'pay_1-hold-2' },
      { ...other, id: 'pay_third' },
    ];
    expect(await network().release(RELEASE, AbortSignal.timeout(10_000))).toEqual({ kind: 'NOT_FOUND' });
    expect(acted).toEqual([]);
    found = [{ ...other, id: 'pay_ours', reference: 'pay_1-hold' }];
    await network().release(RELEASE, AbortSignal.timeout(10_000));
    expect(acted).toEqual(['/payments/pay_ours/voids']);
  });
});
