import type { CrashInstallation, ServiceName } from './installation';
import type { Kill } from './killer';
import { type Accepted, CANARIES, type LoadResult } from './load';
import { collectNetworkEvidence, grouped, inParallel, type NetworkEvidence } from './network-evidence';
import type { Reader } from './reader';
import { type Settled, WITH_PERSON } from './settling';
import type { Watch } from './watch';
import type { ExecutedMovement, ReceivedEvent, World } from './world';

/** A payment as routing keeps it; amounts are digits of minor units. */
export interface PaymentRow {
  readonly payment_id: string;
  readonly quote_id: string;
  readonly funding: 'hold' | 'collect';
  readonly source_currency: string;
  readonly total_source: string;
  readonly target_currency: string;
  readonly target: string;
  readonly state: string;
  readonly public_status: string;
  readonly sequence: number;
  /** A case that a person must end before the payment goes on. */
  readonly waits_for_person: boolean;
}

export interface StateChangeRow {
  readonly payment_id: string;
  readonly sequence: number;
  readonly state: string;
  readonly public_status: string;
  readonly changes: readonly { fact: string; from: string; to: string; money?: string }[];
  readonly at: Date;
}

export interface BookedMovement {
  readonly booking_id: string;
  readonly payment_id: string;
  readonly instruction_id: string;
  readonly operation: string;
  readonly amount: string;
  readonly currency: string;
}

export interface LedgerSum {
  readonly payment_id: string;
  readonly account: string;
  readonly currency: string;
  readonly balance: string;
}

export interface InstructionRow {
  readonly instruction_id: string;
  readonly payment_id: string;
  readonly operation: string;
  readonly state: string;
  readonly needs_person: boolean;
}

export interface ReservationRow {
  readonly payment_id: string;
  readonly state: string;
  readonly payout: string | null;
  readonly currency: string | null;
}

export interface StreamRow {
  readonly service: string;
  readonly bucket: number;
  readonly numbered: string;
}

/** Everything that the judge reads, once nothing moves any more. */
export interface Evidence extends NetworkEvidence {
  readonly load: LoadResult;
  readonly planned: readonly Kill[];
  readonly kills: readonly Kill[];
  readonly settled: Settled;
  readonly watch: Pick<Watch, 'broken' | 'looks' | 'peakBytes'>;
  readonly payments: ReadonlyMap<string, PaymentRow>;
  readonly changes: ReadonlyMap<string, readonly StateChangeRow[]>;
  readonly executed: ReadonlyMap<string, readonly ExecutedMovement[]>;
  readonly executedInAll: number;
  readonly booked: ReadonlyMap<string, readonly BookedMovement[]>;
  readonly ledger: readonly LedgerSum[];
  readonly trialBalance: {
    balanced: boolean;
    currencies: { currency: string; difference: string }[];
    accounts_off_their_lines?: string[];
  };
  readonly reservations: readonly ReservationRow[];
  readonly reserved: readonly { kind: string; subject: string; currency: string; reserved: string }[];
  readonly quoteUses: ReadonlyMap<string, string>;
  readonly instructions: readonly InstructionRow[];
  readonly taken: ReadonlyMap<string, number>;
  readonly streams: readonly StreamRow[];
  readonly auditLog: readonly { service: string; bucket: number; count: string; last: string; first: string }[];
  readonly auditedChanges: ReadonlyMap<string, number>;
  readonly leftOver: readonly string[];
  readonly webhooks: ReadonlyMap<string, readonly ReceivedEvent[]>;
  readonly refusedDeliveries: number;
  /** Payments for which a repeat of the accepted request gave another answer. */
  readonly repeatedOtherwise: readonly string[];
  /** Where a name was found that belongs in the services' own sealed stores alone. */
  readonly leaks: readonly string[];
}

const PAYMENTS = `
  SELECT p.payment_id, p.quote_id, p.funding, p.source_currency, p.total_source_minor::text AS total_source,
         p.target_currency, p.target_minor::text AS target, g.state, g.public_status, g.sequence,
         ${WITH_PERSON} AS waits_for_person
  FROM payment p JOIN payment_progress g USING (payment_id)`;
const CHANGES = `SELECT payment_id, sequence, state, public_status, changes, at FROM payment_state_change ORDER BY payment_id, sequence`;
const LEDGER = `
  SELECT subject_id AS payment_id, account, currency, sum(amount)::text AS balance
  FROM ledger_entry GROUP BY subject_id, account, currency HAVING sum(amount) <> 0`;
const RESERVATIONS = 'SELECT payment_id, state, payout::text AS payout, currency FROM reservation';
const RESERVED = 'SELECT kind, subject, currency, reserved::text AS reserved FROM spending_limit';
const QUOTE_USES = 'SELECT quote_id, payment_id FROM quote_use';
const INSTRUCTIONS = 'SELECT instruction_id, payment_id, operation, state, needs_person FROM instruction';
const TAKEN = `SELECT key, sequence::int AS sequence FROM history_position WHERE topic = 'payments.payment.events.v1'`;
const STREAMS = 'SELECT bucket, last_sequence::text AS numbered FROM audit_stream';
const AUDIT_LOG = `
  SELECT service, bucket, count(*)::text AS count, max(sequence)::text AS last, min(sequence)::text AS first
  FROM audit_log GROUP BY service, bucket`;
const AUDITED = `SELECT subject_id, count(*)::int AS n FROM audit_log WHERE service = 'routing' GROUP BY subject_id`;
const LEFT_OVER = [
  // Rates and keys are told all the time; a row that is still on its way is none that stayed behind.
  [
    `SELECT count(*) AS n FROM outbox WHERE published_at IS NULL AND created_at < clock_timestamp() - interval '30 s'`,
    'unpublished outbox rows',
  ],
  ['SELECT count(*) AS n FROM parked', 'parked records'],
  [`SELECT count(*) AS n FROM outbox WHERE topic LIKE '%.dlq'`, 'dead letters'],
  ['SELECT count(*) AS n FROM parked_decision', 'decisions about parked records'],
] as const;
const WALLETS: readonly ServiceName[] = ['us-wallet', 'china-wallet'];
const AUDITED_SERVICES: readonly ServiceName[] = [
  'routing',
  'us-wallet',
  'china-wallet',
  'fx-settlement',
  'compliance',
];

export interface Witnesses {
  readonly installation: CrashInstallation;
  readonly reader: Reader;
  readonly world: World;
}

/** What the run itself has told. */
export type Told = Pick<Evidence, 'load' | 'planned' | 'kills' | 'settled' | 'watch'>;

export async function collectEvidence({ installation, reader, world }: Witnesses, told: Told): Promise<Evidence> {
  const payments = await reader.rows<PaymentRow>('routing', PAYMENTS);
  const changes = await reader.rows<StateChangeRow>('routing', CHANGES);
  const instructions = (
    await Promise.all(WALLETS.map((wallet) => reader.rows<InstructionRow>(wallet, INSTRUCTIONS)))
  ).flat();
  const received = await world.received();
  const executed = await inParallel(payments, async ({ payment_id: id }) => [id, await world.executedFor(id)] as const);
  const repeated = await inParallel(told.load.accepted, async (one) => [one.id, await answersAlike(one)] as const);
  return {
    ...told,
    payments: new Map(payments.map((row) => [row.payment_id, row])),
    changes: grouped(changes, ({ payment_id }) => payment_id),
    executed: new Map(executed),
    executedInAll: await world.executedInAll(),
    instructions,
    webhooks: grouped(received, ({ payment }) => payment ?? ''),
    refusedDeliveries: await world.refusedDeliveries(),
    leaks: [...leaksInLogs(installation), ...(await leaksOnTopics(reader))],
    repeatedOtherwise: repeated.filter(([, alike]) => !alike).map(([id]) => id),
    ...(await booksOf(reader)),
    ...(await messagesOf(reader)),
    ...(await collectNetworkEvidence(
      reader,
      world,
      payments.map(({ payment_id }) => payment_id),
    )),
  };
}

async function booksOf(
  reader: Reader,
): Promise<Pick<Evidence, 'booked' | 'ledger' | 'trialBalance' | 'reservations' | 'reserved' | 'quoteUses'>> {
  const uses = await reader.rows<{ quote_id: string; payment_id: string }>('fx-settlement', QUOTE_USES);
  return {
    booked: grouped(await bookedMovements(reader), ({ payment_id }) => payment_id),
    ledger: await reader.rows<LedgerSum>('fx-settlement', LEDGER),
    trialBalance: await reader.ask('fx-settlement-1', '/internal/v1/trial-balance?verify=lines'),
    reservations: await reader.rows<ReservationRow>('fx-settlement', RESERVATIONS),
    reserved: await reader.rows('fx-settlement', RESERVED),
    quoteUses: new Map(uses.map(({ payment_id, quote_id }) => [payment_id, quote_id])),
  };
}

async function messagesOf(
  reader: Reader,
): Promise<Pick<Evidence, 'taken' | 'streams' | 'auditLog' | 'auditedChanges' | 'leftOver'>> {
  const taken = await reader.rows<{ key: string; sequence: number }>('fx-settlement', TAKEN);
  const audited = await reader.rows<{ subject_id: string; n: number }>('compliance', AUDITED);
  const streams: StreamRow[] = [];
  const leftOver: string[] = [];
  for (const service of AUDITED_SERVICES) {
    const rows = await reader.rows<Omit<StreamRow, 'service'>>(service, STREAMS);
    streams.push(...rows.map((row) => ({ ...row, service })));
    for (const [sql, what] of LEFT_OVER) {
      const found = await reader.count(service, sql);
      if (found > 0) leftOver.push(`${found} ${what} of ${service}`);
    }
  }
  return {
    taken: new Map(taken.map(({ key, sequence }) => [key, sequence])),
    streams,
    auditLog: await reader.rows('compliance', AUDIT_LOG),
    auditedChanges: new Map(audited.map(({ subject_id, n }) => [subject_id, n])),
    leftOver,
  };
}

/** J17: the services' own logs; the simulator plays people who may say their names. */
function leaksInLogs(installation: CrashInstallation): string[] {
  return installation.instances
    .filter(({ name }) => CANARIES.some((canary) => installation.logOf(name).includes(canary)))
    .map(({ name }) => `the log of ${name}`);
}

async function leaksOnTopics(reader: Reader): Promise<string[]> {
  const leaking = CANARIES.map((canary) => `records LIKE '%${canary}%'`).join(' OR ');
  const sql = `SELECT DISTINCT topic FROM outbox WHERE ${leaking}`;
  const found = await Promise.all(AUDITED_SERVICES.map((service) => reader.rows<{ topic: string }>(service, sql)));
  return found.flat().map(({ topic }) => `the topic ${topic}`);
}

async function bookedMovements(reader: Reader): Promise<BookedMovement[]> {
  const all: BookedMovement[] = [];
  for (let after = '0'; ; after = all.at(-1)?.booking_id ?? after) {
    const path = `/internal/v1/movements?limit=1000&after=${after}`;
    const { movements } = await reader.ask<{ movements: BookedMovement[] }>('fx-settlement-1', path);
    if (movements.length === 0) return all;
    all.push(...movements);
  }
}

/** The accepted request once more under its key: the stored answer, and no other payment. */
async function answersAlike({ partner, request, key, id }: Accepted): Promise<boolean> {
  const answer = await partner.post<{ id?: string }>('/v1/payments', request, key);
  return answer.status === 202 && answer.body.id === id;
}
