import { randomUUID } from 'node:crypto';
import { Gateway } from './support/gateway';
import { executed, prepare, quoteFor, untilOver } from './support/payments';
import type { PaymentView, Problem } from './support/partner-client';

jest.setTimeout(120_000);

describe('a request that comes again', () => {
  const gateway = new Gateway();

  it('100 times at once under one key is one payment: the stored answer, or 409 with Retry-After while the first is under way', async () => {
    const partner = await gateway.newPartner();
    const { request } = await prepare(gateway, partner, 'us-to-china');
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => partner.post<PaymentView>('/v1/payments', request, key)),
    );
    const made = answers.filter(({ status }) => status === 202);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    const others = answers.filter(({ status }) => status !== 202);
    expect(others.map(({ status, headers }) => [status, headers.get('retry-after') !== null])).toEqual(
      others.map(() => [409, true]),
    );
    const repeat = await partner.post<PaymentView>('/v1/payments', request, key);
    expect([repeat.status, repeat.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
    const id = repeat.body.id;
    expect((await untilOver(partner, id)).status).toBe('completed');
    expect((await executed(gateway, id)).authorize).toBe(1);
  });

  it('under the same key with another body is refused and changes nothing', async () => {
    const partner = await gateway.newPartner();
    const { request } = await prepare(gateway, partner, 'us-to-china');
    const key = randomUUID();
    const first = await partner.post<PaymentView>('/v1/payments', request, key);
    const other = await partner.post<Problem>('/v1/payments', { ...request, reference: 'another' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_CONFLICT']);
    expect((await untilOver(partner, first.body.id)).status).toBe('completed');
  });

  it('a quote that is used twice at once under two keys makes one payment', async () => {
    const partner = await gateway.newPartner();
    const { request } = await prepare(gateway, partner, 'us-to-china');
    const second = await prepare(gateway, partner, 'us-to-china');
    const bodies = [request, { ...second.request, offer: request.offer }];
    const answers = await Promise.all(bodies.map((body) => partner.post<PaymentView & Problem>('/v1/payments', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('QUOTE_ALREADY_USED');
  });
});

describe('a quote', () => {
  const gateway = new Gateway();

  it.each(['us-to-china', 'china-to-us'] as const)('that has expired makes no payment (%s)', async (direction) => {
    const partner = await gateway.newPartner();
    const { request } = await prepare(gateway, partner, direction);
    const short = await quoteFor(partner, direction, { validForS: 3 });
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    const answer = await partner.post<Problem>('/v1/payments', { ...request, offer: short.offer });
    expect([answer.status, answer.body.code]).toEqual([422, 'QUOTE_EXPIRED']);
  });

  it('of another partner is refused', async () => {
    const [owner, thief] = await Promise.all([gateway.newPartner(), gateway.newPartner()]);
    const { quote } = await prepare(gateway, owner, 'us-to-china');
    const { request } = await prepare(gateway, thief, 'us-to-china');
    const answer = await thief.post<Problem>('/v1/payments', { ...request, offer: quote.offer });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.param).toBe('offer');
  });

  it('whose offer was altered is refused', async () => {
    const partner = await gateway.newPartner();
    const { request } = await prepare(gateway, partner, 'us-to-china');
    const [head, body, signature] = String(request.offer).split('.');
    const claims = JSON.parse(Buffer.from(body!, 'base64url').toString()) as { target_amount: { amount: string } };
    claims.target_amount.amount = '99999999';
    const forged = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    const answer = await partner.post<Problem>('/v1/payments', { ...request, offer: forged });
    expect([answer.status, answer.body.param]).toEqual([422, 'offer']);
  });
});
