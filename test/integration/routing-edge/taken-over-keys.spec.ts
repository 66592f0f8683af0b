import { RoutingEdge, type Reply } from './routing-edge';

jest.setTimeout(120_000);

const PARTY = { role: 'payer', type: 'individual', name: 'Ada Example', country: 'US' };

/** The first request was stopped for longer than its lease, and its repeat is being handled when it wakes up. */
describe('a key that was taken over', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  /** Both requests are under way, the second one by a lease of its own; `end` says what the neighbour answers to the first. */
  async function both(key: string, end: { status: number; body: object }): Promise<Reply[]> {
    const database = edge.test.database;
    const neighbours = edge.neighbours;
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const before = neighbours.asked.length;
    neighbours.hold = gate;
    const first = edge.post('/v1/parties', PARTY, key);
    while (neighbours.asked.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
    await database.query(`UPDATE idempotency_key SET lease_until = clock_timestamp() WHERE key = $1`, [key]);
    // Another instance takes it over.
    await database.query(
      `UPDATE idempotency_key SET lease_until = clock_timestamp() + interval '1 minute' WHERE key = $1`,
      [key],
    );
    neighbours.answerWith = () => end;
    neighbours.hold = null;
    release();
    const late = await first;
    neighbours.answerWith = null;
    return [late, await edge.post('/v1/parties', PARTY, key)];
  }

  it('is not given back by who has lost it: a further repeat is not handled a third time', async () => {
    const replies = await both('lost-and-failed', { status: 500, body: {} });
    expect(replies.map(({ status, body }) => [status, body.code])).toEqual([
      [503, 'SERVICE_UNAVAILABLE'],
      [409, 'IDEMPOTENCY_KEY_IN_USE'],
    ]);
  });

  it('gets no answer of who has lost it: one key has one answer', async () => {
    const replies = await both('lost-and-done', { status: 201, body: { party_id: 'pty_late' } });
    expect(replies.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'IDEMPOTENCY_KEY_IN_USE'],
      [409, 'IDEMPOTENCY_KEY_IN_USE'],
    ]);
  });
});
