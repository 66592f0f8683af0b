import { connect, type AddressInfo } from 'node:net';
import { createHttpAdapter } from './http-adapter';

/** The status line and the body of what a server answers to bytes as they stand here. */
async function answerTo(port: number, target: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`GET ${target} HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  const answer = Buffer.concat(chunks).toString();
  return `${answer.slice(9, 12)} ${answer.slice(answer.indexOf('\r\n\r\n') + 4)}`;
}

describe('the server under every service', () => {
  const server = createHttpAdapter().getInstance();
  let port: number;
  beforeAll(async () => {
    server.get('/a/:id', (request, reply) => reply.send(request.url));
    server.get('/', (_request, reply) => reply.send('root'));
    await server.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = server.server.address() as AddressInfo);
  });
  afterAll(() => server.close());

  it.each([
    ['/a/1?b=c', '200 /a/1?b=c'],
    ['http://other.example/a/1?b=c', '200 /a/1?b=c'],
    ['HTTPS://other.example:443/a/1', '200 /a/1'],
    ['http://other.example', '200 root'],
    ['http://user@other.example/a/1', '200 /a/1'],
  ])('answers a request for %s by its path', async (target, expected) => {
    expect(await answerTo(port, target)).toBe(expected);
  });

  it.each(['/http://other.example/a/1', 'ftp://other.example/a/1', '/b', '//a/1'])(
    'finds nothing at %s',
    async (target) => expect(await answerTo(port, target)).toMatch(/^40[04] /),
  );
});
