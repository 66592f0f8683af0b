import { AskAgainForRefunds } from '../../../apps/routing/src/use-cases/ask-again-for-refunds';
import { refundsAt } from './refunds-at';
import { RoutingEdge, type Reply } from './routing-edge';

jest.setTimeout(180_000);

describe('the edge that refunds payments', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const { completed, refund, get, published, eventsOf, take, funded, sent } = refundsAt(() => edge);

  it('answers both amounts at once, and asks for the money before anything leaves', async () => {
    const payment = await completed();
    const reply = await refund(payment, ['4000', 'USD']);
    expect(reply.status).toBe(202);
    expect(reply.body).toMatchObject({
      object: 'refund',
      payment,
      status: 'processing',
      rule: 'R1',
      source_amount: { amount: '4000', currency: 'USD', exponent: 2 },
      target_amount: { amount: '28246', currency: 'CNY', exponent: 2 },
      customer_rate: '7.06150000',
    });
    const about = published().filter(({ data }) => JSON.stringify(data).includes(reply.body.id as string));
    expect(about.map(({ contract }) => contract.topic)).toEqual([
      'payments.payment.events.v1',
      'fx.reservation.commands.v1',
    ]);
    for (const { contract, data } of about) expect(contract.problemOf(data)).toBeNull();
    expect(about[1]?.data).toMatchObject({ operation: 'fund_refund', amount: { amount: '28246', currency: 'CNY' } });
  });

  it('goes from funded to paid with the numbers of the payment, which stays completed, and tells both rates to the audit', async () => {
    const payment = await completed();
    const id = (await refund(payment)).body.id as string;
    await take(funded(payment, id));
    expect((await get(id)).status).toBe('processing');
    const command = published().at(-1);
    expect([command?.contract.topic, command?.data]).toEqual([
      'wallet.applepay.commands.v1',
      expect.objectContaining({
        instruction_id: `${id}-refund`,
        operation: 'refund',
        target_instruction_id: `${payment}-hold`,
        amount: { amount: '10000', currency: 'USD' },
      }),
    ]);
    await take(sent(payment, id, 'PROCESSED'));
    const done = await get(id);
    expect(done.status).toBe('completed');
    expect((done.history as { state: string }[]).map(({ state }) => state)).toEqual([
      'FUNDING',
      'SENDING',
      'COMPLETED',
    ]);
    const events = eventsOf(payment);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(events.slice(1).flatMap(({ changes }) => changes.map(({ money }) => money))).toEqual([
      undefined,
      'refund_funded',
      'refund_sent',
    ]);
    expect(events.every(({ state }, place) => place === 0 || state === 'COMPLETED')).toBe(true);
    const audited = edge.transactions.emitted.flatMap(({ audit = [] }) => audit).at(-1);
    expect(audited?.actions[0]).toMatchObject({
      action: 'payment.refund_send_processed',
      detail: { refund: id, rule: 'R1', customer_rate: '7.06150000', mid: '7.25000000', to: 'COMPLETED' },
    });
    const shown = await edge.send('GET', `/v1/payments/${payment}`);
    expect(shown.body.status).toBe('completed');
    expect((shown.body.history as { state: string }[]).at(-1)?.state).toBe('COMPLETED');
    expect(shown.body.refunded).toMatchObject({
      source_amount: { amount: '10000' },
      target_amount: { amount: '70615' },
    });
  });

  it('takes 40 %, then the remainder, then not one cent more', async () => {
    const payment = await completed();
    const replies = [
      await refund(payment, ['4000', 'USD']),
      await refund(payment, ['42369', 'CNY']),
      await refund(payment, ['1', 'USD']),
    ];
    expect(
      replies.map(({ status, body }) => [status, body.code ?? (body.source_amount as { amount: string }).amount]),
    ).toEqual([
      [202, '4000'],
      [202, '6000'],
      [422, 'REFUND_EXCEEDS'],
    ]);
    const list = await edge.send('GET', `/v1/payments/${payment}/refunds?limit=1`);
    expect([(list.body.data as unknown[]).length, list.body.has_more]).toEqual([1, true]);
    const rest = await edge.send(
      'GET',
      `/v1/payments/${payment}/refunds?starting_after=${String(replies[1]?.body.id)}`,
    );
    expect((rest.body.data as { id: string }[]).map(({ id }) => id)).toEqual([replies[0]?.body.id]);
  });

  it('lets one of two at once pass that together are above the payment', async () => {
    const payment = await completed();
    const replies = await Promise.all([refund(payment, ['6000', 'USD']), refund(payment, ['6000', 'USD'])]);
    expect(replies.map(({ status }) => status).sort()).toEqual([202, 422]);
    expect(replies.find(({ status }) => status === 422)?.body.code).toBe('REFUND_EXCEEDS');
  });

  it('frees the amounts of a refund that was not funded, and keeps those that the network refused', async () => {
    const payment = await completed();
    const first = (await refund(payment)).body.id as string;
    await take(funded(payment, first, 'REFUSED'));
    expect(await get(first)).toMatchObject({ status: 'refused', failure: { code: 'REFUND_NOT_FUNDED' } });
    const second = await refund(payment);
    expect(second.status).toBe(202);
    const id = second.body.id as string;
    await take(funded(payment, id), sent(payment, id, 'DECLINED', { reason: 'INSTRUMENT_INVALID' }));
    expect(await get(id)).toMatchObject({ status: 'failed', failure: { code: 'INSTRUMENT_INVALID' } });
    expect((await refund(payment, ['1', 'USD'])).body.code).toBe('REFUND_EXCEEDS');
    const cases = await edge.test.database.query('SELECT kind, detail FROM payment_case WHERE payment_id = $1', [
      payment,
    ]);
    expect(cases).toEqual([
      { kind: 'refund_owed', detail: expect.objectContaining({ refund: id, owner: 'settlement' }) as unknown },
    ]);
    await take(sent(payment, id, 'PROCESSED', { version: 2, evidence: 'enquiry' }));
    expect((await get(id)).status).toBe('completed');
  });

  it('refuses payments that are not completed or not yours, and amounts that are dust or of no side', async () => {
    const codeOf = async (reply: Promise<Reply>): Promise<unknown[]> => [(await reply).status, (await reply).body.code];
    expect(await codeOf(refund(await completed('CAPTURING')))).toEqual([409, 'PAYMENT_NOT_REFUNDABLE']);
    const payment = await completed();
    expect(await codeOf(refund(payment, ['1', 'CNY']))).toEqual([422, 'AMOUNT_TOO_SMALL']);
    expect(await codeOf(refund(payment, ['100', 'JPY']))).toEqual([422, 'UNKNOWN_CURRENCY']);
    expect(await codeOf(refund(payment, ['0', 'USD']))).toEqual([422, 'INVALID_AMOUNT']);
    expect(await codeOf(edge.post(`/v1/payments/${payment}/refunds`, { amount: '1' }))).toEqual([422, 'FIELD_INVALID']);
    expect(await codeOf(refund('pay_01K0EXAMPLE0000000000000000'))).toEqual([404, 'PAYMENT_NOT_FOUND']);
    const stranger = { authorization: `Bearer ${RoutingEdge.OTHER_KEY}` };
    const id = (await refund(payment, ['100', 'USD'])).body.id as string;
    for (const url of [`/v1/refunds/${id}`, `/v1/payments/${payment}/refunds`])
      expect((await edge.send('GET', url, undefined, stranger)).status).toBe(404);
    const other = { ...stranger, 'idempotency-key': 'stranger-refund' };
    expect((await edge.send('POST', `/v1/payments/${payment}/refunds`, {}, other)).status).toBe(404);
  });

  it('makes one refund of one request, also where the first one died before its answer was kept', async () => {
    const payment = await completed();
    const first = await refund(payment, ['1000', 'USD'], 'key-refund');
    const again = await refund(payment, ['1000', 'USD'], 'key-refund');
    expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
    expect((await refund(payment, ['2000', 'USD'], 'key-refund')).body.code).toBe('IDEMPOTENCY_CONFLICT');
    await edge.test.database.query(
      `UPDATE idempotency_key SET status = NULL, answer = NULL, lease_until = '-infinity' WHERE key = 'key-refund'`,
    );
    const retold = await refund(payment, ['1000', 'USD'], 'key-refund');
    expect(retold.text).toBe(first.text);
    const [row] = await edge.test.database.query<{ n: bigint }>(
      'SELECT count(*) AS n FROM refund WHERE payment_id = $1',
      [payment],
    );
    expect(row?.n).toBe(1n);
  });

  it('asks again with the same instruction when an answer does not come, and stops when nothing is waited for', async () => {
    const payment = await completed();
    const id = (await refund(payment)).body.id as string;
    const askAgain = async (): Promise<string[]> => {
      await edge.test.database.query(`UPDATE refund SET due = '-infinity' WHERE refund_id = $1 AND due IS NOT NULL`, [
        id,
      ]);
      const before = published().length;
      await edge.transactions.run(async (tx) => {
        const { asked: refunds, emit } = await edge.app.get(AskAgainForRefunds, { strict: false }).run(tx, 100);
        return { result: refunds, emit };
      });
      return published()
        .slice(before)
        .map(({ data }) => (data as { instruction_id: string }).instruction_id)
        .filter((instruction) => instruction.startsWith(id));
    };
    expect(await askAgain()).toEqual([`${id}-fund`]);
    await take(funded(payment, id));
    expect(await askAgain()).toEqual([`${id}-refund`]);
    await take(sent(payment, id, 'UNKNOWN'));
    expect(await get(id)).toMatchObject({ status: 'processing', outcome: 'unknown' });
    expect(await askAgain()).toEqual([`${id}-refund`]);
    await take(sent(payment, id, 'PROCESSED', { version: 2 }));
    expect(await askAgain()).toEqual([]);
  });

  it('keeps an answer about a refund that nobody knows as a case', async () => {
    const payment = await completed();
    await take(funded(payment, 'rfd_01K0EXAMPLE000000000000000'));
    const cases = await edge.test.database.query('SELECT kind FROM payment_case WHERE payment_id = $1', [payment]);
    expect(cases).toEqual([{ kind: 'unknown_refund' }]);
  });

  it('forwards top-ups of settlement people alone, with who they are', async () => {
    const tokenOf = (role: string): string => edge.people.people.find(({ id }) => id === `${role}-1`)?.token ?? '';
    const send = (role: string, url: string, body: object = {}): Promise<Reply> =>
      edge.send('POST', url, body, { authorization: `Bearer ${tokenOf(role)}` });
    edge.neighbours.answerWith = (asked) => (asked.includes('top-ups') ? { status: 201, body: { id: 'top_1' } } : null);
    const body = { partner: 'prt_a', amount: { amount: '5000', currency: 'CNY' }, bank_reference: 'STMT-1' };
    expect((await send('support', '/ops/v1/top_ups', body)).status).toBe(403);
    expect((await send('settlement', '/ops/v1/top_ups', body)).body).toEqual({ id: 'top_1' });
    await send('settlement', '/ops/v1/top_ups/top_1/approve');
    edge.neighbours.answerWith = null;
    expect(edge.neighbours.asked.slice(-2).map(({ path: asked, body: told }) => [asked, told])).toEqual([
      [
        '/internal/v1/top-ups',
        { partner_id: 'prt_a', amount: body.amount, bank_reference: 'STMT-1', requested_by: 'operator:settlement-1' },
      ],
      ['/internal/v1/top-ups/top_1/approve', { approved_by: 'operator:settlement-1' }],
    ]);
  });

  it('forwards findings about unknown outcomes to the network that they are of, with who found and who decided', async () => {
    const tokenOf = (id: string): string => edge.people.people.find((person) => person.id === id)?.token ?? '';
    const send = (id: string, url: string, body: object = {}): Promise<Reply> =>
      edge.send('POST', url, body, { authorization: `Bearer ${tokenOf(id)}` });
    edge.neighbours.answerWith = (asked) => (asked.includes('reviews') ? { status: 200, body: { id: 'rsl_1' } } : null);
    const url = '/ops/v1/reviews/applepay/pay_1-credit/resolution';
    const finding = {
      finding: 'done',
      network_reference: 'net-77',
      evidence: 'case-118',
      reason: 'The statement shows it.',
    };
    expect((await send('support-1', url, finding)).status).toBe(403);
    expect((await send('settlement-1', url, { ...finding, reason: 'short' })).body).toMatchObject({ param: 'reason' });
    expect((await send('settlement-1', url.replace('applepay', 'nowhere'), finding)).body.code).toBe('NETWORK_UNKNOWN');
    expect((await send('settlement-1', `${url}/forget`)).status).toBe(404);
    expect((await send('settlement-1', url, finding)).body).toEqual({ id: 'rsl_1' });
    const reader = { authorization: `Bearer ${tokenOf('auditor-1')}` };
    expect((await edge.send('GET', '/ops/v1/reviews/applepay', undefined, reader)).status).toBe(200);
    expect(edge.transactions.emitted.at(-1)?.audit).toEqual([
      expect.objectContaining({
        actor: 'operator:auditor-1',
        actions: [{ action: 'reviews.read', detail: { network: 'applepay', after: null } }],
      }),
    ]);
    edge.neighbours.asked.pop();
    await send('settlement-2', `${url}/approve`);
    edge.neighbours.answerWith = null;
    expect(edge.neighbours.asked.slice(-2).map(({ path: asked, body: told }) => [asked, told])).toEqual([
      ['/internal/v1/reviews/pay_1-credit/resolution', { ...finding, requested_by: 'operator:settlement-1' }],
      [
        '/internal/v1/reviews/pay_1-credit/resolution/decision',
        { verdict: 'approve', decided_by: 'operator:settlement-2' },
      ],
    ]);
  });
});
