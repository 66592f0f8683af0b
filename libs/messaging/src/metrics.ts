import { Counter, Gauge, Histogram, register, type Metric } from 'prom-client';

const BATCH_SIZES = [1, 2, 5, 10, 25, 50, 100, 200, 350, 500];

/** The one metric of that name in this process: tests make several messaging modules side by side. */
function once<M extends Metric>(name: string, make: () => M): M {
  return (register.getSingleMetric(name) as M | undefined) ?? make();
}

const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
  once(name, () => new Counter({ name, help, labelNames }));
const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
  once(name, () => new Gauge({ name, help, labelNames }));

/** What messaging tells at `/metrics`. Labels are topic names and kinds, never keys. */
export class MessagingMetrics {
  readonly published = counter('messaging_published_records_total', 'Records acknowledged by Kafka');
  readonly rejectedSends = counter('messaging_rejected_sends_total', 'Produce requests that failed and were repeated');
  readonly consumed = counter('messaging_consumed_records_total', 'Records whose effects are committed', ['topic']);
  readonly repeats = counter('messaging_repeated_records_total', 'History records dropped as repeats', ['topic']);
  readonly deadLetters = counter('messaging_dead_letters_total', 'Records that could not be read', ['topic']);
  readonly parkedTotal = counter('messaging_parked_total', 'Records parked', ['topic', 'kind']);
  readonly batchRepeats = counter('messaging_batch_repeats_total', 'Batches repeated because the database was away');
  readonly fencesLost = counter('messaging_fences_lost_total', 'Batches given up because another reader was first');
  readonly rebalances = counter('messaging_rebalances_total', 'Times that this process joined its group');
  readonly batchSize = once(
    'messaging_batch_records',
    () => new Histogram({ name: 'messaging_batch_records', help: 'Records per transaction', buckets: BATCH_SIZES }),
  );
  readonly lagRecords = gauge('messaging_lag_records', 'Records not yet read, by topic', ['topic']);
  readonly lagSeconds = gauge(
    'messaging_lag_seconds',
    'At most how old the oldest unread record is, by the broker clock, by topic',
    ['topic'],
  );
  readonly outboxRows = gauge('messaging_outbox_rows', 'Outbox rows not yet published');
  readonly outboxAge = gauge('messaging_outbox_oldest_seconds', 'Age of the oldest row not yet published');
  readonly parked = gauge('messaging_parked', 'Records parked now', ['kind']);
  readonly parkedPerson = gauge('messaging_parked_needs_person', 'Parked records that wait for a person');
  readonly gapsOverdue = gauge('messaging_gaps_overdue', 'Gaps in histories older than the alarm');
  readonly stoppedPartitions = gauge('messaging_stopped_partitions', 'Partitions that a person must move on');
  readonly lastPollAge = gauge(
    'messaging_last_poll_seconds',
    'Time since the last answer of the broker to the consumer',
  );
}
