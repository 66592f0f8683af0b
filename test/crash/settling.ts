import { setTimeout as pause } from 'node:timers/promises';
import { SERVICES } from './installation';
import type { Reader } from './reader';

const POLL_MS = 1_000;

export const FINAL_STATES = ['COMPLETED', 'REJECTED', 'DECLINED', 'EXPIRED', 'REVERSED', 'BLOCKED', 'CAPTURE_LOST'];
const FINAL = `(${FINAL_STATES.map((state) => `'${state}'`).join(', ')})`;
/** Neither final nor with a person. */
export const UNFINISHED = `
  SELECT count(*) AS n FROM payment_progress g
  WHERE state NOT IN ${FINAL} AND state <> 'IN_REVIEW'
    AND NOT EXISTS (SELECT 1 FROM payment_case c WHERE c.payment_id = g.payment_id)`;
const UNPUBLISHED = 'SELECT count(*) AS n FROM outbox WHERE published_at IS NULL';
const PARKED = 'SELECT count(*) AS n FROM parked';
const UNTOLD = `SELECT count(*) AS n FROM webhook_delivery WHERE state = 'waiting'`;
const NUMBERED = 'SELECT coalesce(sum(last_sequence), 0) AS n FROM audit_stream';
const STORED = 'SELECT count(*) AS n FROM audit_log';

/** How the waiting ended. */
export interface Settled {
  readonly seconds: number;
  /** What still was under way when the time was over; null where nothing was. */
  readonly rest: string | null;
}

/** Waits until nothing is under way any more, at most so long. */
export async function untilSettled(reader: Reader, withinMs: number): Promise<Settled> {
  const began = performance.now();
  for (;;) {
    const rest = await underWay(reader).catch((error: Error) => `cannot look: ${error.message}`);
    const elapsed = performance.now() - began;
    if (rest === null || elapsed > withinMs) return { seconds: Math.round(elapsed / 1000), rest };
    await pause(POLL_MS);
  }
}

async function underWay(reader: Reader): Promise<string | null> {
  const unfinished = await reader.count('routing', UNFINISHED);
  if (unfinished > 0) return `${unfinished} payments neither final nor with a person`;
  for (const service of SERVICES) {
    for (const [sql, what] of [
      [UNPUBLISHED, 'unpublished outbox rows'],
      [PARKED, 'parked records'],
    ] as const) {
      const found = await reader.count(service, sql);
      if (found > 0) return `${found} ${what} of ${service}`;
    }
  }
  for (const [service, lag] of await reader.lag()) if (lag > 0) return `lag of ${lag} records of ${service}`;
  const untold = await reader.count('routing', UNTOLD);
  if (untold > 0) return `${untold} webhooks not delivered`;
  return unstoredAudit(reader);
}

async function unstoredAudit(reader: Reader): Promise<string | null> {
  let numbered = 0;
  for (const service of SERVICES) numbered += await reader.count(service, NUMBERED);
  const missing = numbered - (await reader.count('compliance', STORED));
  return missing === 0 ? null : `${missing} audit records not stored`;
}
