import type { Reader } from './reader';
import { type Contradicted, contradictionsIn } from './said';
import type { World } from './world';

interface CaseRow {
  readonly payment_id: string;
  readonly kind: string;
  readonly instruction_id: string | null;
}

/** A credit that came back, as routing keeps it. */
interface ReturnedRow {
  readonly payment_id: string;
  readonly amount: string;
  readonly currency: string;
}

/** What is known of what networks did and said of their own accord, at us and at themselves. */
export interface NetworkEvidence {
  readonly cases: ReadonlyMap<string, readonly CaseRow[]>;
  readonly returned: ReadonlyMap<string, readonly ReturnedRow[]>;
  readonly contradicted: ReadonlyMap<string, readonly Contradicted[]>;
}

const CASES = 'SELECT payment_id, kind, instruction_id FROM payment_case ORDER BY case_id';
const RETURNED = 'SELECT payment_id, amount_minor::text AS amount, currency FROM returned_credit ORDER BY return_id';
const AT_ONCE = 16;

export async function collectNetworkEvidence(
  reader: Reader,
  world: World,
  paymentIds: readonly string[],
): Promise<NetworkEvidence> {
  const contradicted = await inParallel(
    paymentIds,
    async (id) => [id, contradictionsIn(await world.notificationsFor(id))] as const,
  );
  return {
    cases: grouped(await reader.rows<CaseRow>('routing', CASES), ({ payment_id }) => payment_id),
    returned: grouped(await reader.rows<ReturnedRow>('routing', RETURNED), ({ payment_id }) => payment_id),
    contradicted: new Map(contradicted),
  };
}

export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row)) ?? [];
    group.push(row);
    groups.set(keyOf(row), group);
  }
  return groups;
}
