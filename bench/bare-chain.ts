/* eslint max-lines: off -- one file on purpose: what it costs can be read from top to bottom */
/**
 * The bare chain: the same payments as the gateway's, through the same topics and tables, by one file on kafkajs, pg and
 * JSON. It imports nothing of the product. It does the durable work alone: the statements of each hop, the fence, one
 * outbox row per topic and transaction, one produce request in flight; and none of what the product is for: no HTTP, no
 * checks, no decisions, no error paths. Its records are as long as those recorded from the gateway's run.
 */
import { readFileSync } from 'node:fs';
import { Kafka, logLevel, type EachBatchPayload, type KafkaMessage, type Producer } from 'kafkajs';
import { Pool, types, type PoolClient } from 'pg';

export interface ChainSettings {
  readonly role: string;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  readonly databaseUrl: string;
  /** Bytes of a record in the outbox, by topic, as recorded from the gateway. */
  readonly meanBytes: Readonly<Record<string, number>>;
  /** One request body a line. */
  readonly ordersFile: string;
}
export interface ChainRun {
  readonly from: number;
  readonly count: number;
  readonly open: number;
}
export interface ChainCounts {
  readonly batches: number;
  readonly records: number;
}
export type ToChain = { readonly start: ChainSettings } | { readonly run: ChainRun } | { readonly count: true };
export type FromChain = { readonly started: true } | { readonly ran: true } | { readonly counts: ChainCounts };

const MAX_BATCH = 500;
const MAX_EDGE_BATCH = 200;
const MAX_EDGE_OPEN = 2;
const MIN_CYCLE_MS = 20;
const MARK_ALONE_MS = 500;
const CALL_MS = 5;
const FETCH_WAIT_MS = 500;
const PARTITIONS = 6;
const PARTNER = 'prt_bench';
const PAD = 'x'.repeat(4_096);
const HEADERS = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
/** The line before a record in the outbox, and the two ends of line. */
const LINE_BYTES = 36;
const INT8_OID = 20;

interface Data {
  payment_id: string;
  instruction_id: string;
  kind: string;
  hold: boolean;
  quote_id: string;
  sequence: number;
  source: string;
  target: string;
}
interface Outgoing {
  topic: string;
  key: string;
  partition: number;
  value: string;
}
interface Incoming {
  topic: string;
  partition: number;
  data: Data;
}
interface Emitted {
  records: Outgoing[];
  /** Payment ids by what was done to them, for the audit topic. */
  audit: { subject: string; partition: number; actions: string[] }[];
  afterCommit?: () => void;
}
interface OutboxRow {
  id: string;
  at: Date;
  topic: string;
  records: Outgoing[];
}
interface Waiting {
  topic: string;
  partition: number;
  messages: readonly KafkaMessage[];
  cursor: number;
  end: number;
  behind: number;
  done: () => void;
}
type Handler = (records: Incoming[], tx: PoolClient) => Promise<Emitted>;
type Row = Record<string, unknown>;

types.setTypeParser(INT8_OID, (text) => BigInt(text));

const NETWORKS = { applepay: 'us-wallet', alipay: 'china-wallet' } as const;
const READS: Readonly<Record<string, readonly string[]>> = {
  routing: [
    'compliance.screening.events.v1',
    'fx.reservation.events.v1',
    'wallet.applepay.events.v1',
    'wallet.alipay.events.v1',
  ],
  'us-wallet': ['wallet.applepay.commands.v1'],
  'china-wallet': ['wallet.alipay.commands.v1'],
  'fx-settlement': ['fx.reservation.commands.v1', 'payments.payment.events.v1'],
  compliance: [
    'compliance.screening.commands.v1',
    ...['routing', 'us-wallet', 'china-wallet', 'fx-settlement', 'compliance'].map((name) => `audit.${name}.v1`),
  ],
};

/** The statements of the gateway's hot path, as its repositories have them. */
const sql = {
  FENCE: `
    WITH moved AS (
      UPDATE consumer_offset o SET next = t.upto
      FROM unnest($3::text[], $4::int[], $5::bigint[], $6::bigint[]) AS t (topic, part, held, upto)
      WHERE o.cluster_id = $1 AND o.grp = $2 AND o.topic = t.topic AND o.part = t.part
        AND o.next = t.held AND o.stopped IS NULL
      RETURNING 1)
    SELECT (SELECT count(*)::int FROM moved) AS moved, EXISTS (SELECT 1 FROM parked WHERE grp = $2) AS parked`,
  MARK: `
    UPDATE outbox SET published_at = clock_timestamp(), cluster_id = $1
    WHERE id = ANY ($2::bigint[]) AND created_at BETWEEN $3::timestamptz AND $4::timestamptz`,
  AUDIT: `
    WITH wanted AS (SELECT bucket, taken FROM unnest($1::int[], $2::int[]) AS w (bucket, taken)),
    locked AS MATERIALIZED (SELECT bucket FROM audit_stream WHERE bucket = ANY ($1::int[]) ORDER BY bucket FOR UPDATE)
    UPDATE audit_stream s SET last_sequence = s.last_sequence + wanted.taken
    FROM wanted JOIN locked USING (bucket) WHERE s.bucket = wanted.bucket
    RETURNING s.bucket, s.last_sequence, s.incarnation`,
  HISTORY_LOAD: `
    SELECT h.topic, h.key, h.incarnation, h.sequence FROM history_position h
    JOIN unnest($2::text[], $3::text[]) AS t (topic, key) ON h.topic = t.topic AND h.key = t.key WHERE h.grp = $1`,
  HISTORY_SAVE: `
    INSERT INTO history_position (grp, topic, key, incarnation, sequence)
    SELECT $1, t.topic, t.key, t.incarnation, t.sequence
    FROM unnest($2::text[], $3::text[], $4::int[], $5::bigint[]) AS t (topic, key, incarnation, sequence)
    ON CONFLICT (grp, topic, key) DO UPDATE SET incarnation = excluded.incarnation, sequence = excluded.sequence`,
  CLAIM_KEYS: `
    WITH won AS (
      INSERT INTO idempotency_key (partner_id, key, route, fingerprint, payment_id)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
      ON CONFLICT DO NOTHING RETURNING partner_id, key)
    SELECT clock.now, won.partner_id, won.key FROM (SELECT clock_now() AS now) clock LEFT JOIN won ON true`,
  ROUTING_INSTRUMENTS: `
    SELECT instrument_id, partner_id, network, use, capabilities, label, expires_at
    FROM instrument WHERE instrument_id = ANY($1)`,
  ROUTING_PARTIES: `SELECT party_id, partner_id, role FROM party WHERE party_id = ANY($1)`,
  INSERT_PAYMENTS: `
    INSERT INTO payment (payment_id, partner_id, partition, legal_entity, actor, quote_id, offer, offer_expires_at,
      source_network, target_network, purpose, bop_code, funding, hold_margin_ms, source_instrument, target_instrument,
      single_use_instrument, payer_party, payee_party, source_currency, principal_minor, fee_minor, total_source_minor,
      target_currency, target_minor, mid, customer_rate, reference, metadata, created_at)
    SELECT * FROM json_to_recordset($1) AS n(payment_id text, partner_id text, partition smallint, legal_entity text,
      actor text, quote_id text, offer text, offer_expires_at timestamptz, source_network text, target_network text,
      purpose text, bop_code text, funding text, hold_margin_ms bigint, source_instrument text, target_instrument text,
      single_use_instrument text, payer_party text, payee_party text, source_currency text, principal_minor bigint,
      fee_minor bigint, total_source_minor bigint, target_currency text, target_minor bigint, mid text,
      customer_rate text, reference text, metadata jsonb, created_at timestamptz)
    ORDER BY quote_id
    ON CONFLICT DO NOTHING RETURNING payment_id`,
  INSERT_PROGRESS: `
    INSERT INTO payment_progress (payment_id, state, public_status, sequence, due, standing, updated_at)
    SELECT payment_id, state, public_status, sequence, due, standing, updated_at
    FROM json_to_recordset($1) AS u(payment_id text, state text, public_status text, sequence integer,
      due timestamptz, standing jsonb, updated_at timestamptz)`,
  UPDATE_PROGRESS: `
    UPDATE payment_progress g SET state = u.state, public_status = u.public_status, sequence = u.sequence, due = u.due,
      standing = u.standing, updated_at = u.updated_at
    FROM json_to_recordset($1) AS u(payment_id text, state text, public_status text, sequence integer,
      due timestamptz, standing jsonb, updated_at timestamptz) WHERE g.payment_id = u.payment_id`,
  APPEND_CHANGES: `
    INSERT INTO payment_state_change (payment_id, sequence, state, public_status, changes, at)
    SELECT * FROM json_to_recordset($1) AS c(payment_id text, sequence integer, state text, public_status text,
      changes jsonb, at timestamptz)`,
  LOCK_PAYMENTS: `
    SELECT g.payment_id, g.state, g.sequence, g.due, g.standing,
      p.partner_id, p.partition, p.legal_entity, p.actor, p.quote_id, p.offer, p.offer_expires_at, p.source_network,
      p.target_network, p.purpose, p.bop_code, p.funding, p.hold_margin_ms, p.source_instrument, p.target_instrument,
      p.single_use_instrument IS NOT NULL AS single_use, p.payer_party, p.payee_party, p.source_currency,
      p.principal_minor, p.fee_minor, p.total_source_minor, p.target_currency, p.target_minor, p.mid, p.customer_rate,
      p.reference, p.metadata, p.created_at
    FROM payment_progress g JOIN payment p USING (payment_id)
    WHERE g.payment_id = ANY($1) ORDER BY g.payment_id FOR UPDATE OF g`,
  SCREENING_FIND: `
    SELECT instruction_id, payment_id, partner_id, version, outcome, rule, list_version, screened_at
    FROM screening WHERE instruction_id = ANY($1)`,
  PARTY_INDEXES: `
    SELECT p.id, p.name_index FROM party p
    JOIN unnest($1::text[], $2::text[]) AS w (id, partner_id) ON p.id = w.id AND p.partner_id = w.partner_id`,
  SCREENING_ADD: `
    INSERT INTO screening (instruction_id, payment_id, partner_id, version, outcome, rule, list_version, screened_at)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])`,
  AUDIT_LOG: `
    INSERT INTO audit_log (service, bucket, incarnation, sequence, subject_id, partner_id, actor, at, record)
    SELECT * FROM unnest($1::text[], $2::smallint[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                         $8::timestamptz[], $9::jsonb[])
    ON CONFLICT DO NOTHING`,
  NOW: `SELECT clock_now() AS now`,
  LOCK_INSTRUCTIONS: `SELECT i.* FROM instruction i WHERE i.instruction_id = ANY($1) ORDER BY i.instruction_id FOR UPDATE OF i`,
  INSTRUMENTS: `
    SELECT instrument_id, partner_id, scheme, sealed_secret, expires_at FROM instrument
    WHERE instrument_id = ANY($1)`,
  INSERT_INSTRUCTIONS: `
    INSERT INTO instruction (instruction_id, payment_id, partner_id, partition, operation, amount, currency, purpose,
      bop_code, instrument_id, not_after, state, attempt, in_doubt, enquiries, due, needs_person, first_sent_at, version,
      lease, lease_until)
    SELECT r.instruction_id, r.payment_id, r.partner_id, r.partition, r.operation, r.amount, r.currency, r.purpose,
      r.bop_code, r.instrument_id, r.not_after, r.state, r.attempt, r.in_doubt, r.enquiries, r.due, r.needs_person,
      r.first_sent_at, r.version, nextval('lease_number'), clock_timestamp() + r.lease_ms * interval '1 millisecond'
    FROM json_to_recordset($1::json) AS r (instruction_id text, payment_id text, partner_id text, partition smallint,
      operation text, amount bigint, currency text, purpose text, bop_code text, instrument_id text,
      not_after timestamptz, state text, attempt integer, in_doubt boolean, enquiries integer, due timestamptz,
      needs_person boolean, first_sent_at timestamptz, version integer, lease_ms integer)
    ORDER BY r.instruction_id
    ON CONFLICT DO NOTHING
    RETURNING instruction_id, lease`,
  UPDATE_INSTRUCTIONS: `
    UPDATE instruction AS i SET state = r.state, attempt = r.attempt, in_doubt = r.in_doubt, enquiries = r.enquiries,
      due = r.due, needs_person = r.needs_person, network_reference = r.network_reference,
      processed_amount = r.processed_amount, processed_at = r.processed_at, first_sent_at = r.first_sent_at,
      version = r.version, outcome = r.outcome, lease = nextval('lease_number'), lease_until = '-infinity'
    FROM json_to_recordset($1::json) AS r (instruction_id text, state text, attempt integer, in_doubt boolean,
      enquiries integer, due timestamptz, needs_person boolean, network_reference text, processed_amount bigint,
      processed_at timestamptz, first_sent_at timestamptz, version integer, outcome jsonb)
    WHERE i.instruction_id = r.instruction_id
    RETURNING i.instruction_id, i.lease`,
  EVIDENCE: `
    INSERT INTO instruction_evidence (instruction_id, source, lease, stale, answer)
    SELECT instruction_id, source, lease, stale, answer FROM json_to_recordset($1::json)
      AS r (instruction_id text, source text, lease bigint, stale boolean, answer jsonb)`,
  QUOTE_TERMS: `
    SELECT quote_id, partner_id, source_network, target_network, source_currency, principal, fee, at_mid, target_currency,
           target, commission, rate_source, issued_at, offer_digest
    FROM quote WHERE quote_id = ANY($1::text[])`,
  STOPS: `
    SELECT scope, subject, started_at, lifted_at FROM quoting_stop
    WHERE lifted_at IS NULL OR lifted_at > clock_now() - interval '7 days'`,
  LOCK_RESERVATIONS: `
    SELECT payment_id, instruction_id, partner_id, network, payout, currency, state, reason, version
    FROM reservation WHERE payment_id = ANY($1::text[]) ORDER BY payment_id, instruction_id FOR UPDATE`,
  SOURCE_PARTIES: `
    SELECT subject_id, party FROM booking
    WHERE subject_id = ANY($1::text[]) AND code IN ('hold_funded', 'collection_funded')`,
  BOOKING: `
    INSERT INTO booking (subject_id, code, leg_id, partner_id, network, party, stripe, accounts, amounts, occurred_at, booked_at)
    SELECT b.subject_id, b.code, b.leg_id, b.partner_id, b.network, b.party, b.stripe, b.accounts::integer[],
           b.amounts::bigint[], b.occurred_at, n.now
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::text[],
      $9::text[], $10::timestamptz[])
      AS b (subject_id, code, leg_id, partner_id, network, party, stripe, accounts, amounts, occurred_at),
      (SELECT clock_now() AS now) AS n
    ON CONFLICT DO NOTHING
    RETURNING subject_id, code, leg_id`,
  ITEMS: `
    INSERT INTO settlement_item (payment_id, code, leg_id, partner_id, network, counterparty, account_code, operation,
      currency, amount, value_date, occurred_at)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::bigint[], $11::date[], $12::timestamptz[])`,
  MARK_USED: `
    WITH fresh AS (
      INSERT INTO quote_use (quote_id, payment_id, used_at)
      SELECT u.quote_id, u.payment_id, clock_now()
      FROM unnest($1::text[], $2::text[]) AS u (quote_id, payment_id) ORDER BY u.quote_id
      ON CONFLICT DO NOTHING
      RETURNING quote_id, payment_id
    )
    SELECT quote_id, payment_id FROM fresh
    UNION ALL
    SELECT quote_id, payment_id FROM quote_use WHERE quote_id = ANY($1::text[])`,
  LOCK_LIMITS: `
    SELECT limit_id, kind, subject, currency, ceiling, reserved, used
    FROM spending_limit WHERE kind <> 'net_debit' OR subject = ANY($1::text[])
    ORDER BY kind = 'net_debit', limit_id FOR UPDATE`,
  SAVE_LIMITS: `
    UPDATE spending_limit AS s SET reserved = l.reserved, used = l.used
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS l (limit_id, reserved, used)
    WHERE s.limit_id = l.limit_id`,
  SAVE_RESERVATIONS: `
    INSERT INTO reservation (payment_id, instruction_id, partner_id, network, payout, currency, state, reason, version,
      made_at, changed_at)
    SELECT r.*, n.now, n.now
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
      $9::integer[]) AS r, (SELECT clock_now() AS now) AS n
    ON CONFLICT (payment_id, instruction_id) DO UPDATE
      SET state = EXCLUDED.state, reason = EXCLUDED.reason, version = EXCLUDED.version, changed_at = EXCLUDED.changed_at`,
  BALANCES: `
    INSERT INTO balance AS b (account_id, stripe, debits, credits)
    SELECT m.account_id, m.stripe, m.debits, m.credits
    FROM unnest($1::integer[], $2::smallint[], $3::bigint[], $4::bigint[]) AS m (account_id, stripe, debits, credits)
    ORDER BY m.account_id, m.stripe
    ON CONFLICT (account_id, stripe) DO UPDATE
      SET debits = b.debits + EXCLUDED.debits, credits = b.credits + EXCLUDED.credits`,
  /** Made once, before the clock: the accounts and limits that bookings and reservations move. */
  ACCOUNTS: `INSERT INTO account (code, counterparty, currency) SELECT '2000', 'chain-' || n, 'USD' FROM generate_series(1, 21) n`,
  LIMITS: `
    INSERT INTO spending_limit (kind, subject, currency, ceiling)
    SELECT kind, CASE kind WHEN 'net_debit' THEN $1 ELSE subject END, currency, 100000000000
    FROM (VALUES ('float', 'applepay', 'USD'), ('float', 'alipay', 'CNY'), ('exposure', '', 'USD'), ('exposure', '', 'CNY'),
      ('net_debit', '', 'USD'), ('net_debit', '', 'CNY')) AS l (kind, subject, currency)`,
} as const;

const query = async <R extends object = Row>(
  tx: Pool | PoolClient,
  name: string,
  text: string,
  values: unknown[] = [],
): Promise<R[]> => (await tx.query<R & Row>({ name, text, values })).rows;
const column = <T>(rows: readonly T[], of: (row: T) => unknown): unknown[] => rows.map(of);
const now = (): string => new Date().toISOString();

class Chain {
  private readonly pool: Pool;
  private readonly kafka: Kafka;
  private producer!: Producer;
  private clusterId = '';
  private readonly held = new Map<string, number>();
  private waiting: Waiting[] = [];
  private cycling = false;
  private queue: OutboxRow[] = [];
  private sending = false;
  private published: OutboxRow[] = [];
  private markTimer: NodeJS.Timeout | null = null;
  private ids = 0;
  private batches = 0;
  private records = 0;
  private readonly owner: string;
  private readonly handler: Handler;
  private edge: Edge | null = null;
  private readonly answers: Data[] = [];
  private answering = false;

  constructor(private readonly settings: ChainSettings) {
    this.owner = `${settings.role}-chain`;
    this.pool = new Pool({ connectionString: settings.databaseUrl, max: 8 });
    this.kafka = new Kafka({ clientId: this.owner, brokers: [...settings.brokers], logLevel: logLevel.NOTHING });
    const handlers: Record<string, Handler> = {
      routing: (records, tx) => this.advance(records, tx),
      compliance: (records, tx) => this.screen(records, tx),
      'fx-settlement': (records, tx) => this.keepBooks(records, tx),
    };
    this.handler = handlers[settings.role] ?? ((records, tx) => this.accept(records, tx));
  }

  async start(): Promise<void> {
    const { role, topicPrefix } = this.settings;
    const admin = this.kafka.admin();
    await admin.connect();
    this.clusterId = (await admin.describeCluster()).clusterId;
    await admin.disconnect();
    this.producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition!,
    });
    await this.producer.connect();
    const topics = READS[role]!;
    for (const topic of topics)
      for (let partition = 0; partition < PARTITIONS; partition++) {
        await this.pool.query(
          'INSERT INTO consumer_offset (cluster_id, grp, topic, part) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
          [this.clusterId, role, topic, partition],
        );
        this.held.set(`${topic}/${partition}`, 0);
      }
    if (role === 'fx-settlement') await this.pool.query(sql.ACCOUNTS);
    if (role === 'fx-settlement') await this.pool.query(sql.LIMITS, [PARTNER]);
    if (role === 'routing') this.edge = new Edge(this, this.settings.ordersFile);
    const consumer = this.kafka.consumer({
      groupId: `${topicPrefix}${role}`,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      minBytes: 1,
    });
    await consumer.connect();
    await consumer.subscribe({ topics: topics.map((topic) => `${topicPrefix}${topic}`), fromBeginning: true });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: topics.length * PARTITIONS,
      eachBatch: (payload) => this.offer(payload),
    });
    await joined;
  }

  run(run: ChainRun): Promise<void> {
    return this.edge!.run(run);
  }

  counts(): ChainCounts {
    return { batches: this.batches, records: this.records };
  }

  /** A record of the recorded length: what the next hop needs, and filling. */
  record(topic: string, partition: number, data: Partial<Data> & { payment_id: string }): Outgoing {
    const body = JSON.stringify(data);
    const head =
      `{"specversion":"1.0","id":"rec_${this.ids++}","source":"/services/${this.settings.role}","type":"${topic}",` +
      `"subject":"${data.payment_id}","time":"${now()}","datacontenttype":"application/json","data":`;
    const short = Math.round(this.settings.meanBytes[topic] ?? 0) - LINE_BYTES - head.length - body.length - 10;
    const value = short > 0 ? `${head}${body.slice(0, -1)},"pad":"${PAD.slice(0, short)}"}}` : `${head}${body}}`;
    return { topic, key: data.payment_id, partition, value };
  }

  async transaction<T>(work: (tx: PoolClient) => Promise<{ result: T; emitted: Emitted }>): Promise<T> {
    const tx = await this.pool.connect();
    await tx.query('BEGIN');
    const { result, emitted } = await work(tx);
    const rows = await this.append(tx, emitted);
    await tx.query('COMMIT');
    tx.release();
    this.queue.push(...rows);
    if (!this.sending) void this.publish();
    emitted.afterCommit?.();
    return result;
  }

  private async offer({ batch, resolveOffset }: EachBatchPayload): Promise<void> {
    const topic = batch.topic.slice(this.settings.topicPrefix.length);
    const end = Number(batch.lastOffset()) + 1;
    const behind = Math.max(0, Number(batch.highWatermark) - end);
    await new Promise<void>((settled) => {
      const done = (): void => {
        resolveOffset(String(end - 1));
        settled();
      };
      const { partition, messages } = batch;
      this.waiting.push({ topic, partition, messages, cursor: 0, end, behind, done });
      if (!this.cycling) void this.cycle();
    });
  }

  private async cycle(): Promise<void> {
    this.cycling = true;
    await new Promise((turn) => setImmediate(turn));
    while (this.waiting.length > 0) {
      const began = performance.now();
      await this.once();
      const rest = MIN_CYCLE_MS - (performance.now() - began);
      const behind = this.waiting.reduce((sum, one) => sum + one.behind, 0);
      const finished = this.waiting.filter(({ cursor, messages }) => cursor === messages.length);
      if (finished.length === this.waiting.length && rest > 0 && behind < MAX_BATCH)
        await new Promise((later) => setTimeout(later, rest));
      this.waiting = this.waiting.filter((one) => !finished.includes(one));
      for (const { done } of finished) done();
    }
    this.cycling = false;
  }

  private async once(): Promise<void> {
    let room = MAX_BATCH;
    const slices: { topic: string; partition: number; held: number; to: number }[] = [];
    const records: Incoming[] = [];
    for (const one of this.waiting) {
      const last = Math.min(one.cursor + room, one.messages.length);
      if (last === one.cursor) break;
      for (const { value } of one.messages.slice(one.cursor, last)) {
        const { data } = JSON.parse(value!.toString()) as { data: Data };
        records.push({ topic: one.topic, partition: one.partition, data });
      }
      const held = this.held.get(`${one.topic}/${one.partition}`)!;
      const to = last === one.messages.length ? one.end : Number(one.messages[last]!.offset);
      slices.push({ topic: one.topic, partition: one.partition, held, to });
      room -= last - one.cursor;
      one.cursor = last;
    }
    await this.transaction(async (tx) => {
      const names = [column(slices, ({ topic }) => topic), column(slices, ({ partition }) => partition)];
      const places = [column(slices, ({ held }) => held), column(slices, ({ to }) => to)];
      const values = [this.clusterId, this.settings.role, ...names, ...places];
      const [row] = await query<{ moved: number }>(tx, 'fence', sql.FENCE, values);
      if (row!.moved !== slices.length) throw new Error('the fence was lost');
      return { result: null, emitted: await this.handler(records, tx) };
    });
    for (const { topic, partition, to } of slices) this.held.set(`${topic}/${partition}`, to);
    this.batches++;
    this.records += records.length;
  }

  private async append(tx: PoolClient, { records, audit }: Emitted): Promise<OutboxRow[]> {
    if (audit.length > 0) {
      const wanted = new Map<number, number>();
      for (const { partition } of audit) wanted.set(partition, (wanted.get(partition) ?? 0) + 1);
      const buckets = [...wanted.keys()].sort();
      const taken = column(buckets, (bucket) => wanted.get(bucket));
      const numbers = await query<{ bucket: number; last_sequence: bigint }>(tx, 'audit', sql.AUDIT, [buckets, taken]);
      const next = new Map(numbers.map((row) => [row.bucket, Number(row.last_sequence) - wanted.get(row.bucket)! + 1]));
      const topic = `audit.${this.settings.role}.v1`;
      for (const { subject, partition, actions } of audit) {
        const sequence = next.get(partition)!;
        next.set(partition, sequence + 1);
        const data = { payment_id: subject, sequence, kind: actions.join(' ') };
        records.push(this.record(topic, partition, data));
      }
    }
    if (records.length === 0) return [];
    const byTopic = new Map<string, Outgoing[]>();
    for (const record of records) {
      const list = byTopic.get(record.topic);
      if (list) list.push(record);
      else byTopic.set(record.topic, [record]);
    }
    const marks = this.published.splice(0);
    const values: unknown[] = marks.length > 0 ? this.markValues(marks) : [];
    const places = [...byTopic].map(([topic, list]) => {
      let text = '';
      for (const { partition, key, value } of list) text += `${partition}\t${key}\t\n${value}\n`;
      const first = values.push(this.owner, topic, text, list.length) - 3;
      return `($${first}, $${first + 1}, $${first + 2}, $${first + 3}::int)`;
    });
    const text = `${marks.length > 0 ? `WITH marked AS (${sql.MARK}) ` : ''}INSERT INTO outbox (owner, topic, records, record_count)
      VALUES ${places.join(', ')} RETURNING id, topic, created_at`;
    const name = `outbox-${places.length}-${marks.length > 0}`;
    const rows = await query<{ id: string; topic: string; created_at: Date }>(tx, name, text, values);
    return rows.map(({ id, topic, created_at: at }) => ({ id, at, topic, records: byTopic.get(topic)! }));
  }

  private markValues(rows: readonly OutboxRow[]): unknown[] {
    const times = rows.map(({ at }) => at.getTime());
    const [first, last] = [new Date(Math.min(...times) - 1), new Date(Math.max(...times) + 1)];
    return [this.clusterId, column(rows, ({ id }) => id), first.toISOString(), last.toISOString()];
  }

  private async publish(): Promise<void> {
    this.sending = true;
    while (this.queue.length > 0) {
      const rows = this.queue.splice(0);
      const topics = new Map<string, Outgoing[]>();
      for (const { topic, records } of rows) topics.set(topic, [...(topics.get(topic) ?? []), ...records]);
      const topicMessages = [...topics].map(([topic, records]) => ({
        topic: `${this.settings.topicPrefix}${topic}`,
        messages: records.map(({ key, value, partition }) => ({ key, value, partition, headers: HEADERS })),
      }));
      await this.producer.sendBatch({ topicMessages, acks: -1 });
      this.published.push(...rows);
      this.markTimer ??= setTimeout(() => void this.markAlone(), MARK_ALONE_MS);
    }
    this.sending = false;
  }

  private async markAlone(): Promise<void> {
    this.markTimer = null;
    const marks = this.published.splice(0);
    if (marks.length > 0) await query(this.pool, 'mark', sql.MARK, this.markValues(marks));
  }

  /** routing: outcomes of a batch, folded per payment; the next instruction of each. */
  private async advance(incoming: Incoming[], tx: PoolClient): Promise<Emitted> {
    const facts = new Map<string, Data[]>();
    for (const { data } of incoming) {
      const list = facts.get(data.payment_id);
      if (list) list.push(data);
      else facts.set(data.payment_id, [data]);
    }
    const locked = await query<LockedPayment>(tx, 'lock', sql.LOCK_PAYMENTS, [[...facts.keys()].sort()]);
    const emitted: Emitted = { records: [], audit: [] };
    const moved: MovedPayment[] = [];
    const completed: string[] = [];
    for (const payment of locked) {
      const kinds = facts.get(payment.payment_id)!.map(({ kind }) => kind);
      const done = [...payment.standing.done, ...kinds];
      const [command, money] = nextOf(payment.funding === 'hold', payment.standing.done, done);
      const sequence = payment.sequence + 1;
      const state = command === null && done.length >= (payment.funding === 'hold' ? 5 : 4) ? 'COMPLETED' : 'CREDITING';
      moved.push({ payment, sequence, state, done, kinds });
      if (state === 'COMPLETED') completed.push(payment.payment_id);
      emitted.records.push(...this.recordsOf(payment, sequence, kinds, command, money));
      emitted.audit.push({ subject: payment.payment_id, partition: payment.partition, actions: kinds });
    }
    await query(tx, 'progress', sql.UPDATE_PROGRESS, [JSON.stringify(moved.map(progressOf))]);
    await query(tx, 'changes', sql.APPEND_CHANGES, [JSON.stringify(moved.map(changeOf))]);
    emitted.afterCommit = () => this.edge!.completed(completed.length);
    return emitted;
  }

  private recordsOf(
    payment: LockedPayment,
    sequence: number,
    kinds: string[],
    command: string | null,
    money: string | null,
  ): Outgoing[] {
    const { payment_id, partition, quote_id, funding } = payment;
    const common = { payment_id, quote_id, hold: funding === 'hold' };
    const event = { ...common, sequence, kind: money ?? '', instruction_id: `${payment_id}-${kinds[0]}` };
    const records = [this.record('payments.payment.events.v1', partition, event)];
    if (command === null) return records;
    const network = command === 'credit' ? payment.target_network : payment.source_network;
    const instrument = command === 'credit' ? payment.target_instrument : payment.source_instrument;
    const data = { ...common, kind: command, instruction_id: `${payment_id}-${command}`, source: instrument };
    return [...records, this.record(`wallet.${network}.commands.v1`, partition, data)];
  }

  /** compliance: screenings answered, audit stored. */
  private async screen(incoming: Incoming[], tx: PoolClient): Promise<Emitted> {
    const audit = incoming.filter(({ topic }) => topic.startsWith('audit.'));
    if (audit.length > 0) await query(tx, 'audit-log', sql.AUDIT_LOG, auditColumns(audit));
    const commands = incoming.filter(({ topic }) => !topic.startsWith('audit.'));
    if (commands.length === 0) return { records: [], audit: [] };
    const ids = column(commands, ({ data }) => data.instruction_id);
    await query(tx, 'screening-find', sql.SCREENING_FIND, [ids]);
    const parties = commands.flatMap(({ data }) => [data.source, data.target]);
    await query(tx, 'parties', sql.PARTY_INDEXES, [parties, parties.map(() => PARTNER)]);
    const payments = column(commands, ({ data }) => data.payment_id);
    const fixed = (value: unknown): unknown[] => commands.map(() => value);
    const values = [
      ids,
      payments,
      fixed(PARTNER),
      fixed(1),
      fixed('CLEAR'),
      fixed(null),
      fixed('sample'),
      fixed(now()),
    ];
    await query(tx, 'screening-add', sql.SCREENING_ADD, values);
    return {
      records: commands.map(({ partition, data: { payment_id, instruction_id } }) =>
        this.record('compliance.screening.events.v1', partition, { payment_id, instruction_id, kind: 'screen' }),
      ),
      audit: commands.map(({ partition, data }) => ({ subject: data.payment_id, partition, actions: ['screened'] })),
    };
  }

  /** A wallet: the instruction is leased and called after the commit. */
  private async accept(incoming: Incoming[], tx: PoolClient): Promise<Emitted> {
    await query(tx, 'now', sql.NOW);
    const commands = incoming.map(({ data }) => data);
    await query(tx, 'lock', sql.LOCK_INSTRUCTIONS, [column(commands, (data) => data.instruction_id)]);
    await query(tx, 'instruments', sql.INSTRUMENTS, [[...new Set(commands.map(({ source }) => source))]]);
    const rows = incoming.map(({ data, partition }) => instructionOf(data, partition));
    await query(tx, 'insert', sql.INSERT_INSTRUCTIONS, [JSON.stringify(rows)]);
    const answered = (): void => {
      this.answers.push(...commands);
      if (!this.answering) void this.answer();
    };
    return { records: [], audit: [], afterCommit: () => void setTimeout(answered, CALL_MS) };
  }

  private async answer(): Promise<void> {
    this.answering = true;
    while (this.answers.length > 0) {
      const answers = this.answers.splice(0, MAX_BATCH);
      await this.transaction(async (tx) => {
        await query(tx, 'now', sql.NOW);
        const ids = column(answers, (data) => data.instruction_id);
        const locked = await query<{ payment_id: string; partition: number }>(tx, 'lock', sql.LOCK_INSTRUCTIONS, [ids]);
        await query(tx, 'update', sql.UPDATE_INSTRUCTIONS, [JSON.stringify(answers.map(answeredOf))]);
        await query(tx, 'evidence', sql.EVIDENCE, [JSON.stringify(answers.map(evidenceOf))]);
        const partition = new Map(locked.map((row) => [row.payment_id, row.partition]));
        const network = Object.entries(NETWORKS).find(([, service]) => service === this.settings.role)![0];
        const records = answers.map(({ payment_id, instruction_id, kind, hold }) => {
          const data = { payment_id, instruction_id, kind, hold };
          return this.record(`wallet.${network}.events.v1`, partition.get(payment_id)!, data);
        });
        const audit = answers.map(({ payment_id: subject, kind }) => {
          return { subject, partition: partition.get(subject)!, actions: [kind] };
        });
        return { result: null, emitted: { records, audit } };
      });
    }
    this.answering = false;
  }

  /** fx-settlement: reservations and bookings of one batch. */
  private async keepBooks(incoming: Incoming[], tx: PoolClient): Promise<Emitted> {
    const events = incoming.filter(({ topic }) => topic === 'payments.payment.events.v1');
    const places = [events.map(({ topic }) => topic), column(events, ({ data }) => data.payment_id)];
    if (events.length > 0) await query(tx, 'history-load', sql.HISTORY_LOAD, ['fx-settlement', ...places]);
    const commands = incoming.filter(({ topic }) => topic === 'fx.reservation.commands.v1');
    const booked = events.filter(({ data }) => data.kind !== '');
    const emitted: Emitted = { records: [], audit: [] };
    if (commands.length + booked.length > 0) await this.book(commands, booked, tx, emitted);
    if (events.length > 0) {
      const last = new Map(events.map(({ data }) => [data.payment_id, data.sequence]));
      const keys = [...last.keys()];
      const fixed = (value: unknown): unknown[] => keys.map(() => value);
      const values = ['fx-settlement', fixed(events[0]!.topic), keys, fixed(0), [...last.values()]];
      await query(tx, 'history-save', sql.HISTORY_SAVE, values);
    }
    return emitted;
  }

  private async book(commands: Incoming[], booked: Incoming[], tx: PoolClient, emitted: Emitted): Promise<void> {
    const quotes = [...new Set([...commands, ...booked].map(({ data }) => data.quote_id))];
    await query(tx, 'terms', sql.QUOTE_TERMS, [quotes]);
    if (commands.length > 0) await query(tx, 'stops', sql.STOPS);
    const spent = booked.filter(({ data }) => data.kind === 'credited');
    const reserving = [...commands, ...spent];
    const payments = [...new Set(reserving.map(({ data }) => data.payment_id))].sort();
    if (payments.length > 0) await query(tx, 'reservations', sql.LOCK_RESERVATIONS, [payments]);
    if (booked.length > 0) {
      await query(tx, 'parties', sql.SOURCE_PARTIES, [column(booked, ({ data }) => data.payment_id)]);
      await query(tx, 'booking', sql.BOOKING, bookingColumns(booked));
      const items = booked.filter(({ data }) => data.kind !== 'hold_funded');
      if (items.length > 0) await query(tx, 'items', sql.ITEMS, itemColumns(items));
    }
    if (reserving.length > 0) {
      const ids = [column(commands, ({ data }) => data.quote_id), column(commands, ({ data }) => data.payment_id)];
      if (commands.length > 0) await query(tx, 'used', sql.MARK_USED, ids);
      const limits = await query<{ limit_id: bigint }>(tx, 'limits', sql.LOCK_LIMITS, [[PARTNER]]);
      await query(tx, 'reserve', sql.SAVE_RESERVATIONS, reservationColumns(reserving));
      const same = limits.map(() => 1_000n);
      await query(tx, 'limit-save', sql.SAVE_LIMITS, [column(limits, ({ limit_id }) => limit_id), same, same]);
    }
    if (booked.length > 0) await query(tx, 'balances', sql.BALANCES, balanceColumns(booked));
    for (const { partition, data } of commands) {
      const { payment_id, instruction_id } = data;
      emitted.records.push(
        this.record('fx.reservation.events.v1', partition, { payment_id, instruction_id, kind: 'reserve' }),
      );
    }
    const subjects = new Map([...commands, ...booked].map(({ data, partition }) => [data.payment_id, partition]));
    for (const [subject, partition] of subjects) emitted.audit.push({ subject, partition, actions: ['booked'] });
  }
}

interface LockedPayment {
  payment_id: string;
  partition: number;
  sequence: number;
  funding: string;
  quote_id: string;
  source_network: string;
  target_network: string;
  source_instrument: string;
  target_instrument: string;
  standing: { done: string[] };
}
interface MovedPayment {
  payment: LockedPayment;
  sequence: number;
  state: string;
  done: string[];
  kinds: string[];
}

/** The next instruction after these facts, and what the books do about them. */
function nextOf(hold: boolean, before: readonly string[], done: readonly string[]): [string | null, string | null] {
  const has = (kind: string): boolean => done.includes(kind) && !before.includes(kind);
  if (has('hold')) return ['credit', 'hold_funded'];
  if (has('collect')) return ['credit', 'collection_funded'];
  if (has('credit')) return [hold ? 'capture' : null, 'credited'];
  if (has('capture')) return [null, 'captured'];
  return done.includes('screen') && done.includes('reserve') ? [hold ? 'hold' : 'collect', null] : [null, null];
}

/** The rest of what the gateway keeps of a payment's parts, so that rows are as wide. */
const STANDING = { filling: 'x'.repeat(380) };
const CHANGE = { filling: 'x'.repeat(150) };

function progressOf({ payment, sequence, state, done }: MovedPayment): Row {
  const due = state === 'COMPLETED' ? null : new Date(Date.now() + 60_000);
  const standing = { done, ...STANDING };
  return {
    payment_id: payment.payment_id,
    state,
    public_status: 'processing',
    sequence,
    due,
    standing,
    updated_at: now(),
  };
}

function changeOf({ payment, sequence, state, kinds }: MovedPayment): Row {
  const changes = kinds.map((fact) => ({ fact, at: now(), ...CHANGE }));
  return { payment_id: payment.payment_id, sequence, state, public_status: 'processing', changes, at: now() };
}

/** Payments begin here: closed loop, requests joined as the gateway's edge joins them. */
class Edge {
  private readonly bodies: string[];
  private next = 0;
  private end = 0;
  private done = 0;
  private requested = 0;
  private openTransactions = 0;
  private lastStart = -Infinity;
  private finish: () => void = () => undefined;

  constructor(
    private readonly chain: Chain,
    ordersFile: string,
  ) {
    this.bodies = readFileSync(ordersFile, 'utf8').trimEnd().split('\n');
  }

  run({ from, count, open }: ChainRun): Promise<void> {
    this.next = from;
    this.end = from + count;
    this.done = from;
    this.requested = Math.min(open, count);
    return new Promise((resolve) => {
      this.finish = resolve;
      this.pump();
    });
  }

  completed(count: number): void {
    this.done += count;
    this.requested += count;
    if (this.done === this.end) this.finish();
    else this.pump();
  }

  private pump(): void {
    const waiting = (): number => Math.min(this.requested, this.end - this.next);
    while (waiting() > 0 && this.openTransactions < MAX_EDGE_OPEN) {
      const wait = this.lastStart + MIN_CYCLE_MS - performance.now();
      if (wait > 0 && waiting() < MAX_EDGE_BATCH) {
        setTimeout(() => this.pump(), wait);
        return;
      }
      this.lastStart = performance.now();
      const count = Math.min(MAX_EDGE_BATCH, waiting());
      const first = this.next;
      this.next += count;
      this.requested -= count;
      this.openTransactions++;
      void this.create(first, count).then(() => {
        this.openTransactions--;
        this.pump();
      });
    }
  }

  private async create(first: number, count: number): Promise<void> {
    const orders = this.bodies.slice(first, first + count).map((text, index) => orderOf(text, first + index));
    await this.chain.transaction(async (tx) => {
      await query(tx, 'keys', sql.CLAIM_KEYS, [
        column(orders, () => PARTNER),
        column(orders, ({ index }) => `bench-payment-${index}`),
        column(orders, () => 'POST /v1/payments'),
        column(orders, () => 'f'.repeat(43)),
        column(orders, ({ id }) => id),
      ]);
      const instruments = orders.flatMap(({ body }) => [body.source_instrument, body.target_instrument]);
      await query(tx, 'instruments', sql.ROUTING_INSTRUMENTS, [instruments]);
      await query(tx, 'parties', sql.ROUTING_PARTIES, [orders.flatMap(({ body }) => [body.payer, body.payee])]);
      await query(tx, 'payments', sql.INSERT_PAYMENTS, [JSON.stringify(orders.map(({ row }) => row))]);
      const moved = orders.map(({ row }) => {
        return {
          payment: row as unknown as LockedPayment,
          sequence: 1,
          state: 'SCREENING',
          done: [],
          kinds: ['created'],
        };
      });
      await query(tx, 'progress-insert', sql.INSERT_PROGRESS, [JSON.stringify(moved.map(progressOf))]);
      await query(tx, 'changes', sql.APPEND_CHANGES, [JSON.stringify(moved.map(changeOf))]);
      const records = orders.flatMap(({ id, partition, row, body }) => {
        const data = { payment_id: id, quote_id: row.quote_id as string, hold: row.funding === 'hold', kind: '' };
        const screen = { payment_id: id, instruction_id: `${id}-screen`, source: body.payer, target: body.payee };
        const reserve = { ...data, instruction_id: `${id}-reserve`, kind: 'reserve', offer: body.offer };
        return [
          this.chain.record('payments.payment.events.v1', partition, { ...data, sequence: 1 }),
          this.chain.record('compliance.screening.commands.v1', partition, screen),
          this.chain.record('fx.reservation.commands.v1', partition, reserve),
        ];
      });
      const audit = orders.map(({ id: subject, partition }) => ({ subject, partition, actions: ['created'] }));
      return { result: null, emitted: { records, audit } };
    });
  }
}

interface Order {
  index: number;
  id: string;
  partition: number;
  body: Readonly<Record<'offer' | 'source_instrument' | 'target_instrument' | 'payer' | 'payee', string>>;
  row: Row;
}

/** A payment's row from a request body; the offer is read and believed. */
function orderOf(text: string, index: number): Order {
  const body = JSON.parse(text) as Order['body'];
  const claims = JSON.parse(Buffer.from(body.offer.split('.')[1]!, 'base64url').toString()) as Claims;
  const id = `pay_01CHAIN${String(Date.now()).padStart(13, '0')}${String(index).padStart(6, '0')}`;
  const hold = claims.source_network === 'applepay';
  const row = {
    payment_id: id,
    partner_id: PARTNER,
    partition: index % PARTITIONS,
    legal_entity: 'gateway-us',
    actor: `partner:${PARTNER}`,
    quote_id: claims.quote_id,
    offer: body.offer,
    offer_expires_at: new Date(claims.exp * 1_000),
    source_network: claims.source_network,
    target_network: claims.target_network,
    purpose: claims.purpose,
    bop_code: '122030',
    funding: hold ? 'hold' : 'collect',
    hold_margin_ms: 86_400_000,
    source_instrument: body.source_instrument,
    target_instrument: body.target_instrument,
    single_use_instrument: null,
    payer_party: body.payer,
    payee_party: body.payee,
    source_currency: claims.source_amount.currency,
    principal_minor: claims.source_amount.amount,
    fee_minor: claims.fee.amount,
    total_source_minor: claims.total_source_amount.amount,
    target_currency: claims.target_amount.currency,
    target_minor: claims.target_amount.amount,
    mid: claims.mid,
    customer_rate: claims.customer_rate,
    reference: `bench-${index}`,
    metadata: null,
    created_at: now(),
  };
  return { index, id, partition: index % PARTITIONS, body, row };
}

interface Amount {
  amount: string;
  currency: string;
}
interface Claims {
  quote_id: string;
  source_network: string;
  target_network: string;
  purpose: string;
  exp: number;
  mid: string;
  customer_rate: string;
  source_amount: Amount;
  fee: Amount;
  total_source_amount: Amount;
  target_amount: Amount;
}

function auditColumns(records: readonly Incoming[]): unknown[][] {
  const actions = JSON.stringify([{ action: 'done', detail: CHANGE }]);
  return [
    column(records, ({ topic }) => topic.split('.')[1]),
    column(records, ({ partition }) => partition),
    column(records, () => 0),
    column(records, ({ data }) => data.sequence),
    column(records, ({ data }) => data.payment_id),
    column(records, () => PARTNER),
    column(records, () => 'service:chain'),
    column(records, now),
    column(records, () => actions),
  ];
}

/** A leased instruction: the columns as the gateway writes them. */
function instructionOf({ instruction_id, payment_id, kind, source }: Data, partition: number): Row {
  const at = now();
  const fixed = { partner_id: PARTNER, amount: '10200', currency: 'USD', purpose: 'goods', bop_code: '122030' };
  const life = { in_doubt: false, enquiries: 0, needs_person: false, version: 0, attempt: 1, lease_ms: 10_000 };
  const times = { not_after: at, due: at, first_sent_at: at };
  const operation = kind;
  return {
    instruction_id,
    payment_id,
    partition,
    operation,
    instrument_id: source,
    ...fixed,
    ...life,
    ...times,
    state: 'SENT',
  };
}

function answeredOf({ instruction_id, kind }: Data): Row {
  const at = now();
  const outcome = { outcome: 'PROCESSED', evidence: 'answer', amount: { amount: '10200', currency: 'USD' }, kind };
  const life = { in_doubt: false, enquiries: 0, needs_person: false, version: 1, attempt: 1, ended_lease: true };
  const network_reference = `net-${instruction_id}`;
  const proof = { network_reference, processed_amount: '10200', processed_at: at, first_sent_at: at };
  return {
    instruction_id,
    state: 'PROCESSED',
    due: null,
    ...life,
    ...proof,
    outcome: { ...outcome, network_reference },
  };
}

function evidenceOf({ instruction_id }: Data): Row {
  const answer = {
    kind: 'PROCESSED',
    amount: { amount: '10200', currency: 'USD' },
    networkReference: `net-${instruction_id}`,
  };
  return { instruction_id, source: 'call', lease: '1', stale: false, answer };
}

/** Which accounts a booking of each kind moves; the amounts of one booking sum to zero. */
const ACCOUNTS_OF: Readonly<Record<string, readonly number[]>> = {
  hold_funded: [1, 2],
  credited_hold: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  captured: [13, 14, 1, 2],
  collection_funded: [15, 16],
  credited_collect: [16, 17, 18, 19, 20, 21, 9, 10],
};

function accountsOf({ kind, hold }: Data): readonly number[] {
  return ACCOUNTS_OF[kind === 'credited' ? `credited_${hold ? 'hold' : 'collect'}` : kind]!;
}

function bookingColumns(booked: readonly Incoming[]): unknown[][] {
  return [
    column(booked, ({ data }) => data.payment_id),
    column(booked, ({ data }) => data.kind),
    column(booked, ({ data }) => data.instruction_id),
    column(booked, () => PARTNER),
    column(booked, () => 'applepay'),
    column(booked, () => 'visa'),
    column(booked, ({ partition }) => partition),
    column(booked, ({ data }) => `{${accountsOf(data).join(',')}}`),
    column(
      booked,
      ({ data }) =>
        `{${accountsOf(data)
          .map((_, at) => (at % 2 === 0 ? 10_200 : -10_200))
          .join(',')}}`,
    ),
    column(booked, now),
  ];
}

function itemColumns(items: readonly Incoming[]): unknown[][] {
  const fixed = [PARTNER, 'applepay', 'visa', '1100', 'capture', 'USD', 10_200, now().slice(0, 10)];
  return [
    column(items, ({ data }) => data.payment_id),
    column(items, ({ data }) => data.kind),
    column(items, ({ data }) => data.instruction_id),
    ...fixed.map((value) => column(items, () => value)),
    column(items, now),
  ];
}

function reservationColumns(reserving: readonly Incoming[]): unknown[][] {
  // One batch may reserve and spend for a payment; a statement touches a row once.
  const last = [...new Map(reserving.map((one) => [one.data.payment_id, one])).values()];
  return [
    column(last, ({ data }) => data.payment_id),
    column(last, ({ data }) => `${data.payment_id}-reserve`),
    column(last, () => PARTNER),
    column(last, () => 'alipay'),
    column(last, () => 70_615n),
    column(last, () => 'CNY'),
    column(last, ({ data }) => (data.kind === 'credited' ? 'CONSUMED' : 'GRANTED')),
    column(last, () => null),
    column(last, () => 1),
  ];
}

function balanceColumns(booked: readonly Incoming[]): unknown[][] {
  const turnovers = new Map<string, { account: number; stripe: number; debits: bigint; credits: bigint }>();
  for (const { data, partition } of booked)
    accountsOf(data).forEach((account, at) => {
      const key = `${account} ${partition}`;
      const turnover = turnovers.get(key) ?? { account, stripe: partition, debits: 0n, credits: 0n };
      if (at % 2 === 0) turnover.debits += 10_200n;
      else turnover.credits += 10_200n;
      turnovers.set(key, turnover);
    });
  const rows = [...turnovers.values()];
  return [
    column(rows, ({ account }) => account),
    column(rows, ({ stripe }) => stripe),
    column(rows, ({ debits }) => debits),
    column(rows, ({ credits }) => credits),
  ];
}

let chain: Chain | null = null;

async function take(message: ToChain): Promise<FromChain> {
  if ('start' in message) {
    chain = new Chain(message.start);
    await chain.start();
    return { started: true };
  }
  if ('run' in message) {
    await chain!.run(message.run);
    return { ran: true };
  }
  return { counts: chain!.counts() };
}

process.on('unhandledRejection', (error) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exit(1);
});
process.on('message', (message: ToChain) => void take(message).then((answer) => process.send!(answer)));
process.once('disconnect', () => process.exit(0));
