import type { Tx } from '@gateway/persistence';
import { EdgeBatcher } from './edge-batcher';
import { OutboxTransactions, type Worked } from './outbox-transactions';

/** Transactions that end when the test says so. */
class HeldTransactions extends OutboxTransactions {
  private readonly held: (() => void)[] = [];

  async run<T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T> {
    const { result } = await work({ query: () => Promise.resolve([]) });
    await new Promise<void>((resolve) => this.held.push(resolve));
    return result;
  }

  endOne(): void {
    this.held.shift()?.();
  }

  get open(): number {
    return this.held.length;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the batcher of an edge', () => {
  const batcher = (transactions: HeldTransactions, minCycleMs: number): EdgeBatcher<number, string> =>
    new EdgeBatcher<number, string>(transactions, {
      name: 'demo',
      compare: (left, right) => left - right,
      handle: (requests) => Promise.resolve({ answers: requests.map(String), emit: { records: [] } }),
      maxOpen: 1,
      maxAgeMs: 60_000,
      minCycleMs,
    });

  it('begins the next cycle when it is due, also where it was set to look after requests that grow old', async () => {
    const transactions = new HeldTransactions();
    const edge = batcher(transactions, 200);
    const first = edge.submit(1);
    const second = edge.submit(2);
    await turn();
    // The first is under way, the second waits for its end, a whole minute at most; it ends within the cycle's length.
    transactions.endOne();
    expect(await first).toBe('1');
    for (let waited = 0; transactions.open === 0 && waited < 100; waited++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    transactions.endOne();
    expect(await second).toBe('2');
  }, 20_000);

  it('keeps no timer, and so no process that ends, once nothing waits', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const transactions = new HeldTransactions();
    const edge = batcher(transactions, 0);
    const answers = [edge.submit(1), edge.submit(2)];
    await turn();
    expect(timers()).toBe(before + 1);
    transactions.endOne();
    await answers[0];
    await turn();
    transactions.endOne();
    expect(await Promise.all(answers)).toEqual(['1', '2']);
    await edge.drain();
    expect(timers()).toBe(before);
  });
});
