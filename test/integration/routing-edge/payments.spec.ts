import { RoutingEdge } from './routing-edge';

jest.setTimeout(180_000);

const PAYMENTS = '/v1/payments';

describe('the edge that makes payments', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  it('makes a payment from an offer and shows it with its history', async () => {
    const reply = await edge.post(PAYMENTS, await edge.payable());
    expect(reply.text).toContain('"status":"processing"');
    expect(reply.status).toBe(202);
    expect(reply.body.total_source_amount).toEqual({ amount: '10200', currency: 'USD', exponent: 2 });
    const got = await edge.send('GET', `${PAYMENTS}/${reply.body.id as string}`);
    expect(got.status).toBe(200);
    expect(got.body.history).toEqual([expect.objectContaining({ fact: 'payment_created', state: 'SCREENING' })]);
    expect(got.headers['request-id']).toMatch(/^req_/);
  });

  it('keeps with the payment why it goes the way it goes, and shows it to operators alone', async () => {
    const { body } = await edge.post(PAYMENTS, await edge.payable());
    const token = edge.people.people.find(({ id }) => id === 'auditor-1')?.token ?? '';
    const url = `/ops/v1/payments/${body.id as string}`;
    const shown = await edge.send('GET', url, undefined, { authorization: `Bearer ${token}` });
    const { candidates } = shown.body.route as { candidates: object[] };
    expect(candidates).toEqual(
      expect.arrayContaining([
        { what: 'fund', name: 'applepay.hold', verdict: 'chosen' },
        expect.objectContaining({ what: 'clear', verdict: 'chosen', basis: 'none_needed' }),
        { what: 'settle', name: 'cn_city_bank', verdict: 'NO_CORRIDOR_LICENCE' },
      ]),
    );
    expect(body.route).toBeUndefined();
  });

  it('makes one payment of one key sent 100 times at once, and answers each time with that payment', async () => {
    const body = await edge.payable();
    const before = await edge.count('payment');
    const replies = await Promise.all(Array.from({ length: 100 }, () => edge.post(PAYMENTS, body, 'key-100')));
    expect(await edge.count('payment')).toBe(before + 1);
    const made = replies.filter(({ status }) => status === 202);
    expect(new Set(made.map(({ body: { id } }) => id)).size).toBe(1);
    expect(made.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    for (const { status } of replies) expect([202, 409]).toContain(status);
    const later = await edge.post(PAYMENTS, body, 'key-100');
    expect(later.headers['idempotent-replayed']).toBe('true');
    expect(later.body).toEqual(made[0]!.body);
  });

  it('reads a quoted key and a bare key as the same key', async () => {
    const body = await edge.payable();
    const first = await edge.post(PAYMENTS, body, '"key-quoted"');
    const second = await edge.post(PAYMENTS, body, 'key-quoted');
    expect(second.body.id).toBe(first.body.id);
  });

  it('refuses a key that comes again with another body or on another route', async () => {
    const body = await edge.payable();
    const first = await edge.post(PAYMENTS, body, 'key-body');
    expect(first.status).toBe(202);
    const other = await edge.post(PAYMENTS, { ...body, reference: 'another' }, 'key-body');
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_CONFLICT']);
    const route = await edge.post(`${PAYMENTS}/${first.body.id as string}/cancel`, {}, 'key-body');
    expect([route.status, route.body.code]).toEqual([422, 'IDEMPOTENCY_CONFLICT']);
  });

  it('keeps a refusal under its key and replays it byte for byte', async () => {
    const body = { ...(await edge.payable()), payer: 'pty_nobody' };
    const first = await edge.post(PAYMENTS, body, 'key-refused');
    expect([first.status, first.body.code, first.body.param]).toEqual([422, 'PARTY_UNKNOWN', 'payer']);
    const second = await edge.post(PAYMENTS, body, 'key-refused');
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotent-replayed']).toBe('true');
  });

  it('uses a quote once, whoever comes at the same time, and a refused row takes nothing', async () => {
    const [one, two] = [await edge.payable(), await edge.payable()];
    const replies = await Promise.all([
      edge.post(PAYMENTS, { ...one, offer: one.offer }),
      edge.post(PAYMENTS, { ...two, offer: one.offer }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([202, 409]);
    const refused = replies.find(({ status }) => status === 409)!;
    expect(refused.body).toMatchObject({ code: 'QUOTE_ALREADY_USED', param: 'offer' });
    const spared = refused === replies[0] ? one : two;
    const again = await edge.post(PAYMENTS, { ...spared, offer: edge.offer() });
    expect(again.status).toBe(202);
  });

  it('uses an instrument of a one-time token once', async () => {
    const body = await edge.payable();
    const replies = await Promise.all([
      edge.post(PAYMENTS, body),
      edge.post(PAYMENTS, { ...body, offer: edge.offer() }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(replies.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'INSTRUMENT_ALREADY_USED' });
  });

  it.each([
    ['expired this very second', { exp: Math.floor(Date.now() / 1000) }, 'QUOTE_EXPIRED'],
    ["another partner's", { partner_id: 'prt_b' }, 'OFFER_INVALID'],
    ['from another issuer', { iss: 'somebody' }, 'OFFER_INVALID'],
    ['with a number for an amount', { target_amount: { amount: 70615, currency: 'CNY' } }, 'OFFER_INVALID'],
  ])('refuses an offer that is %s (case 75)', async (_name, changes, code) => {
    const reply = await edge.post(PAYMENTS, await edge.payable(changes));
    expect([reply.status, reply.body.code, reply.body.param]).toEqual([422, code, 'offer']);
  });

  it.each([
    ['alg none (35)', { alg: 'none', kid: 'offer-test' }],
    ['HS256 (36)', { alg: 'HS256', kid: 'offer-test' }],
    ['a kid that is a path (38)', { alg: 'EdDSA', kid: '../../etc/passwd' }],
    ['a kid of 10 kB (38)', { alg: 'EdDSA', kid: 'k'.repeat(5_000) }],
    ['its own key', { alg: 'EdDSA', jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } }],
  ])('refuses an offer signed with %s', async (_name, header) => {
    const reply = await edge.post(PAYMENTS, { ...(await edge.payable()), offer: edge.offer({}, header) });
    expect([reply.status, reply.body.code]).toEqual([422, 'OFFER_INVALID']);
  });

  it('refuses an offer of which one letter was changed', async () => {
    const body = await edge.payable();
    const [head, claims, signature] = body.offer!.split('.') as [string, string, string];
    const richer = Buffer.from(claims, 'base64url').toString().replace('"70615"', '"90615"');
    const offer = [head, Buffer.from(richer).toString('base64url'), signature].join('.');
    expect((await edge.post(PAYMENTS, { ...body, offer })).body.code).toBe('OFFER_INVALID');
  });

  it('refuses what an instrument cannot do before anything is taken', async () => {
    const amex = await edge.payable({ purpose: 'person_to_person' }, { scheme: 'amex' });
    expect((await edge.post(PAYMENTS, amex)).body).toMatchObject({
      code: 'NO_COMMON_CAPABILITY',
      param: 'source_instrument',
    });
    const cannotBePaid = await edge.payable({}, {}, { credit: { goods: false } });
    expect((await edge.post(PAYMENTS, cannotBePaid)).body).toMatchObject({
      code: 'NO_COMMON_CAPABILITY',
      param: 'target_instrument',
    });
    const tooMuch = await edge.payable({}, { maximum_minor: '10199' });
    expect((await edge.post(PAYMENTS, tooMuch)).body).toMatchObject({ code: 'AMOUNT_OUT_OF_RANGE' });
    const swapped = await edge.payable();
    expect(
      (await edge.post(PAYMENTS, { ...swapped, source_instrument: swapped.target_instrument })).body,
    ).toMatchObject({ code: 'INSTRUMENT_WRONG_USE', param: 'source_instrument' });
  });

  it("answers another partner's payment like one that does not exist", async () => {
    const { body } = await edge.post(PAYMENTS, await edge.payable());
    const other = { authorization: `Bearer ${RoutingEdge.OTHER_KEY}` };
    const theirs = await edge.send('GET', `${PAYMENTS}/${body.id as string}`, undefined, other);
    const random = await edge.send('GET', `${PAYMENTS}/pay_01K0EXAMPLE0000000000000000`, undefined, other);
    expect([theirs.status, random.status]).toEqual([404, 404]);
    expect({ ...theirs.body, request_id: '' }).toEqual({ ...random.body, request_id: '' });
    const cancel = await edge.send(
      'POST',
      `${PAYMENTS}/${body.id as string}/cancel`,
      {},
      {
        ...other,
        'idempotency-key': 'cancel-theirs',
      },
    );
    expect(cancel.status).toBe(404);
  });

  it('cancels a payment whose credit was not sent', async () => {
    const { body } = await edge.post(PAYMENTS, await edge.payable());
    const reply = await edge.post(`${PAYMENTS}/${body.id as string}/cancel`, {});
    expect(reply.status).toBe(200);
    expect(reply.body.id).toBe(body.id);
  });

  it('pages newest first in both directions and filters by reference', async () => {
    const made: string[] = [];
    for (let i = 0; i < 3; i++) {
      const reply = await edge.post(PAYMENTS, { ...(await edge.payable()), reference: 'page-test' });
      made.unshift(reply.body.id as string);
    }
    const idsOf = (reply: { body: Record<string, unknown> }): string[] =>
      (reply.body.data as { id: string }[]).map(({ id }) => id);
    const first = await edge.send('GET', `${PAYMENTS}?limit=2&reference=page-test`);
    expect([idsOf(first), first.body.has_more]).toEqual([made.slice(0, 2), true]);
    const next = await edge.send('GET', `${PAYMENTS}?limit=2&reference=page-test&starting_after=${made[1]}`);
    expect([idsOf(next), next.body.has_more]).toEqual([made.slice(2), false]);
    const back = await edge.send('GET', `${PAYMENTS}?limit=2&reference=page-test&ending_before=${made[2]}`);
    expect([idsOf(back), back.body.has_more]).toEqual([made.slice(0, 2), false]);
    const none = await edge.send('GET', `${PAYMENTS}?created[lte]=2020-01-01T00:00:00Z`);
    expect(none.body.data).toEqual([]);
  });

  it('tells an operator the whole history and writes down who read it', async () => {
    const { body } = await edge.post(PAYMENTS, await edge.payable());
    const url = `/ops/v1/payments/${body.id as string}`;
    const asPerson = (role: string): Record<string, string> => ({
      authorization: `Bearer ${edge.people.people.find(({ roles }) => roles.includes(role as never))!.token}`,
    });
    expect((await edge.send('GET', url)).status).toBe(401);
    expect((await edge.send('GET', url, undefined, asPerson('admin'))).status).toBe(403);
    const reply = await edge.send('GET', url, undefined, asPerson('support'));
    expect(reply.status).toBe(200);
    expect(reply.body.state).toBe('SCREENING');
    expect(edge.transactions.emitted.at(-1)!.audit).toEqual([
      expect.objectContaining({ actor: 'operator:support-1', actions: [{ action: 'payment.read' }] }),
    ]);
  });

  it.each([
    ['compliance', ['reservation_conflict', 'sanctions_hit']],
    ['auditor', ['reservation_conflict', 'sanctions_hit']],
    ['settlement', ['reservation_conflict']],
    ['support', ['reservation_conflict']],
  ])('shows a case of compliance to compliance and auditors alone (%s)', async (role, kinds) => {
    const { body } = await edge.post(PAYMENTS, await edge.payable());
    await edge.test.database.query(
      `INSERT INTO payment_case (case_id, payment_id, kind, state, fact, detail, opened_at)
       SELECT 'cas_' || kind || '_' || $1::text, $1, kind, 'SCREENING', 'screening_hit', '{}', clock_timestamp()
       FROM unnest(ARRAY['sanctions_hit', 'reservation_conflict']) AS kind`,
      [body.id],
    );
    const { token } = edge.people.people.find(({ roles }) => roles.includes(role as never))!;
    const url = `/ops/v1/cases?payment=${body.id as string}`;
    const reply = await edge.send('GET', url, undefined, { authorization: `Bearer ${token}` });
    expect((reply.body.data as { kind: string }[]).map(({ kind }) => kind).sort()).toEqual(kinds);
  });
});
