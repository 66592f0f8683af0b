import { untouched } from './support/endings';
import { Gateway } from './support/gateway';
import { untilAudited } from './support/oversight';
import type { Problem } from './support/partner-client';
import { paymentCode, prepare, type Direction, type PaymentWish } from './support/payments';
import { Story } from './support/story';

jest.setTimeout(240_000);

const BOTH = ['us-to-china', 'china-to-us'] as const;
const PULLED = { purpose: 'person_to_person' } as const;

describe('a payment that is refused', () => {
  const gateway = new Gateway();

  it.each<[Direction, PaymentWish, string, string, string]>([
    ['us-to-china', { token: { outcome: 'insufficient_funds' } }, 'INSUFFICIENT_FUNDS', 'soft', 'hold'],
    ['us-to-china', { token: { outcome: 'expired_card' } }, 'INSTRUMENT_EXPIRED', 'hard', 'hold'],
    ['us-to-china', { token: { outcome: 'insufficient_funds' }, ...PULLED }, 'INSUFFICIENT_FUNDS', 'soft', 'collect'],
    ['china-to-us', { alipay: paymentCode('0051') }, 'INSUFFICIENT_FUNDS', 'soft', 'collect'],
    ['china-to-us', { alipay: paymentCode('0054') }, 'INSTRUMENT_INVALID', 'hard', 'collect'],
  ])(
    "F05 by the payer's network (%s, %j) ends DECLINED with %s, %s: nothing taken, booked or reserved",
    async (direction, wish, code, declineClass, leg) => {
      const story = await Story.begin(gateway);
      const { id } = await story.pay(direction, wish);
      const payment = await story.ends(id, untouched('DECLINED', { audited: ['source_declined'] }));
      expect(payment.failure).toMatchObject({ code, class: declineClass });
      await untilAudited(
        gateway,
        id,
        `wallet.${leg}.declined`,
        ({ network_code: theirs }) => typeof theirs === 'string',
      );
    },
  );

  it('a partial approval of the hold is released and DECLINED: nothing is booked', async () => {
    const story = await Story.begin(gateway);
    const { id } = await story.pay('us-to-china', { token: { outcome: 'partial_approval' } });
    const executed = { authorize: 1, void: 1 };
    const payment = await story.ends(id, untouched('DECLINED', { executed, audited: ['source_declined'] }));
    expect(payment.failure?.code).toBe('PARTIAL_APPROVAL');
    await untilAudited(gateway, id, 'wallet.hold.declined', ({ reason }) => reason === 'PARTIAL_APPROVAL');
  });

  it.each(BOTH)(
    'rejected by screening (%s): nothing stays reserved, no money step, and the partner is not told of a list',
    async (direction) => {
      const story = await Story.begin(gateway);
      const { id } = await story.pay(direction, { payeeName: 'Blakestone-Quill, Zorvan' });
      const payment = await story.ends(id, untouched('REJECTED', { audited: ['screening_hit'] }));
      const told = JSON.stringify([payment, await story.receiver.received(id)]);
      expect(told).not.toMatch(/list|sanction|hit/i);
    },
  );

  it('over the limit per payment ends REJECTED: no money step, nothing stays reserved', async () => {
    const story = await Story.begin(gateway);
    const { id } = await story.pay('us-to-china', { amount: '600000' });
    await story.ends(id, untouched('REJECTED', { audited: ['screening_rejected'] }));
  });

  it.each(BOTH)('an unknown party (%s) is refused before anything moves: no payment is made', async (direction) => {
    const partner = await gateway.newPartner();
    const { request } = await prepare(gateway, partner, direction);
    const payee = 'pty_01K0000000000000000000000Z';
    const { status, body } = await partner.post<Problem>('/v1/payments', { ...request, payee });
    expect([status, body.code, body.param]).toEqual([422, 'PARTY_UNKNOWN', 'payee']);
    expect((await partner.get<{ data: unknown[] }>('/v1/payments')).body.data).toEqual([]);
  });

  it.each(['amex', 'payout_not_eligible'])(
    'a card that cannot be pushed to (%s) is refused before any money step',
    async (kind) => {
      const partner = await gateway.newPartner();
      const token = await gateway.simulator.appleToken(kind === 'amex' ? { scheme: 'amex' } : { outcome: kind });
      const answer = await partner.post<Problem>('/v1/instruments', { network: 'applepay', use: 'be_paid', token });
      expect([answer.status, answer.body.code]).toEqual([422, 'NO_COMMON_CAPABILITY']);
      expect(answer.body.param).toBeDefined();
    },
  );
});
