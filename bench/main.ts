import { writeFileSync } from 'node:fs';
import { ChainRound } from './chain-round';
import { figure } from './format';
import { GatewayRound } from './gateway-round';
import { readOptions, type BenchOptions } from './options';
import { describeRound } from './report';
import { Servers } from './servers';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function bench(options: BenchOptions): Promise<void> {
  const servers = await Servers.start(options.dataDir, say);
  const onSignal = (): void => void servers.stop().finally(() => process.exit(130));
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, onSignal);
  try {
    const orders = options.warmUp + options.measured;
    const round = await GatewayRound.start(servers, 'g1', orders, options.profileDir);
    const figures = await round.measure(options);
    await round.stop();
    say(describeRound(figures));
    if (options.parts.has('chain')) {
      const chain = await ChainRound.start(servers, 'c1', orders, figures.shape);
      const bare = await chain.measure(options);
      await chain.stop();
      say(describeRound(bare));
      say(`ratio ${figure(bare.cpuPerPayment / figures.cpuPerPayment, 3)}`);
    }
    if (options.json !== null) writeFileSync(options.json, JSON.stringify(figures, mapsAsObjects, 2));
    if (figures.broken.length > 0) process.exitCode = 1;
  } finally {
    await servers.stop();
  }
}

function mapsAsObjects(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

bench(readOptions(process.argv.slice(2))).then(
  () => process.exit(),
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  },
);
