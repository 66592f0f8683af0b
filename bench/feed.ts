import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** CNY per USD of every run, so that all runs book the same amounts. */
export const MID = '7.13280000';
const USD_PER_EUR = '1.0000';
const CNY_PER_EUR = '7.1328';

/** The price feed of the benchmark: what the simulator gives fx-settlement in a local run, and nothing else. */
export async function startFeed(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, response) => {
    const now = new Date().toISOString();
    const body =
      request.url === '/treasury'
        ? JSON.stringify({ pair: 'USD/CNY', mid: MID, as_of: now })
        : `Date,USD,CNY,\n${now.slice(0, 10)},${USD_PER_EUR},${CNY_PER_EUR},\n`;
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}
