import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AmsClient, type AmsCall } from './ams-client';
import { AmsSigner, AmsVerifier } from './ams-signature';

const pair = (): { privateKey: string; publicKey: string } =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const [ours, theirs] = [pair(), pair()];
const SUCCESS = { result: { resultCode: 'SUCCESS', resultStatus: 'S' } };

/** AMS for one client: verifies what it is asked and signs what it answers. */
class Ams {
  readonly paths: string[] = [];
  private readonly server: Server;

  constructor(
    private readonly clientId: string,
    private readonly answer: object,
  ) {
    this.server = createServer((request, response) => {
      void this.serve(request).then(({ body, signature, time }) =>
        response.writeHead(200, { 'response-time': time, signature }).end(body),
      );
    });
  }

  async ask(operation: string, body: object): Promise<AmsCall> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    const { port } = this.server.address() as AddressInfo;
    const client = new AmsClient({
      baseUrl: `http://127.0.0.1:${port}`,
      clientId: this.clientId,
      signer: new AmsSigner(ours.privateKey, 1),
      verifier: new AmsVerifier({ '1': theirs.publicKey }),
    });
    try {
      return await client.call(operation, body, AbortSignal.timeout(10_000));
    } finally {
      this.server.closeAllConnections();
      await new Promise((closed) => this.server.close(closed));
    }
  }

  private async serve(request: IncomingMessage): Promise<{ body: string; signature: string; time: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const path = request.url ?? '';
    const { clientId } = this;
    const asked = {
      method: 'POST',
      path,
      clientId,
      time: String(request.headers['request-time']),
      body: Buffer.concat(chunks).toString(),
    } as const;
    if (new AmsVerifier({ '1': ours.publicKey }).accepts(asked, String(request.headers['signature'])))
      this.paths.push(path);
    const told = { ...asked, time: '1790000000000', body: JSON.stringify(this.answer) };
    return { body: told.body, time: told.time, signature: await new AmsSigner(theirs.privateKey, 1).header(told) };
  }
}

describe('calls to AMS', () => {
  it.each([
    ['5Y00000000000000', '/ams/api/v1/payments/pay'],
    ['SANDBOX_5Y00000000000000', '/ams/sandbox/api/v1/payments/pay'],
  ])('of the client %s go to %s, and that path is what is signed both ways', async (clientId, path) => {
    const ams = new Ams(clientId, SUCCESS);
    expect(await ams.ask('pay', { paymentRequestId: 'pay_1-collect' })).toMatchObject({ kind: 'answered' });
    expect(ams.paths).toEqual([path]);
  });

  it.each([
    ['inquiryPayment', { paymentRequestId: 'pay_1-collect' }, { paymentRequestId: 'pay_2-collect' }],
    [
      'refund',
      { refundRequestId: 'pay_1-refund', paymentId: 'P1' },
      { refundRequestId: 'pay_1-refund', paymentId: 'P2' },
    ],
    ['inquiryRefund', { refundRequestId: 'pay_1-refund' }, { refundRequestId: 'pay_2-refund' }],
  ])('%s: an answer about another one proves nothing, however well it is signed', async (operation, asked, named) => {
    const other = new Ams('5Y00000000000000', { ...SUCCESS, paymentStatus: 'SUCCESS', ...named });
    expect(await other.ask(operation, asked)).toEqual({ kind: 'silent', code: 'OTHER_REQUEST' });
    const same = new Ams('5Y00000000000000', { ...SUCCESS, paymentStatus: 'SUCCESS', paymentId: 'P1', ...asked });
    expect(await same.ask(operation, asked)).toMatchObject({ kind: 'answered' });
  });
});

describe('an answer of AMS', () => {
  async function askEndless(write: (response: ServerResponse) => void): Promise<AmsCall> {
    const server = createServer((_request, response) => write(response));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const client = new AmsClient({
      baseUrl: `http://127.0.0.1:${port}`,
      clientId: '5Y00000000000000',
      signer: new AmsSigner(ours.privateKey, 1),
      verifier: new AmsVerifier({ '1': theirs.publicKey }),
    });
    try {
      return await client.call('pay', { paymentRequestId: 'pay_1-collect' }, AbortSignal.timeout(60_000));
    } finally {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  it('without an end is read no further than any answer is long, and proves nothing', async () => {
    let written = 0;
    const more = (response: ServerResponse): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) written += 65_536;
      if (!response.destroyed) response.once('drain', () => more(response));
    };
    expect(await askEndless(more)).toEqual({ kind: 'silent', code: 'NO_ANSWER' });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('that announces more than it is long proves nothing either', async () => {
    const announce = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-length': '1000' }).write('{}');
      response.destroy();
    };
    expect(await askEndless(announce)).toEqual({ kind: 'silent', code: 'NO_ANSWER' });
  });
});
