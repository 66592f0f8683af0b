import { disputesAt, EVIDENCE } from './disputes-at';
import { RoutingEdge } from './routing-edge';

jest.setTimeout(120_000);

describe('a dispute of which the network says something else than before', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const { told, hear, opened, get, moneyOf, casesOf } = disputesAt(() => edge);
  const detailOf = async (payment: string): Promise<Record<string, unknown> | undefined> => {
    const sql = `SELECT detail FROM payment_case WHERE payment_id = $1 AND kind = 'dispute_contradiction'`;
    return (await edge.test.database.query<{ detail: Record<string, unknown> }>(sql, [payment])).at(-1)?.detail;
  };

  it.each(['won', 'lost'] as const)(
    'is not %s over another amount than it was opened with: a person looks',
    async (end) => {
      const { payment, id } = await opened();
      await hear(payment, 3, told(end, { amount: { amount: '6000', currency: 'USD' } }));
      expect((await get(id)).status).toBe('action_required');
      expect(moneyOf(payment)).toEqual(['dispute_opened']);
      expect(await casesOf(payment)).toEqual(['dispute_opened', 'dispute_contradiction']);
      expect(await detailOf(payment)).toMatchObject({ dispute: id, amount: '10200', told_amount: '6000', told: end });
      await hear(payment, 3, told(end, { amount: { amount: '6000', currency: 'USD' } }));
      expect(await casesOf(payment)).toHaveLength(2);
    },
  );

  it.each(['won', 'lost'] as const)(
    'and is open again after it was %s: a person looks, and nothing is booked',
    async (end) => {
      const { payment, id } = await opened();
      await hear(payment, 3, told(end));
      await hear(payment, 4, told('open'));
      expect((await get(id)).status).toBe(end);
      expect(moneyOf(payment)).toEqual(['dispute_opened', `dispute_${end}`]);
      expect(await casesOf(payment)).toEqual(['dispute_opened', 'dispute_contradiction']);
      expect(await detailOf(payment)).toMatchObject({ dispute: id, told: 'open' });
    },
  );
});

describe('what a partner is told of a dispute', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const { opened, get, answer } = disputesAt(() => edge);

  it('has no text of evidence in it, which is shown to who asks for the dispute', async () => {
    await edge.post('/v1/webhook_endpoints', { url: 'http://127.0.0.1:9/nobody-listens' });
    const { id } = await opened();
    expect((await answer(id)).status).toBe(202);
    const events = await edge.test.database.query<{ type: string; body: string }>(
      'SELECT type, body FROM webhook_delivery WHERE refund_id = $1 ORDER BY position',
      [id],
    );
    expect(events.map(({ type }) => type)).toEqual(['dispute.opened', 'dispute.processing']);
    expect(events[1]?.body).toContain('"by":"partner"');
    expect(JSON.stringify(events)).not.toContain(EVIDENCE.proof_of_delivery);
    expect(await get(id)).toMatchObject({ answer: { evidence: EVIDENCE } });
  });

  it('offers no answer once the deadline of the network has passed, as none is taken then', async () => {
    const { id } = await opened({ evidence_due_by: '2026-01-01T00:00:00.000Z' });
    expect(await get(id)).toMatchObject({ status: 'action_required', actions: [] });
    expect((await answer(id)).body.code).toBe('DISPUTE_NOT_ACTIONABLE');
  });
});
