import path from 'node:path';
import { residentBytes, type CountedProcesses } from './cpu';
import { startFeed } from './feed';
import { GeneratorProcess } from './generator-process';
import { brokenInvariants } from './invariants';
import type { LoadResult } from './load';
import { startCounters } from './measurement';
import type { BenchOptions } from './options';
import { prepareOrders } from './orders';
import { meanBatches, partName, type RoundFigures } from './round';
import { sealKeyOf } from './seal-keys';
import { RunningGateway, type GatewaySettings } from './services';
import { SERVICES, type ServiceName, type Servers, type Site } from './servers';
import { perPayment, SiteWatch } from './site-watch';

const DRAIN_MS = 120_000;

/** Latency and CPU of an open loop. */
export interface RateFigures {
  readonly perSecond: number;
  readonly payments: number;
  readonly cores: number;
  readonly cpuPerPayment: number;
  readonly coresByPart: ReadonlyMap<string, number>;
  readonly load: LoadResult;
  readonly foreignCores: number;
}

/** How many orders one rate uses up. */
export function ordersOfRate(perSecond: number, seconds: number): number {
  return perSecond * (seconds + 1);
}

export interface GatewayFigures extends RoundFigures {
  /** Resident memory by service after so many payments. */
  readonly memory: readonly { readonly payments: number; readonly bytes: ReadonlyMap<string, number> }[];
}

/** One gateway on a site of its own, from its first payment to its last. */
export class GatewayRound {
  private paid = 0;

  private constructor(
    private readonly site: Site,
    private readonly gateway: RunningGateway,
    private readonly generator: GeneratorProcess,
    private readonly watch: SiteWatch,
    private readonly counted: CountedProcesses,
    private readonly stopFeed: () => void,
  ) {}

  /** Prepares as many orders as the round may need and starts the services. */
  static async start(servers: Servers, name: string, orders: number, profileDir: string | null): Promise<GatewayRound> {
    const site = await servers.site(name);
    const feed = await startFeed();
    const apiKey = `sk_test_${servers.secrets
      .get('bench-key-id')
      .replaceAll(/[^a-z0-9]/gi, '')
      .slice(0, 16)
      .toLowerCase()}_${'benchmarksecret'.repeat(3)}`;
    const settings: GatewaySettings = {
      servers,
      site,
      sealKeyOf: (service) => sealKeyOf(servers, service),
      internalToken: 'benchmark-internal-token',
      feedUrl: feed.url,
      profileDir,
    };
    const file = path.join(servers.dataDir, `${name}-orders.jsonl`);
    await prepareOrders({ site, sealKeyOf: settings.sealKeyOf, apiKey }, orders, file);
    const gateway = await RunningGateway.start(settings);
    const generator = await GeneratorProcess.start({
      port: gateway.portOf('routing'),
      apiKey,
      brokers: site.brokers,
      topic: `${site.topicPrefix}payments.payment.events.v1`,
      file,
    });
    const { kafka, postmaster } = await servers.pids();
    const counted = { single: new Map([...gateway.pids(), ['kafka', kafka]]), postmaster };
    return new GatewayRound(site, gateway, generator, await SiteWatch.open(site), counted, feed.stop);
  }

  async warmUp({ warmUp, open }: BenchOptions): Promise<void> {
    await this.pay(warmUp, { open });
  }

  /** The closed loop: warm-up, then the measured run. */
  async measure(options: BenchOptions): Promise<GatewayFigures> {
    const { measured, open } = options;
    await this.warmUp(options);
    const memory = [{ payments: this.paid, bytes: this.memory() }];
    const before = await this.watch.traffic();
    const batchesBefore = await this.batchCounts();
    const stop = startCounters(this.counted, [this.generator.pid, process.pid]);
    const { load, drainedAt } = await this.pay(measured, { open });
    const { cpu, seconds, totalUs, foreignCores, loadAverageBefore } = stop(drainedAt);
    memory.push({ payments: this.paid, bytes: this.memory() });
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
      load,
      broken: await brokenInvariants(this.gateway, this.watch, load, this.paid),
      memory,
    };
  }

  /** The open loop at a rate, after a second of it. */
  async rate(perSecond: number, seconds: number): Promise<RateFigures> {
    await this.pay(perSecond, { perSecond });
    const payments = perSecond * seconds;
    const stop = startCounters(this.counted, [this.generator.pid, process.pid]);
    const { load } = await this.pay(payments, { perSecond });
    const measured = stop();
    return {
      perSecond,
      payments,
      cores: measured.totalUs / 1e6 / measured.seconds,
      cpuPerPayment: measured.totalUs / payments,
      coresByPart: new Map(
        [...measured.cpu].map(([part, us]) => [partName(part, this.site), us / 1e6 / measured.seconds]),
      ),
      load,
      foreignCores: measured.foreignCores,
    };
  }

  async stop(): Promise<void> {
    this.generator.end();
    await this.watch.close();
    await this.gateway.stop();
    this.stopFeed();
    await this.site.remove();
  }

  private async pay(
    count: number,
    how: { readonly open: number } | { readonly perSecond: number },
  ): Promise<{ load: LoadResult; drainedAt: number }> {
    const load = await this.generator.run({ from: this.paid, count, how });
    this.paid += count;
    return { load, drainedAt: await this.watch.drained(DRAIN_MS) };
  }

  private memory(): Map<string, number> {
    return new Map([...this.gateway.pids()].map(([name, pid]) => [name, residentBytes(pid)]));
  }

  /** Transactions and records that each service has read so far. */
  private async batchCounts(): Promise<Map<ServiceName, { batches: number; records: number }>> {
    const counts = new Map<ServiceName, { batches: number; records: number }>();
    for (const service of SERVICES) {
      const text = await this.gateway.metrics(service);
      const of = (name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
      counts.set(service, { batches: of('messaging_batch_records_count'), records: of('messaging_batch_records_sum') });
    }
    return counts;
  }
}
