import { createServer } from 'node:net';
import { RuntimeRefusal } from './refusal';

/** Everything the runtime starts listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';

/** True when a listener could be opened on the port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: LOOPBACK, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Refuses a taken port in one sentence that names the port, what wanted it and the variable that moves it. */
export async function demandFreePort(port: number, what: string, variable: string): Promise<void> {
  if (await isPortFree(port)) return;
  throw new RuntimeRefusal(
    `Port ${port} (${what}) is taken by another program: end it, or choose another port with ${variable}.`,
  );
}

/** Different ports that are free now. They are held open together, so that no port is drawn twice. */
export async function drawFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, openOnAnyPort));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

function openOnAnyPort(): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: LOOPBACK }, () => resolve(server));
  });
}
