import { sqlMigration, type Migration } from '@gateway/persistence';

/** Where a group stands in each partition. Kafka's own committed offsets are for lag tools only (design S2). */
const consumerOffsets = sqlMigration(
  1_700_000_000_010,
  'ConsumerOffsets',
  `
  CREATE TABLE consumer_offset (
    grp text NOT NULL,
    topic text NOT NULL,
    part integer NOT NULL CHECK (part >= 0),
    cluster_id text NOT NULL,
    next bigint NOT NULL DEFAULT 0 CHECK (next >= 0),
    stopped text,
    PRIMARY KEY (grp, topic, part, cluster_id)
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE consumer_offset IS 'All records of a partition below next are done; moved in the transaction of their effects, which also fences a second reader. stopped: why a person must move this partition on.';
`,
);

/**
 * The outbox: one row per target topic and transaction. Days are partitions, because dropping one costs nothing. The
 * runtime role owns no table, so making and dropping partitions goes through a function that does exactly that.
 */
const outbox = sqlMigration(
  1_700_000_000_011,
  'Outbox',
  `
  CREATE SEQUENCE outbox_id;
  CREATE TABLE outbox (
    id bigint NOT NULL DEFAULT nextval('outbox_id'),
    owner text NOT NULL,
    topic text NOT NULL,
    records text NOT NULL,
    record_count integer NOT NULL CHECK (record_count > 0),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at timestamptz,
    cluster_id text,
    PRIMARY KEY (id, created_at)
  ) PARTITION BY RANGE (created_at);
  COMMENT ON TABLE outbox IS 'What committed transactions have to tell. records: two lines per record (partition, key and trace; then the bytes). A mark (published_at) counts only under the present cluster_id.';
  ALTER TABLE outbox ALTER COLUMN records SET STORAGE EXTERNAL;
  CREATE INDEX outbox_unpublished ON outbox (created_at) WHERE published_at IS NULL;

  CREATE TABLE outbox_owner (owner text PRIMARY KEY, beat_at timestamptz NOT NULL) WITH (fillfactor = 50);
  COMMENT ON TABLE outbox_owner IS 'Heartbeat of each publishing process; rows of an owner silent for 5 s are taken over.';

  CREATE TABLE outbox_cluster (cluster_id text PRIMARY KEY, first_used_at timestamptz NOT NULL DEFAULT clock_timestamp());
  COMMENT ON TABLE outbox_cluster IS 'Kafka clusters that this database has published to; a new one is refilled from the outbox.';

  CREATE FUNCTION outbox_maintain(keep interval) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
    DECLARE
      day date;
      child record;
      waiting boolean;
      dropped integer := 0;
      oldest date := (clock_timestamp() - greatest(keep, interval '1 hour'))::date;
    BEGIN
      PERFORM pg_advisory_xact_lock(7080002);
      FOR day IN SELECT generate_series(clock_timestamp()::date, clock_timestamp()::date + 3, interval '1 day')::date LOOP
        IF to_regclass('outbox_' || to_char(day, 'YYYYMMDD')) IS NULL THEN
          EXECUTE format('CREATE TABLE %I PARTITION OF outbox FOR VALUES FROM (%L) TO (%L)',
            'outbox_' || to_char(day, 'YYYYMMDD'), day::timestamptz, (day + 1)::timestamptz);
        END IF;
      END LOOP;
      FOR child IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                   WHERE i.inhparent = 'outbox'::regclass AND c.relname < 'outbox_' || to_char(oldest, 'YYYYMMDD') LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE published_at IS NULL)', child.relname) INTO waiting;
        IF NOT waiting THEN
          EXECUTE format('DROP TABLE %I', child.relname);
          dropped := dropped + 1;
        END IF;
      END LOOP;
      RETURN dropped;
    END $$;
  COMMENT ON FUNCTION outbox_maintain IS 'Makes the partitions of today and three days ahead; drops those older than keep, unless something in them is unpublished.';
  SELECT outbox_maintain(interval '72 hours');
`,
);

/** Positions of acting readers in histories, and what waits beside the stream. */
const historyAndParking = sqlMigration(
  1_700_000_000_012,
  'HistoryAndParking',
  `
  CREATE TABLE history_position (
    grp text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    incarnation integer NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (grp, topic, key)
  ) WITH (fillfactor = 80);
  COMMENT ON TABLE history_position IS 'The last record of each key that an acting reader has taken; the next one must be sequence + 1.';

  CREATE TABLE parked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grp text NOT NULL,
    topic text NOT NULL,
    part integer NOT NULL,
    key text NOT NULL,
    incarnation integer NOT NULL DEFAULT 0,
    sequence bigint,
    kafka_offset bigint NOT NULL,
    record bytea NOT NULL,
    traceparent text,
    kind text NOT NULL CHECK (kind IN ('failed', 'gap', 'behind')),
    reason text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due timestamptz NOT NULL,
    needs_person boolean NOT NULL DEFAULT false,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  COMMENT ON TABLE parked IS 'Records that cannot be handled now, in order per (topic, key): failed (tried again, five times), gap (an earlier one of the history is missing) or behind another parked one.';
  CREATE UNIQUE INDEX parked_history ON parked (grp, topic, key, incarnation, sequence) WHERE sequence IS NOT NULL;
  CREATE INDEX parked_key ON parked (grp, topic, key, id);
  CREATE INDEX parked_due ON parked (due) WHERE NOT needs_person;

  CREATE TABLE parked_decision (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grp text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    record bytea NOT NULL,
    decision text NOT NULL CHECK (decision IN ('retry', 'drop')),
    reason text NOT NULL CHECK (reason <> ''),
    requested_by text NOT NULL,
    approved_by text,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (decision = 'retry' OR (approved_by IS NOT NULL AND approved_by <> requested_by))
  );
  COMMENT ON TABLE parked_decision IS 'What people decided about parked records; dropping one needs a reason and a second person.';
  SELECT make_append_only('parked_decision');
`,
);

/** Counters of the audit streams of this service (design S1); see docs/adr/0002. */
const auditStreams = sqlMigration(
  1_700_000_000_013,
  'AuditStreams',
  `
  CREATE TABLE audit_stream (
    bucket integer PRIMARY KEY CHECK (bucket BETWEEN 0 AND 5),
    incarnation integer NOT NULL DEFAULT 0,
    last_sequence bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 20);
  COMMENT ON TABLE audit_stream IS 'The last sequence given out in each audit stream of this service. Locked last in a transaction, in bucket order.';
  INSERT INTO audit_stream (bucket) SELECT generate_series(0, 5);
`,
);

/** What every service that publishes or consumes needs in its database. Put before the service's own migrations. */
export const messagingMigrations: Migration[] = [consumerOffsets, outbox, historyAndParking, auditStreams];
