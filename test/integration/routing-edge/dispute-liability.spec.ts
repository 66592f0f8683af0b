import type { DisputeCategory } from '@gateway/contracts/wallet.network.disputes';
import { SqlDisputeRepository } from '../../../apps/routing/src/outbound/dispute-sql.repository';
import { RoutingEdge, type Reply } from './routing-edge';

jest.setTimeout(180_000);

describe('who bears the lost disputes of a partner', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  it('two people set it, with a reason, from a day to another; one of them cannot', async () => {
    const url = '/ops/v1/dispute_liability';
    const as = (id: string, method: 'GET' | 'POST', path: string, body?: object): Promise<Reply> => {
      const { token } = edge.people.people.find((person) => person.id === id)!;
      return edge.send(method, path, body ?? (method === 'POST' ? {} : undefined), {
        authorization: `Bearer ${token}`,
      });
    };
    const term = {
      partner: 'prt_a',
      category: 'duplicate',
      bearer: 'partner',
      clause: '7.4 duplicates',
      from: '2020-01-01T00:00:00Z',
      to: '2098-01-01T00:00:00Z',
      reason: 'Amendment 2 of the contract, signed in June.',
    };
    const wrong: [string, unknown][] = [
      ['partner', 'prt_nobody'],
      ['category', 'lost_interest'],
      ['bearer', 'issuer'],
      ['clause', ''],
      ['from', '2026-02-30T00:00:00Z'],
      ['from', 'tomorrow'],
      ['to', '2019-12-31T00:00:00Z'],
      ['to', term.from],
      ['reason', 'short'],
    ];
    for (const [field, value] of wrong) {
      const { status, body } = await as('settlement-1', 'POST', url, { ...term, [field]: value });
      expect([status, body.code, body.param]).toEqual([422, 'FIELD_INVALID', field]);
    }
    expect((await as('support-1', 'POST', url, term)).status).toBe(403);
    const asked = await as('settlement-1', 'POST', url, term);
    expect([asked.status, asked.body.state, asked.body.requested_by]).toEqual([
      201,
      'requested',
      'operator:settlement-1',
    ]);
    expect((await as('settlement-2', 'POST', url, term)).body.code).toBe('ASKED_BEFORE');
    const bearer = async (category: DisputeCategory): Promise<string> =>
      (await new SqlDisputeRepository().liabilityOf(edge.test.database, 'prt_a', category, new Date())).bearer;
    expect(await bearer('duplicate')).toBe('gateway');

    const decision = `${url}/${asked.body.id as string}`;
    expect((await as('settlement-1', 'POST', `${decision}/approve`)).body.code).toBe('SECOND_PERSON_NEEDED');
    await expect(
      edge.test.database.query(
        `UPDATE liability_decision SET state = 'approved', approved_by = requested_by, decided_at = now()`,
      ),
    ).rejects.toThrow(/check constraint/);
    const approved = await as('settlement-2', 'POST', `${decision}/approve`);
    expect([approved.status, approved.body.state]).toEqual([200, 'approved']);
    expect(edge.transactions.emitted.at(-1)?.audit).toMatchObject([
      {
        subjectId: 'prt_a',
        actor: 'operator:settlement-2',
        actions: [
          {
            action: 'dispute_liability.approved',
            detail: {
              bearer: 'partner',
              clause: term.clause,
              reason: term.reason,
              requested_by: 'operator:settlement-1',
            },
          },
        ],
      },
    ]);
    expect((await as('settlement-2', 'POST', `${decision}/reject`)).body.state).toBe('approved');
    expect([await bearer('duplicate'), await bearer('general')]).toEqual(['partner', 'gateway']);
    expect((await as('auditor-1', 'GET', `${url}/prt_a`)).body).toMatchObject({
      terms: [{ category: 'duplicate', bearer: 'partner', to: '2098-01-01T00:00:00.000Z' }],
      waiting: [],
    });
    expect((await as('settlement-1', 'POST', url, term)).body.code).toBe('ASKED_BEFORE');

    const over = { ...term, category: 'unrecognized', to: '2021-01-01T00:00:00Z' };
    const { id } = (await as('settlement-2', 'POST', url, over)).body as { id: string };
    await as('settlement-1', 'POST', `${url}/${id}/approve`);
    expect(await bearer('unrecognized')).toBe('gateway');
  });
});
