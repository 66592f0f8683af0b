import { sumOf, type RoundFigures } from './round';

const MOST_DIFFERENCE = 0.05;
const LEAST_BATCH = 0.8;

/** One round: the gateway and the chain that replayed it. */
export interface Pair<G extends RoundFigures = RoundFigures> {
  readonly gateway: G;
  readonly chain: RoundFigures;
}

/** Why a pair says nothing: the chain did other work than the gateway, or a run was broken. */
export function voidReasons({ gateway, chain }: Pair): string[] {
  const reasons = [...gateway.broken, ...chain.broken];
  for (const what of ['records', 'bytes', 'rows'] as const) {
    const difference = sumOf(chain.shape[what]) / sumOf(gateway.shape[what]) - 1;
    if (Math.abs(difference) > MOST_DIFFERENCE)
      reasons.push(`the chain's ${what} per payment differ by ${Math.round(difference * 1_000) / 10} %`);
  }
  if (chain.meanBatch < LEAST_BATCH * gateway.meanBatch)
    reasons.push(
      `the chain's mean batch is ${Math.round(chain.meanBatch)}, the gateway's ${Math.round(gateway.meanBatch)}`,
    );
  return reasons;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  return { median, least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 };
}

export function ratioOf({ gateway, chain }: Pair): number {
  return chain.cpuPerPayment / gateway.cpuPerPayment;
}
