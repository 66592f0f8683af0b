import { createSocket } from 'node:dgram';
import { createServer, get } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { allowConnectionsOnlyTo, ConnectionRefusedHere } from './network-guard';

describe('a process that may connect to one address', () => {
  let release = (): void => undefined;
  const server = createServer((_request, response) => response.end('hello'));
  let port = 0;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    release = allowConnectionsOnlyTo(new URL(`http://127.0.0.1:${port}/acquirer`));
  });
  afterEach(() => release());
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('reaches that address', async () => {
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
  });

  it.each([
    ['another port', () => net.connect({ host: '127.0.0.1', port: 1 })],
    ['another host', () => net.connect(port, '127.0.0.2')],
    ['another name of the same host', () => net.connect({ host: 'localhost', port })],
    ['a host that is left out', () => net.connect(port)],
    ['a socket of the file system', () => net.connect('/var/run/postgresql/.s.PGSQL.5432')],
    ['another host by TLS', () => connectTls({ host: 'example.com', port: 443 })],
    ['another host by HTTP', () => get('http://127.0.0.2:81/')],
    ['a listening socket', () => net.createServer().listen(0)],
    ['a datagram', () => createSocket('udp4').send('x', 53, '127.0.0.1')],
  ])('does not reach %s', (_, attempt) => {
    expect(attempt).toThrow(ConnectionRefusedHere);
  });

  it('does not reach another host by fetch', async () => {
    const why = await fetch('http://127.0.0.2:81/').catch((error: Error) => String(error.cause));
    expect(why).toMatch('connects to the acquirer and to nobody else');
  });
});
