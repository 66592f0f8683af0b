import 'reflect-metadata';
import type { TestDatabase } from '@gateway-testing/persistence';
import { command } from './support';
import { DemoController, script } from './demo-controller';
import { startDemo } from './support';

/** What a child process is told: where to work, and where to die or to stop. */
export interface DemoOrders {
  prefix: string;
  brokers: string[];
  url: string;
  /** `kill` and `stop` act on the process itself, once, at the first batch that reaches the point. */
  at?: 'inside the transaction' | 'before publishing';
  act?: 'SIGKILL' | 'SIGSTOP';
  /** Marks are never written, as if the process always died before. */
  neverMark?: boolean;
  /** Told `stop`, it stops its service and does not end itself: it ends when nothing is left that keeps it. */
  endsByItself?: boolean;
  /** Commits this many commands through the outbox at once, where the point above is then reached. */
  commit?: number;
}

const orders = JSON.parse(process.env['DEMO_ORDERS'] ?? '{}') as DemoOrders;
let acted = false;

function reached(point: DemoOrders['at']): void {
  if (orders.at !== point || acted || !orders.act) return;
  acted = true;
  process.send?.('reached');
  process.kill(process.pid, orders.act);
}

async function main(): Promise<void> {
  if (orders.at === 'before publishing') script.afterCommit = () => reached('before publishing');
  // The signal takes effect a moment after the call: stay inside the transaction until it has.
  script.insideTransaction = async () => {
    if (orders.at !== 'inside the transaction' || acted) return;
    reached('inside the transaction');
    await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const test = { url: orders.url } as TestDatabase;
  const limits = orders.neverMark ? { markAloneAfterMs: 3_600_000 } : {};
  const service = await startDemo({ prefix: orders.prefix, brokers: orders.brokers, test }, [DemoController], {
    limits,
    instance: 'child',
  });
  if (orders.endsByItself) {
    process.once('message', () => void service.stop().then(() => process.disconnect()));
  } else {
    process.once('SIGTERM', () => void service.stop().then(() => process.exit(0)));
    process.once('disconnect', () => process.exit(0));
  }
  process.send?.('started');
  if (orders.commit) {
    const records = Array.from({ length: orders.commit }, (_, n) => command(n));
    const afterCommit = (): void => reached('before publishing');
    await service.transactions.run(async () => ({ result: null, emit: { records, afterCommit } }));
    process.send?.('committed');
  }
}

void main();
