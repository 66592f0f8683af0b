import { setTimeout as pause } from 'node:timers/promises';
import { SERVICES, SIMULATOR } from './installation';
import type { Reader } from './reader';
import { FINAL_STATES } from './states';

const POLL_MS = 1_000;

const FINAL = `(${FINAL_STATES.map((state) => `'${state}'`).join(', ')})`;
/** Cases that hold nothing up: a payment goes on beside them, and must. */
const BESIDE = `('source_taken_back', 'notification_conflict')`;
/** A payment, as g, has a case that a person must end. */
export const WITH_PERSON = `
  EXISTS (SELECT 1 FROM payment_case c WHERE c.payment_id = g.payment_id AND c.kind NOT IN ${BESIDE})`;
/** Neither final nor with a person. */
const UNFINISHED = `
  SELECT count(*) AS n FROM payment_progress g
  WHERE state NOT IN ${FINAL} AND state <> 'IN_REVIEW' AND NOT ${WITH_PERSON}`;
/** What networks are still to do by themselves, and to tell: what is badly signed, or refused twice, is not awaited. */
const OUTSIDE = `
  SELECT (SELECT count(*) FROM deferred_request WHERE NOT done)
       + (SELECT count(*) FROM notification WHERE state = 'open' AND content->>'badSignature' IS NULL
          AND due < clock_now() + interval '90 s') AS n`;
/** What has ended and is to be asked about once more. */
const LOOKED_AT = `
  SELECT count(*) AS n FROM instruction
  WHERE state IN ('PROCESSED', 'DECLINED', 'NOT_SUBMITTED') AND due IS NOT NULL`;
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

/** Waits until nothing is under way any more, at most so long; where networks are what fails, outside neither. */
export async function untilSettled(reader: Reader, withinMs: number, outsideToo: boolean): Promise<Settled> {
  const began = performance.now();
  for (;;) {
    const rest = await underWay(reader, outsideToo).catch((error: Error) => `cannot look: ${error.message}`);
    const elapsed = performance.now() - began;
    if (rest === null || elapsed > withinMs) return { seconds: Math.round(elapsed / 1000), rest };
    await pause(POLL_MS);
  }
}

async function underWay(reader: Reader, outsideToo: boolean): Promise<string | null> {
  const unfinished = await reader.count('routing', UNFINISHED);
  if (unfinished > 0) return `${unfinished} payments neither final nor with a person`;
  const outside = outsideToo ? await underWayOutside(reader) : null;
  if (outside !== null) return outside;
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

async function underWayOutside(reader: Reader): Promise<string | null> {
  const outside = await reader.count(SIMULATOR, OUTSIDE);
  if (outside > 0) return `${outside} deeds and words of networks`;
  for (const wallet of ['us-wallet', 'china-wallet'] as const) {
    const looked = await reader.count(wallet, LOOKED_AT);
    if (looked > 0) return `${looked} ended instructions of ${wallet} asked about again`;
  }
  return null;
}

async function unstoredAudit(reader: Reader): Promise<string | null> {
  let numbered = 0;
  for (const service of SERVICES) numbered += await reader.count(service, NUMBERED);
  const missing = numbered - (await reader.count('compliance', STORED));
  return missing === 0 ? null : `${missing} audit records not stored`;
}
