import { writeFileSync } from 'node:fs';
import { warmUpBroker } from './broker-warm-up';
import { ChainRound } from './chain-round';
import { spreadOf } from './comparison';
import { measureCryptography } from './cryptography';
import type { BenchFigures } from './figures';
import { GatewayRound, ordersOfRate } from './gateway-round';
import { measureIdle } from './idle';
import { readOptions, type BenchOptions } from './options';
import { untilQuiet } from './quiet';
import { describeCryptography, describeIdle, describeRate, describeRound, describeWhole } from './report';
import { Servers } from './servers';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const LIGHT_RATES = [10, 100] as const;
/** Of the closed loop's rate, where no other is known: for runs of the rates alone. */
const ASSUMED_PEAK = 400;

class Bench {
  readonly figures: BenchFigures = { pairs: [], alone: [], rates: [], cryptography: [], idle: null };

  constructor(private readonly options: BenchOptions) {}

  async run(): Promise<void> {
    const { parts, idleSeconds } = this.options;
    if (parts.has('gateway') || parts.has('chain') || parts.has('rates')) await this.withServers();
    if (parts.has('crypto')) await this.cryptography();
    if (!parts.has('idle')) return;
    await this.quiet();
    this.figures.idle = await measureIdle(idleSeconds);
    say(describeIdle(this.figures.idle));
  }

  private async withServers(): Promise<void> {
    const servers = await Servers.start(this.options.dataDir, say);
    const onSignal = (): void => void servers.stop().finally(() => process.exit(130));
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, onSignal);
    try {
      await warmUpBroker(servers.brokers);
      const { parts, rounds } = this.options;
      for (let round = 1; round <= rounds && (parts.has('gateway') || parts.has('chain')); round++)
        await this.round(servers, round);
      if (parts.has('rates')) await this.rates(servers);
    } finally {
      await servers.stop();
    }
  }

  /** A, then B. */
  private async round(servers: Servers, number: number): Promise<void> {
    const { options } = this;
    const orders = options.warmUp + options.measured;
    const running = await GatewayRound.start(servers, `gateway${number}`, orders, options.profileDir);
    await this.quiet();
    const gateway = await running.measure(options);
    await running.stop();
    say(describeRound(gateway));
    if (!options.parts.has('chain')) return void this.figures.alone.push(gateway);
    const bare = await ChainRound.start(servers, `chain${number}`, orders, gateway.shape);
    await this.quiet();
    const chain = await bare.measure(options);
    await bare.stop();
    say(describeRound(chain));
    this.figures.pairs.push({ gateway, chain });
  }

  /** An open loop at 10 and 100 a second and at half of what the closed loop reached. */
  private async rates(servers: Servers): Promise<void> {
    const { options, figures } = this;
    const reached = [...figures.alone, ...figures.pairs.map(({ gateway }) => gateway)];
    const peak = reached.length === 0 ? ASSUMED_PEAK : spreadOf(reached.map((one) => one.settledPerSecond)).median;
    const rates = [...LIGHT_RATES, Math.round(peak / 2)];
    const orders = options.warmUp + rates.reduce((sum, rate) => sum + ordersOfRate(rate, options.rateSeconds), 0);
    const running = await GatewayRound.start(servers, 'rates', orders, null);
    await running.warmUp(options);
    for (const perSecond of rates) {
      await this.quiet();
      const rate = await running.rate(perSecond, options.rateSeconds);
      figures.rates.push(rate);
      say(describeRate(rate));
    }
    await running.stop();
  }

  private async cryptography(): Promise<void> {
    await this.quiet();
    this.figures.cryptography = await measureCryptography();
    say(describeCryptography(this.figures.cryptography));
  }

  private async quiet(): Promise<void> {
    await untilQuiet(this.options.patienceSeconds * 1_000, say);
  }
}

function mapsAsObjects(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const bench = new Bench(options);
  await bench.run();
  const { lines, valid } = describeWhole(bench.figures, options);
  say(lines.join('\n'));
  if (options.json !== null) writeFileSync(options.json, JSON.stringify(bench.figures, mapsAsObjects, 2));
  process.exitCode = valid ? 0 : 1;
}

main().then(
  () => process.exit(),
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  },
);
