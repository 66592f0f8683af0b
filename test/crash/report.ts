import { INVARIANTS, type Invariant } from './judge';
import { doubledMoney, doubledMovements, lostMoney, MONEY_INVARIANTS } from './money-judge';
import { NETWORK_INVARIANTS, ofTheirOwnAccord } from './network-judge';
import type { CrashRun } from './run';

export const ALL_INVARIANTS: readonly Invariant[] = [...INVARIANTS, ...MONEY_INVARIANTS, ...NETWORK_INVARIANTS];
const MOST_SHOWN = 5;

/** The run on a page: seed, counts, what was checked, and in its last line what was lost or doubled. */
export function reportOf(run: CrashRun): string {
  const { options, evidence, partners, ownEnds } = run;
  const { load, kills, settled, watch } = evidence;
  const { accepted, refusals } = load;
  const own = ofTheirOwnAccord(evidence);
  const lines = [
    `seed ${options.seed} (CRASH_SEED=${options.seed} repeats it), ${options.seconds} s of load, failing: ${options.failing}`,
    `payments: ${accepted.length} accepted within ${load.seconds} s (${counted(accepted.map(({ order }) => order.direction))})`,
    `unknown to us for a while: ${unknownFor(evidence)} payments`,
    `taken back by networks: ${own.payers} of payers, ${own.payees} of payees; contradicted: ${own.contradictions}`,
    `ended: ${counted([...evidence.payments.values()].map(({ state }) => state))}`,
    `kills: ${kills.length} (${kills.map(({ victim, at }) => `${victim} ${at} s`).join(', ')}); processes that ended by themselves: ${ownEnds}`,
    `the partner repeated: ${merged(partners.map(({ troubles }) => troubles)) || 'nothing'}`,
    `the partner began anew: ${merged([refusals]) || 'never'}`,
    `slowest acceptance: ${Math.round(Math.max(0, ...accepted.map(({ waitedMs }) => waitedMs)))} ms`,
    `executed movements: ${evidence.executedInAll}; settled ${settled.seconds} s after the last payment; ${watch.looks} looks at the books meanwhile; ${Math.round(watch.peakBytes / 1024 ** 2)} MB at the peak`,
    ...ALL_INVARIANTS.flatMap((invariant) => verdictOn(invariant, run)),
    lastLine(run),
  ];
  return lines.join('\n');
}

function verdictOn({ name, check }: Invariant, { evidence }: CrashRun): string[] {
  const broken = check(evidence);
  if (broken.length === 0) return [`  holds   ${name}`];
  return [`  BROKEN  ${name} (${broken.length})`, ...broken.slice(0, MOST_SHOWN).map((one) => `          ${one}`)];
}

function lastLine({ evidence }: CrashRun): string {
  const [unknown, unfinished] = [INVARIANTS[0], INVARIANTS[1]].map((one) => one?.check(evidence) ?? []);
  const lost = [...(unknown ?? []), ...(unfinished ?? []), ...lostMoney(evidence)];
  const doubled = [...doubledMovements(evidence), ...doubledMoney(evidence)];
  const what = [...lost, ...doubled].slice(0, MOST_SHOWN).join('; ');
  return `${lost.length} lost, ${doubled.length} doubled${what === '' ? '' : `: ${what}`}`;
}

/** How many payments have had an outcome that nobody knew. */
function unknownFor({ changes }: CrashRun['evidence']): number {
  const unknown = (rows: readonly { state: string }[]): boolean => rows.some(({ state }) => state.endsWith('_UNKNOWN'));
  return [...changes.values()].filter(unknown).length;
}

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return merged([counts]);
}

function merged(maps: readonly ReadonlyMap<string, number>[]): string {
  const sums = new Map<string, number>();
  for (const map of maps) for (const [name, n] of map) sums.set(name, (sums.get(name) ?? 0) + n);
  return [...sums].map(([name, n]) => `${n} ${name}`).join(', ');
}
