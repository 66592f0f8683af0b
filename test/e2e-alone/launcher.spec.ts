import { createServer } from 'node:net';
import { realpathSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { isPortFree } from '@gateway/local-runtime';
import { until } from '../e2e/support/until';
import { isAlive, OwnInstallation, pidsOf, type Ended } from './support/own-installation';

jest.setTimeout(300_000);

const GONE_WITHIN_MS = 60_000;

/** One sentence, or one with a semicolon: nobody has to read a stack trace. */
function expectOneSentence({ code, said }: Ended, ...words: string[]): void {
  expect(code).not.toBe(0);
  const last = said.trim().split('\n').at(-1)!;
  for (const word of words) expect(last).toContain(word);
  expect(said).not.toMatch(/\n\s+at /);
}

describe('the launcher', () => {
  let installation: OwnInstallation;
  beforeAll(async () => {
    installation = await OwnInstallation.open();
  });
  afterAll(() => installation.close());

  const gone = (pids: number[]): Promise<unknown> =>
    until('every process has ended', async () => !pids.some(isAlive), GONE_WITHIN_MS);

  it('that is killed leaves nothing in the way: its services end, the next start has the same data and works; Ctrl-C then stops all of it', async () => {
    const killed = installation.start();
    const before = await installation.untilReady(killed.pid);
    process.kill(killed.pid, 'SIGKILL');
    await killed.ended;
    await gone(Object.values(before.services).flatMap(({ pid }) => pid ?? []));

    const again = installation.start();
    const after = await installation.untilReady(again.pid);
    expect(after.kafka.cluster_id).toBe(before.kafka.cluster_id);
    expect(after.partner_api).toEqual(before.partner_api);
    for (const { url } of Object.values(after.services)) {
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    }

    process.kill(again.pid, 'SIGINT');
    const { code } = await again.ended;
    expect(code).toBe(0);
    await gone([...pidsOf(before), ...pidsOf(after)]);
    const ports = Object.entries(installation.environment).filter(([name]) => /^GATEWAY_.*_PORT$/.test(name));
    for (const [name, port] of ports) expect([name, await isPortFree(Number(port))]).toEqual([name, true]);
    expect(installation.state()).toBeUndefined();
  });

  it.each(['GATEWAY_ROUTING_PORT', 'GATEWAY_QR_WALLET_PORT', 'GATEWAY_POSTGRES_PORT', 'GATEWAY_KAFKA_PORT'])(
    'names a taken port and %s, which moves it, and leaves nothing running',
    async (variable) => {
      const port = Number(installation.environment[variable]);
      const stranger = createServer();
      await new Promise<void>((listening) => stranger.listen(port, '127.0.0.1', listening));
      try {
        expectOneSentence(await installation.start().ended, String(port), variable);
        expect(installation.state()).toBeUndefined();
      } finally {
        await new Promise((closed) => stranger.close(closed));
      }
    },
  );

  it('says that Java is missing, and stops the database that it had started', async () => {
    const ended = await installation.start({ PATH: installation.pathWith({}) }).ended;
    expectOneSentence(ended, 'Java', 'KAFKA_BROKERS');
    expect(await isPortFree(Number(installation.environment['GATEWAY_POSTGRES_PORT']))).toBe(true);
  });

  it('has a set-up step that says what is missing in a fresh clone, before it downloads anything', () => {
    const java = realpathSync(execFileSync('which', ['java'], { encoding: 'utf8' }).trim());
    expectOneSentence(installation.setUpFresh(installation.pathWith({})), 'Java is missing', 'install');
    const old = installation.pathWith({ java: 'openjdk version "11.0.2" 2019-01-15' });
    expectOneSentence(installation.setUpFresh(old), 'Java 11 is too old', 'install');
    expectOneSentence(installation.setUpFresh(installation.pathWith({ java })), 'Maven is missing', 'install');
  });
});
