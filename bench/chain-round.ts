import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { NODE_FLAGS } from '../apps/cli/src/launcher/node-flags';
import type { ChainCounts, FromChain, ToChain } from './bare-chain';
import { startCounters } from './measurement';
import type { BenchOptions } from './options';
import { prepareOrders } from './orders';
import { meanBatches, partName, type RoundFigures } from './round';
import { sealKeyOf } from './seal-keys';
import { SERVICES, type Servers, type Site } from './servers';
import { perPayment, SiteWatch, type Traffic } from './site-watch';

const DRAIN_MS = 120_000;

/** The bare chain on a site of its own: as many processes as the gateway has services, told what the gateway recorded. */
export class ChainRound {
  private constructor(
    private readonly site: Site,
    private readonly children: ReadonlyMap<string, ChildProcess>,
    private readonly watch: SiteWatch,
    private readonly servers: Servers,
  ) {}

  /** @param recorded what went over the topics in the gateway's run */
  static async start(servers: Servers, name: string, orders: number, recorded: Traffic): Promise<ChainRound> {
    const site = await servers.site(name);
    const ordersFile = path.join(servers.dataDir, `${name}-orders.jsonl`);
    const apiKey = `sk_test_chain_${'benchmarksecret'.repeat(3)}`;
    await prepareOrders({ site, sealKeyOf: (service) => sealKeyOf(servers, service), apiKey }, orders, ordersFile);
    const meanBytes = Object.fromEntries(
      [...recorded.records].map(([topic, records]) => [
        topic,
        (recorded.bytes.get(topic) ?? 0) / Math.max(1e-9, records),
      ]),
    );
    const children = new Map<string, ChildProcess>();
    for (const role of SERVICES) {
      const child = fork(path.join(__dirname, 'bare-chain.js'), [role], {
        execArgv: [...NODE_FLAGS],
        stdio: 'inherit',
      });
      children.set(role, child);
      const { brokers, topicPrefix } = site;
      const { runtimeUrl: databaseUrl } = site.databases[role];
      await ask(child, { start: { role, brokers, topicPrefix, databaseUrl, meanBytes, ordersFile } });
    }
    return new ChainRound(site, children, await SiteWatch.open(site), servers);
  }

  async measure({ warmUp, measured, open }: BenchOptions): Promise<RoundFigures> {
    const routing = this.children.get('routing')!;
    const { kafka, postmaster } = await this.servers.pids();
    const pids = [...this.children].map(([name, child]) => [name, child.pid ?? 0] as const);
    const counted = { single: new Map([...pids, ['kafka', kafka] as const]), postmaster };
    await ask(routing, { run: { from: 0, count: warmUp, open } });
    await this.watch.drained(DRAIN_MS);
    const before = await this.watch.traffic();
    const batchesBefore = await this.batchCounts();
    const stop = startCounters(counted, [process.pid]);
    await ask(routing, { run: { from: warmUp, count: measured, open } });
    const drainedAt = await this.watch.drained(DRAIN_MS);
    const { cpu, seconds, totalUs, foreignCores, loadAverageBefore } = stop(drainedAt);
    const batchesAfter = await this.batchCounts();
    const shape = perPayment(before, await this.watch.traffic(), measured);
    return {
      name: this.site.name,
      payments: measured,
      seconds,
      settledPerSecond: measured / seconds,
      cpu: new Map([...cpu].map(([part, us]) => [partName(part, this.site), us / measured])),
      cpuPerPayment: totalUs / measured,
      foreignCores,
      loadAverageBefore,
      shape,
      ...meanBatches(batchesBefore, batchesAfter),
      load: null,
      broken: await this.broken(warmUp + measured),
    };
  }

  async stop(): Promise<void> {
    await this.watch.close();
    for (const child of this.children.values()) child.kill('SIGTERM');
    await this.site.remove();
  }

  private async broken(payments: number): Promise<string[]> {
    const [row] = await this.watch
      .database('routing')
      .query<{ n: bigint }>(`SELECT count(*) AS n FROM payment_progress WHERE state = 'COMPLETED'`);
    return row!.n === BigInt(payments) ? [] : [`${row!.n} of ${payments} payments completed`];
  }

  private async batchCounts(): Promise<Map<string, ChainCounts>> {
    const counts = new Map<string, ChainCounts>();
    for (const [name, child] of this.children) {
      const answer = await ask(child, { count: true });
      if ('counts' in answer) counts.set(name, answer.counts);
    }
    return counts;
  }
}

function ask(child: ChildProcess, message: ToChain): Promise<FromChain> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a process of the chain ended (${code})`));
    child.once('exit', onExit);
    child.once('message', (answer: FromChain) => {
      child.off('exit', onExit);
      resolve(answer);
    });
    child.send(message);
  });
}
