import type { Database, Tx } from '@gateway/persistence';
import { OutboxTransactions, type Worked } from '../outbox-transactions';
import type { PendingMarks } from './marks';
import type { OutboxPublishing } from './outbox-publishing';
import { NOTHING_APPENDED, type Appended, type OutboxWriter } from './outbox-writer';

/** `OutboxTransactions` on PostgreSQL and Kafka. */
export class KafkaOutboxTransactions extends OutboxTransactions {
  constructor(
    private readonly database: Database,
    private readonly writer: OutboxWriter,
    private readonly marks: PendingMarks,
    private readonly publishing: OutboxPublishing,
  ) {
    super();
  }

  async run<T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T> {
    let appended: Appended = NOTHING_APPENDED;
    try {
      const result = await this.database.transaction(async (tx) => {
        const worked = await work(tx);
        appended = await this.writer.append(tx, worked.emit);
        return worked.result;
      });
      this.publishing.committed(appended);
      return result;
    } catch (error) {
      // Should a lost COMMIT have succeeded after all, its rows are ours and not queued: the next sweep publishes them.
      this.marks.giveBack(appended.marks);
      throw error;
    }
  }
}
