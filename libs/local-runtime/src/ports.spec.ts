import { createServer, type Server } from 'node:net';
import { demandFreePort, drawFreePorts, isPortFree } from './ports';
import { RuntimeRefusal } from './refusal';

describe('ports', () => {
  let server: Server;
  let taken: number;

  beforeAll(async () => {
    server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    taken = (server.address() as { port: number }).port;
  });

  afterAll(() => new Promise((closed) => server.close(closed)));

  it('refuses a taken port in one sentence that names it, its user and its variable', async () => {
    const refused = demandFreePort(taken, 'Kafka', 'GATEWAY_KAFKA_PORT');
    await expect(refused).rejects.toBeInstanceOf(RuntimeRefusal);
    await expect(refused).rejects.toThrow(new RegExp(`^Port ${taken} \\(Kafka\\) .*GATEWAY_KAFKA_PORT\\.$`));
  });

  it('draws different ports that are free', async () => {
    const drawn = await drawFreePorts(5);
    expect(new Set(drawn).size).toBe(5);
    for (const port of drawn) expect(await isPortFree(port)).toBe(true);
  });
});
