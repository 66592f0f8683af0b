import { randomUUID } from 'node:crypto';
import { completed, SOURCE_OF } from './support/endings';
import { Gateway } from './support/gateway';
import type { PaymentView, Problem } from './support/partner-client';
import { prepare, quoteFor } from './support/payments';
import { Story } from './support/story';

jest.setTimeout(240_000);

const BOTH = ['us-to-china', 'china-to-us'] as const;

describe('a request that comes again', () => {
  const gateway = new Gateway();

  it.each(BOTH)(
    '100 times at once under one key (%s) is one payment: the stored answer, or 409 with Retry-After while the first is under way',
    async (direction) => {
      const story = await Story.begin(gateway);
      const { request } = await prepare(gateway, story.partner, direction);
      const key = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => story.partner.post<PaymentView>('/v1/payments', request, key)),
      );
      const made = answers.filter(({ status }) => status === 202);
      expect(made.length).toBeGreaterThan(0);
      expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
      const others = answers.filter(({ status }) => status !== 202);
      expect(others.map(({ status, headers }) => [status, headers.get('retry-after') !== null])).toEqual(
        others.map(() => [409, true]),
      );
      const repeat = await story.partner.post<PaymentView>('/v1/payments', request, key);
      expect([repeat.status, repeat.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
      await story.ends(repeat.body.id, completed(SOURCE_OF[direction]));
      const { body } = await story.partner.get<{ data: PaymentView[] }>('/v1/payments');
      expect(body.data.map(({ id }) => id)).toEqual([repeat.body.id]);
    },
  );

  it.each(BOTH)('under the same key with another body (%s) is refused and changes nothing', async (direction) => {
    const story = await Story.begin(gateway);
    const { request } = await prepare(gateway, story.partner, direction);
    const key = randomUUID();
    const first = await story.partner.post<PaymentView>('/v1/payments', request, key);
    const other = await story.partner.post<Problem>('/v1/payments', { ...request, reference: 'another' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_CONFLICT']);
    await story.ends(first.body.id, completed(SOURCE_OF[direction]));
  });

  it.each(BOTH)('a quote that is used twice at once under two keys (%s) makes one payment', async (direction) => {
    const story = await Story.begin(gateway);
    const { request } = await prepare(gateway, story.partner, direction);
    const second = await prepare(gateway, story.partner, direction);
    const bodies = [request, { ...second.request, offer: request.offer }];
    const answers = await Promise.all(
      bodies.map((body) => story.partner.post<PaymentView & Problem>('/v1/payments', body)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('QUOTE_ALREADY_USED');
    const made = answers.find(({ status }) => status === 202);
    await story.ends(made?.body.id ?? '', completed(SOURCE_OF[direction]));
  });
});

describe('a quote', () => {
  const gateway = new Gateway();

  it.each(BOTH)('that has expired makes no payment (%s)', async (direction) => {
    const partner = await gateway.newPartner();
    const { request } = await prepare(gateway, partner, direction);
    const short = await quoteFor(partner, direction, { validForS: 3 });
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    const answer = await partner.post<Problem>('/v1/payments', { ...request, offer: short.offer });
    expect([answer.status, answer.body.code]).toEqual([422, 'QUOTE_EXPIRED']);
    expect((await partner.get<{ data: PaymentView[] }>('/v1/payments')).body.data).toEqual([]);
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
