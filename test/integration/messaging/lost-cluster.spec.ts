import { messagingMigrations } from '@gateway/messaging';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { OutboxTable } from '../../../libs/messaging/src/outbox/outbox-table';

jest.setTimeout(180_000);

describe('the outbox after its cluster was lost', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await createTestDatabase([...messagingMigrations]);
  });
  afterEach(() => test.drop());

  const unpublished = async (): Promise<number> =>
    (await test.database.query('SELECT 1 FROM outbox WHERE published_at IS NULL')).length;

  it('takes no mark of the lost cluster from a process that comes late with it: its row goes to the new one', async () => {
    const [late, first] = [new OutboxTable(test.database, 'late'), new OutboxTable(test.database, 'first')];
    await late.noteCluster('lost');
    const [row] = await test.database.query<{ id: bigint; created_at: Date }>(
      `INSERT INTO outbox (owner, topic, records, record_count) VALUES ('late', 't', E'0\tk\t\n{}\n', 1) RETURNING id, created_at`,
    );
    const rows = [{ id: row!.id, createdAt: row!.created_at }];
    expect(await first.isOtherCluster('new')).toBe(true);
    expect(await first.refill('new')).toBe(0);
    await first.noteCluster('new');
    await late.mark({ clusterId: 'lost', rows });
    expect(await unpublished()).toBe(1);
    expect(await first.sweep([], 0, 0)).toHaveLength(1);
    await first.mark({ clusterId: 'new', rows });
    expect(await unpublished()).toBe(0);
  });
});
