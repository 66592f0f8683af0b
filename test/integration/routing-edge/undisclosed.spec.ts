import type { ScreeningOutcomeKind } from '@gateway/contracts/compliance.screening.events.v1';
import { OutboxTransactions } from '@gateway/messaging';
import { AdvancePayments, type FactOfPayment } from '../../../apps/routing/src/use-cases/advance-payments';
import { AskAgain } from '../../../apps/routing/src/use-cases/ask-again';
import {
  factOfReservation,
  factOfScreening,
  factOfWallet,
} from '../../../apps/routing/src/use-cases/facts-from-outcomes';
import { RoutingEdge } from './routing-edge';

jest.setTimeout(120_000);

const AT = '2026-11-28T10:00:00.000Z';

/** No tipping off: what compliance works on is for compliance, whoever asks and in whatever way. */
describe('what is not told of a payment before an officer discloses it', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const about = (id: string): { payment_id: string; partner_id: string; at: string } => ({
    payment_id: id,
    partner_id: 'prt_a',
    at: AT,
  });
  const screening = (id: string, outcome: ScreeningOutcomeKind, version: number): FactOfPayment => ({
    paymentId: id,
    fact: factOfScreening({ ...about(id), instruction_id: `${id}-screen`, outcome, version }),
  });
  const reservation = (id: string, outcome: 'GRANTED' | 'RELEASED'): FactOfPayment => {
    const suffix = outcome === 'GRANTED' ? 'reserve' : 'unreserve';
    const fact = factOfReservation({ ...about(id), instruction_id: `${id}-${suffix}`, outcome, version: 1 });
    return { paymentId: id, fact };
  };
  const collected = (id: string): FactOfPayment => ({
    paymentId: id,
    fact: factOfWallet({
      ...about(id),
      instruction_id: `${id}-collect`,
      network: 'applepay',
      operation: 'collect',
      outcome: 'PROCESSED',
      amount: { amount: '10200', currency: 'USD' },
      counterparty: 'visa',
      evidence: 'answer',
      version: 1,
    })!,
  });
  const take = (...facts: FactOfPayment[]): Promise<unknown> =>
    edge.app.get(OutboxTransactions, { strict: false }).run(async (tx) => {
      const batch = { payments: facts, refunds: [], returns: [], disputes: [] };
      return { result: null, emit: await edge.app.get(AdvancePayments, { strict: false }).run(tx, batch) };
    });
  const pay = async (source: object = {}): Promise<string> =>
    (await edge.post('/v1/payments', await edge.payable({}, source))).body.id as string;
  const asPartner = async (id: string): Promise<Record<string, unknown>> =>
    (await edge.send('GET', `/v1/payments/${id}`)).body;
  const asPerson = async (role: string, id: string): Promise<Record<string, unknown>> => {
    const { token } = edge.people.people.find(({ roles }) => roles.includes(role as never))!;
    const as = { authorization: `Bearer ${token}` };
    return (await edge.send('GET', `/ops/v1/payments/${id}`, undefined, as)).body;
  };

  /** Under review for longer than its reservation is kept. */
  async function heldLong(): Promise<string> {
    const id = await pay();
    await take(screening(id, 'REVIEW', 1), reservation(id, 'GRANTED'));
    await edge.test.database.query(
      `UPDATE payment_progress SET due = clock_now(),
              standing = jsonb_set(standing, '{since}', to_jsonb(clock_now() - interval '11 minutes')) WHERE payment_id = $1`,
      [id],
    );
    await edge.transactions.run(async (tx) => {
      const { payments, emit } = await edge.app.get(AskAgain, { strict: false }).run(tx, 100);
      return { result: payments, emit };
    });
    return id;
  }

  /** Collected, and then it proved that the payer is listed. */
  async function blocked(): Promise<string> {
    const id = await pay({ funding: { goods: 'collect' } });
    await take(screening(id, 'CLEAR', 1), reservation(id, 'GRANTED'));
    await take(screening(id, 'HIT', 2));
    await take(collected(id));
    await take(reservation(id, 'RELEASED'));
    return id;
  }

  it('is that somebody reviews it: to the partner it is being screened, however long that takes', async () => {
    const id = await heldLong();
    expect((await asPerson('compliance', id)).state).toBe('HELD');
    const shown = await asPartner(id);
    expect(shown.status).toBe('processing');
    expect(JSON.stringify(shown)).not.toMatch(/HELD|review/i);
  });

  it('is that its money is blocked: to the partner it is under way like one whose credit is to come', async () => {
    const id = await blocked();
    expect((await asPerson('compliance', id)).state).toBe('BLOCKED');
    const shown = await asPartner(id);
    expect([shown.status, shown.outcome, shown.failure]).toEqual(['processing', undefined, undefined]);
    expect(JSON.stringify(shown)).not.toMatch(/BLOCKED|IN_REVIEW|screening_hit|block/);
    expect((shown.history as { state: string }[]).at(-1)?.state).toBe('AUTHORISED');
  });

  it.each(['support', 'engineer', 'settlement'])(
    'is neither for %s, who see the payment as far as it is told',
    async (role) => {
      const [held, kept] = [await asPerson(role, await heldLong()), await asPerson(role, await blocked())];
      expect([held.state, kept.state]).toEqual(['SCREENING', 'AUTHORISED']);
      expect(JSON.stringify([held, kept])).not.toMatch(
        /HELD|BLOCKED|"hit"|"review"|screening_hit|screening_review|review_overdue/,
      );
      expect((kept.history as { changes: object[] }[]).every(({ changes }) => changes.length > 0)).toBe(true);
    },
  );

  it.each(['compliance', 'auditor'])('is all there for %s', async (role) => {
    const kept = await asPerson(role, await blocked());
    expect(kept).toMatchObject({ state: 'BLOCKED', standing: { parts: { screening: 'hit' }, cause: 'BLOCKED' } });
    expect(JSON.stringify(kept.history)).toContain('screening_hit');
  });
});

describe('cases', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  it('are all there, page by page, also for who may not see some of them', async () => {
    await edge.test.database.query(
      `INSERT INTO payment_case (case_id, payment_id, kind, state, fact, detail, opened_at)
       SELECT 'cas_' || lpad(n::text, 26, '0'), 'pay_1', CASE WHEN n % 2 = 0 THEN 'sanctions_hit' ELSE 'needs_person' END,
              'SCREENING', 'a_fact', '{}', clock_timestamp()
       FROM generate_series(1, 301) AS n`,
    );
    const pageOf = async (role: string, before?: string): Promise<{ data: { id: string }[]; has_more: boolean }> => {
      const { token } = edge.people.people.find(({ roles }) => roles.includes(role as never))!;
      const url = `/ops/v1/cases${before === undefined ? '' : `?before=${before}`}`;
      const { body } = await edge.send('GET', url, undefined, { authorization: `Bearer ${token}` });
      return body as { data: { id: string }[]; has_more: boolean };
    };
    for (const [role, all] of [
      ['compliance', 301],
      ['support', 151],
    ] as const) {
      const seen: string[] = [];
      let page = await pageOf(role);
      seen.push(...page.data.map(({ id }) => id));
      while (page.has_more) {
        page = await pageOf(role, seen.at(-1));
        seen.push(...page.data.map(({ id }) => id));
      }
      expect([role, new Set(seen).size, seen]).toEqual([role, all, [...seen].sort().reverse()]);
    }
  });

  it.each([
    ['before', 'cas_%27%20OR%201=1'],
    ['before', 'pay_1'],
    ['payment', 'x'.repeat(10_000)],
  ])('are not looked for by a %s that is none', async (param, text) => {
    const { token } = edge.people.people.find(({ roles }) => roles.includes('support'))!;
    const as = { authorization: `Bearer ${token}` };
    const { status, body } = await edge.send('GET', `/ops/v1/cases?${param}=${text}`, undefined, as);
    expect([status, body.param]).toEqual([422, param]);
  });
});
