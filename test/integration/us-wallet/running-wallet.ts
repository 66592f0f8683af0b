import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { auditOf } from '@gateway/contracts/audit.service.v1';
import { walletCommands } from '@gateway/contracts/wallet.network.commands.v1';
import { walletEvents } from '@gateway/contracts/wallet.network.events.v1';
import { drawFreePorts } from '@gateway/local-runtime';
import { createTopics, deleteTopics } from '@gateway/messaging';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { migrations } from '../../../apps/us-wallet/src/migrations';
import { RunningSimulator } from '../simulator/running-simulator';

const ROOT = path.resolve(__dirname, '../../..');
const REGISTER = path.join(ROOT, 'test/integration/messaging/typescript-register.cjs');
const INTERNAL_TOKEN = 'internal-token-of-the-tests';

/** What the service answered. */
export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

/** The card service as a process of its own, on a database of its own, beside a simulator of its own. */
export class RunningWallet {
  private constructor(
    readonly simulator: RunningSimulator,
    readonly test: TestDatabase,
    readonly url: string,
    readonly process: ChildProcess,
    private readonly log: () => string,
    private readonly prefix: string,
  ) {}

  static async start(): Promise<RunningWallet> {
    const simulator = await RunningSimulator.start();
    const test = await createTestDatabase(migrations);
    const prefix = `t${randomBytes(5).toString('hex')}.`;
    const contracts = [walletCommands('applepay'), walletEvents('applepay', 'us-wallet'), auditOf('us-wallet')];
    await createTopics({ brokers: brokers(), prefix, contracts });
    const [port] = await drawFreePorts(1);
    let said = '';
    const child = fork(path.join(ROOT, 'apps/us-wallet/src/main.ts'), [], {
      cwd: ROOT,
      execArgv: ['-r', REGISTER],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        DATABASE_URL: test.url,
        KAFKA_BROKERS: brokers().join(','),
        TOPIC_PREFIX: prefix,
        INTERNAL_TOKEN,
        SEAL_KEY: Buffer.alloc(32, 5).toString('base64'),
        SANDBOX: '1',
        SIMULATOR_URL: simulator.url,
        SIMULATOR_CONTROL_TOKEN: simulator.controlToken,
        ACQUIRER_BASE_URL: `${simulator.url}/acquirer`,
        ENQUIRY_PROFILE: 'short',
      },
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const wallet = new RunningWallet(simulator, test, `http://127.0.0.1:${port}`, child, () => said, prefix);
    await wallet.isStarted();
    return wallet;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      this.process.kill('SIGTERM');
      await once(this.process, 'exit');
    }
    await deleteTopics(brokers(), { prefix: this.prefix }).catch(() => undefined);
    await this.simulator.stop();
    await this.test.drop();
  }

  /** What the service has written to its log so far. */
  get logged(): string {
    return this.log();
  }

  async post(path: string, body: unknown): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${INTERNAL_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  take(token: unknown, use: 'pay' | 'be_paid' = 'pay', partnerId = 'prt_demo'): Promise<Reply> {
    return this.post('/internal/v1/instruments', {
      partner_id: partnerId,
      request_key: randomUUID(),
      use,
      data: { token },
    });
  }

  /** A token as a payer's phone makes it. */
  async phone(wish: Record<string, unknown> = {}): Promise<PhoneToken> {
    const response = await fetch(`${this.simulator.url}/apple/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scheme: 'visa', amount: '10200', currency: 'USD', ...wish }),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as PhoneToken;
  }

  async count(table: string): Promise<number> {
    const [row] = await this.test.database.query<{ n: string }>(`SELECT count(*)::text AS n FROM ${table}`);
    return Number(row?.n);
  }

  /** Still the same process, and ready. */
  async isAlive(): Promise<boolean> {
    const { ok } = await fetch(`${this.url}/health/ready`);
    return ok && this.process.exitCode === null;
  }

  private async isStarted(): Promise<void> {
    const ended = once(this.process, 'exit').then(() => 'ended');
    const started = once(this.process, 'message').then(() => 'started');
    if ((await Promise.race([started, ended])) === 'ended')
      throw new Error(`the service did not start:\n${this.logged}`);
  }
}

/** The parts of a PKPaymentToken that tests alter. */
export interface PhoneToken {
  paymentData: { version: string; data: string; signature: string; header: Record<string, string> };
  paymentMethod: object;
  transactionIdentifier: string;
}

function brokers(): string[] {
  const named = process.env['TEST_KAFKA_BROKERS'] ?? '';
  if (named === '') throw new Error('TEST_KAFKA_BROKERS is not set: this test needs a Kafka broker');
  return named.split(',');
}
