import type { RunningGateway } from './services';
import type { SiteWatch } from './site-watch';
import type { LoadResult } from './load';

/** What must hold after a run of the gateway; each broken one is a sentence, and any of them voids the run. */
export async function brokenInvariants(
  gateway: RunningGateway,
  watch: SiteWatch,
  load: LoadResult,
  payments: number,
): Promise<string[]> {
  const broken: string[] = [];
  if (load.settled !== load.count)
    broken.push(
      `${load.settled} of ${load.count} completed: ${JSON.stringify({ ...load.otherwise, ...load.refused })}`,
    );
  const balance = await gateway.ask<{ balanced: boolean }>('fx-settlement', '/internal/v1/trial-balance');
  if (!balance.balanced) broken.push('the trial balance does not balance');
  const open = await gateway.ask<{ count: number }>('fx-settlement', '/internal/v1/reservations?state=open');
  if (open.count !== 0) broken.push(`${open.count} reservations are open`);
  return [...broken, ...(await brokenRows(watch, payments))];
}

const QUESTIONS: readonly {
  service: 'routing' | 'us-wallet' | 'china-wallet' | 'compliance';
  sql: string;
  of: string;
}[] = [
  {
    service: 'routing',
    sql: `SELECT count(*) AS n FROM payment_progress WHERE state <> 'COMPLETED'`,
    of: 'payments not completed',
  },
  { service: 'routing', sql: 'SELECT count(*) AS n FROM payment_case', of: 'cases opened' },
  {
    service: 'us-wallet',
    sql: `SELECT count(*) AS n FROM instruction WHERE state <> 'PROCESSED'`,
    of: 'card instructions not processed',
  },
  {
    service: 'china-wallet',
    sql: `SELECT count(*) AS n FROM instruction WHERE state <> 'PROCESSED'`,
    of: 'Alipay instructions not processed',
  },
];

async function brokenRows(watch: SiteWatch, payments: number): Promise<string[]> {
  const broken: string[] = [];
  for (const { service, sql, of } of QUESTIONS) {
    const [row] = await watch.database(service).query<{ n: bigint }>(sql);
    if (row!.n !== 0n) broken.push(`${row!.n} ${of}`);
  }
  const [made] = await watch.database('routing').query<{ n: bigint }>('SELECT count(*) AS n FROM payment');
  if (made!.n !== BigInt(payments)) broken.push(`${made!.n} payments were made, ${payments} were sent`);
  const [credits] = await watch
    .database('fx-settlement')
    .query<{ n: bigint }>(`SELECT count(*) AS n FROM booking WHERE code = 'credited'`);
  if (credits!.n !== BigInt(payments)) broken.push(`${credits!.n} credits are booked for ${payments} payments`);
  return broken;
}
