import path from 'node:path';
import { parseArgs } from 'node:util';

/** What one run of the benchmark does. Counts are payments; half of them go each way. */
export interface BenchOptions {
  /** `short` unless `--full`: the yardstick of design.md. */
  readonly form: 'short' | 'full';
  readonly warmUp: number;
  readonly measured: number;
  /** Payments open at once in the closed loop. */
  readonly open: number;
  /** Rounds A B: the gateway, then the bare chain. */
  readonly rounds: number;
  readonly parts: ReadonlySet<BenchPart>;
  /** How long the open loop runs at each rate. */
  readonly rateSeconds: number;
  readonly idleSeconds: number;
  /** How long each part waits for the machine to come to rest. */
  readonly patienceSeconds: number;
  /** Where CPU profiles of the services go; null without `--profile`. */
  readonly profileDir: string | null;
  /** The figures as JSON. */
  readonly json: string | null;
  readonly dataDir: string | null;
}

export const BENCH_PARTS = ['gateway', 'chain', 'rates', 'crypto', 'idle'] as const;
export type BenchPart = (typeof BENCH_PARTS)[number];

const FORMS = {
  short: { warmUp: 2_000, measured: 6_000, open: 2_000, rounds: 2, rateSeconds: 15, idleSeconds: 20, patience: 15 },
  full: { warmUp: 10_000, measured: 50_000, open: 2_000, rounds: 3, rateSeconds: 60, idleSeconds: 60, patience: 300 },
} as const;

const USAGE = `usage: npm run bench -- [--full] [--rounds n] [--payments n] [--warm-up n] [--open n]
       [--only gateway,chain,rates,crypto,idle] [--profile] [--json file] [--data folder]
       [--patience seconds]`;

/** @throws Error with the usage for anything else than that. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      payments: { type: 'string' },
      'warm-up': { type: 'string' },
      open: { type: 'string' },
      only: { type: 'string' },
      profile: { type: 'boolean', default: false },
      json: { type: 'string' },
      data: { type: 'string' },
      patience: { type: 'string' },
    },
  });
  const form = values.full ? 'full' : 'short';
  const defaults = FORMS[form];
  const count = (text: string | undefined, fallback: number): number => {
    if (text === undefined) return fallback;
    if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new Error(USAGE);
    return Number(text);
  };
  const parts = values.only === undefined ? BENCH_PARTS : values.only.split(',').map(partOf);
  return {
    form,
    warmUp: count(values['warm-up'], defaults.warmUp),
    measured: count(values.payments, defaults.measured),
    open: count(values.open, defaults.open),
    rounds: count(values.rounds, defaults.rounds),
    parts: new Set(parts),
    rateSeconds: defaults.rateSeconds,
    idleSeconds: defaults.idleSeconds,
    patienceSeconds: count(values.patience, defaults.patience),
    profileDir: values.profile ? path.resolve('.gateway', 'bench-profiles') : null,
    json: values.json ?? null,
    dataDir: values.data ?? null,
  };
}

function partOf(name: string): BenchPart {
  const part = BENCH_PARTS.find((one) => one === name);
  if (part === undefined) throw new Error(USAGE);
  return part;
}
