import { ratioOf, spreadOf, voidReasons, type Pair, type Spread } from './comparison';
import type { CryptographyFigure } from './cryptography';
import type { BenchFigures } from './figures';
import { figure } from './format';
import type { GatewayFigures, RateFigures } from './gateway-round';
import type { IdleFigures } from './idle';
import type { BenchOptions } from './options';
import { DISTURBED_CORES } from './quiet';
import { sumOf, type RoundFigures } from './round';
import { SERVICES } from './servers';

/** The aims of the product (docs/benchmark.md). */
const AIMS = {
  ratio: 0.5,
  cpuUs: 1_600,
  perSecond: 1_000,
  coresAt100: 1,
  p50At100: 400,
  serviceBytes: 250e6,
  growth: 1.1,
  idleCores: 0.15,
  records: 30,
} as const;

/** One measured run in lines of text. */
export function describeRound(figures: RoundFigures): string {
  const { name, payments, seconds, settledPerSecond, cpu, cpuPerPayment, shape, meanBatch, batches } = figures;
  const parts = [...cpu].sort(([, left], [, right]) => right - left);
  return [
    '',
    `${name}: ${payments} payments in ${figure(seconds, 1)} s, ${figure(settledPerSecond)} settled/s`,
    `  CPU ${figure(cpuPerPayment)} us per payment: ${parts.map(([part, us]) => `${part} ${figure(us)}`).join(', ')}`,
    `  records per payment ${figure(sumOf(shape.records), 2)}, bytes ${figure(sumOf(shape.bytes))}, rows ${figure(sumOf(shape.rows), 1)}`,
    ...shapeLines(shape),
    `  records per transaction ${figure(meanBatch)}: ${Object.entries(batches)
      .map(([service, batch]) => `${service} ${figure(batch)}`)
      .join(', ')}`,
    ...(figures.load === null
      ? []
      : [`  from request to completion p50 ${figures.load.completed.p50} ms, p99 ${figures.load.completed.p99} ms`]),
    `  ${disturbance(figures)}`,
    figures.broken.length === 0 ? '  invariants hold' : `  VOID: ${figures.broken.join('; ')}`,
  ].join('\n');
}

function shapeLines({ records, bytes, rows }: RoundFigures['shape']): string[] {
  const topics = [...records]
    .filter(([, n]) => n > 0.005)
    .map(([topic, n]) => `${topic} ${figure(n, 2)} x ${figure((bytes.get(topic) ?? 0) / n)} B`);
  const tables = [...rows].filter(([, n]) => n > 0.005).map(([table, n]) => `${table} ${figure(n, 2)}`);
  return [`    topics: ${topics.join(', ')}`, `    tables: ${tables.join(', ')}`];
}

function disturbance({
  foreignCores,
  loadAverageBefore,
}: Pick<RoundFigures, 'foreignCores' | 'loadAverageBefore'>): string {
  const found = `other work on the machine: ${figure(foreignCores, 2)} cores, load average before ${figure(loadAverageBefore, 2)}`;
  return foreignCores > DISTURBED_CORES ? `DISTURBED, ${found}` : found;
}

export function describeRate({ perSecond, payments, cores, cpuPerPayment, load, foreignCores }: RateFigures): string {
  return (
    `\n${perSecond}/s: ${payments} payments, ${figure(cores, 2)} cores in all, ${figure(cpuPerPayment)} us per payment; ` +
    `answer p50 ${load.answered.p50} ms, p99 ${load.answered.p99} ms; completed p50 ${load.completed.p50} ms, ` +
    `p99 ${load.completed.p99} ms` +
    (load.settled === load.count ? '' : `; ONLY ${load.settled} COMPLETED`) +
    (foreignCores > DISTURBED_CORES ? `; DISTURBED by ${figure(foreignCores, 2)} cores of other work` : '')
  );
}

export function describeIdle({ seconds, cores, coresByPart, foreignCores }: IdleFigures): string {
  const parts = [...coresByPart].sort(([, left], [, right]) => right - left);
  const percent = (share: number): string => `${figure(share * 100, 1)} %`;
  return (
    `\nidle for ${seconds} s: ${percent(cores)} of one core in all: ` +
    `${parts.map(([part, share]) => `${part} ${percent(share)}`).join(', ')}` +
    (foreignCores > DISTURBED_CORES ? `; DISTURBED by ${figure(foreignCores, 2)} cores of other work` : '')
  );
}

export function describeCryptography(figures: readonly CryptographyFigure[]): string {
  const lines = figures.map(
    ({ operation, cpuUs, loopUs, offLoop }) =>
      `  ${operation}: ${figure(cpuUs)} us of CPU, ${figure(loopUs)} us of it in the event loop` +
      (offLoop ? ', computed in a worker thread' : ''),
  );
  return ['', 'cryptography of the wire, each:', ...lines].join('\n');
}

/** The headline, the aims, and whether the run counts. */
export function describeWhole(figures: BenchFigures, options: BenchOptions): { lines: string[]; valid: boolean } {
  const { pairs, alone, rates, idle } = figures;
  const gateways = [...alone, ...pairs.map(({ gateway }) => gateway)];
  const voids = pairs.flatMap((pair, index) => voidReasons(pair).map((reason) => `round ${index + 1}: ${reason}`));
  const broken = [...voids, ...alone.flatMap((one) => one.broken)];
  const lines = [
    '',
    `== ${options.form} form: ${options.measured} payments after ${options.warmUp}, ${options.open} open`,
  ];
  if (pairs.length > 0) lines.push(...pairLines(pairs));
  if (gateways.length > 0) lines.push(...gatewayLines(gateways));
  for (const rate of rates) lines.push(...rateLines(rate));
  if (idle !== null) lines.push(aim('idle npm start, cores', idle.cores, AIMS.idleCores, 'most', 3));
  lines.push(...broken.map((reason) => `VOID  ${reason}`));
  return { lines, valid: broken.length === 0 };
}

function pairLines(pairs: readonly Pair[]): string[] {
  const ratio = spreadOf(pairs.map(ratioOf));
  const chain = spreadOf(pairs.map((pair) => pair.chain.cpuPerPayment));
  return [
    aim('CPU per payment, chain / gateway', ratio, AIMS.ratio, 'least', 3),
    `      CPU us per payment of the chain: ${spread(chain)}, settled/s ${spread(
      spreadOf(pairs.map((pair) => pair.chain.settledPerSecond)),
    )}`,
  ];
}

function gatewayLines(gateways: readonly GatewayFigures[]): string[] {
  const cpu = spreadOf(gateways.map(({ cpuPerPayment }) => cpuPerPayment));
  const rate = spreadOf(gateways.map(({ settledPerSecond }) => settledPerSecond));
  const records = Math.max(...gateways.map(({ shape }) => sumOf(shape.records)));
  return [
    aim('CPU us per payment', cpu, AIMS.cpuUs, 'most'),
    aim('settled/s', rate, AIMS.perSecond, 'least'),
    aim('records per payment', records, AIMS.records, 'most', 2),
    ...memoryLines(gateways.at(-1)!),
  ];
}

function memoryLines({ memory }: GatewayFigures): string[] {
  const [first, last] = [memory[0]!, memory.at(-1)!];
  return SERVICES.map((service) => {
    const [from, to] = [first.bytes.get(service) ?? 0, last.bytes.get(service) ?? 0];
    const good = to < AIMS.serviceBytes && to <= from * AIMS.growth;
    return (
      `${good ? 'met  ' : 'MISS '} ${service}: ${figure(to / 1e6)} MB after ${last.payments} payments ` +
      `(aim ${figure(AIMS.serviceBytes / 1e6)}), ${figure(to / from, 2)} times that after ${first.payments} (aim ${AIMS.growth})`
    );
  });
}

function rateLines({ perSecond, cores, load }: RateFigures): string[] {
  if (perSecond !== 100) return [];
  return [
    aim('cores at 100/s', cores, AIMS.coresAt100, 'most', 2),
    aim('p50 to completion at 100/s, ms', load.completed.p50, AIMS.p50At100, 'most', 0),
  ];
}

function aim(what: string, value: number | Spread, wanted: number, bound: 'most' | 'least', places = 0): string {
  const found = typeof value === 'number' ? spreadOf([value]) : value;
  const met = bound === 'most' ? found.median <= wanted : found.median >= wanted;
  return `${met ? 'met  ' : 'MISS '} ${what}: ${spread(found, places)} (aim: at ${bound} ${figure(wanted, places)})`;
}

function spread({ median, least, most }: Spread, places = 0): string {
  return least === most
    ? figure(median, places)
    : `median ${figure(median, places)} (${figure(least, places)} to ${figure(most, places)})`;
}
