import { figure } from './format';
import { sumOf, type RoundFigures } from './round';

/** One measured run in lines of text. */
export function describeRound(figures: RoundFigures): string {
  const { name, payments, seconds, settledPerSecond, cpu, cpuPerPayment, shape, meanBatch } = figures;
  const parts = [...cpu].sort(([, left], [, right]) => right - left);
  return [
    `${name}: ${payments} payments in ${figure(seconds, 1)} s`,
    `  settled/s ${figure(settledPerSecond)}   CPU ${figure(cpuPerPayment)} us per payment   mean batch ${figure(meanBatch)}`,
    ...parts.map(([part, us]) => `    ${part.padEnd(24)} ${figure(us).padStart(6)} us`),
    `  records per payment ${figure(sumOf(shape.records), 2)}, bytes ${figure(sumOf(shape.bytes))}, rows ${figure(sumOf(shape.rows), 1)}`,
    ...linesOf(
      shape.records,
      (topic, n) => `${topic}: ${figure(n, 2)} of ${figure((shape.bytes.get(topic) ?? 0) / n)} bytes`,
    ),
    ...linesOf(shape.rows, (table, n) => `${table}: ${figure(n, 2)} rows`),
    `  batches: ${JSON.stringify(figures.batches)}`,
    `  foreign CPU ${figure(figures.foreignCores, 2)} cores, load average before ${figure(figures.loadAverageBefore, 2)}`,
    ...(figures.load === null ? [] : [`  ${JSON.stringify(figures.load)}`]),
    figures.broken.length === 0 ? '  invariants hold' : `  VOID: ${figures.broken.join('; ')}`,
  ].join('\n');
}

function linesOf(values: ReadonlyMap<string, number>, line: (name: string, value: number) => string): string[] {
  return [...values].filter(([, value]) => value > 0.005).map(([name, value]) => `    ${line(name, value)}`);
}
