import { Gateway } from './support/gateway';
import { executed, pay, paymentCode, prepare, stateOf, untilOver } from './support/payments';
import { bookings, expectNothingReserved } from './support/books';
import { untilAudited } from './support/oversight';
import type { Problem } from './support/partner-client';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(120_000);

describe('a payment that is refused', () => {
  const gateway = new Gateway();

  it.each([
    ['us-to-china', { token: { outcome: 'insufficient_funds' } }, 'INSUFFICIENT_FUNDS', 'soft', 'hold'],
    ['us-to-china', { token: { outcome: 'expired_card' } }, 'INSTRUMENT_EXPIRED', 'hard', 'hold'],
    ['china-to-us', { alipay: paymentCode('0051') }, 'INSUFFICIENT_FUNDS', 'soft', 'collect'],
    ['china-to-us', { alipay: paymentCode('0054') }, 'INSTRUMENT_INVALID', 'hard', 'collect'],
  ] as const)(
    "F05 by the payer's network (%s, %j) ends DECLINED with %s, %s: nothing taken, booked or reserved",
    async (direction, wish, code, declineClass, leg) => {
      const partner = await gateway.newPartner();
      const receiver = await WebhookReceiver.open(gateway, partner);
      const { id } = await pay(gateway, partner, direction, wish);
      const payment = await untilOver(partner, id);
      expect([payment.status, stateOf(payment)]).toEqual(['declined', 'DECLINED']);
      expect(payment.failure).toMatchObject({ code, class: declineClass });
      expect(await executed(gateway, id)).toEqual({});
      await expectNothingReserved(gateway, id);
      expect(await bookings(gateway, id)).toEqual([]);
      const told = await receiver.untilTold(id, 'declined');
      expect(told.map(({ event }) => event.type)).toEqual(['payment.processing', 'payment.declined']);
      await untilAudited(
        gateway,
        id,
        `wallet.${leg}.declined`,
        ({ network_code: theirs }) => typeof theirs === 'string',
      );
    },
  );

  it('a partial approval of the hold is released and DECLINED', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { token: { outcome: 'partial_approval' } });
    const payment = await untilOver(partner, id);
    expect([payment.status, payment.failure?.code]).toEqual(['declined', 'PARTIAL_APPROVAL']);
    expect((await executed(gateway, id)).capture).toBeUndefined();
  });

  it.each(['us-to-china', 'china-to-us'] as const)(
    'rejected by screening (%s): nothing stays reserved, no money step, and the partner is not told of a list',
    async (direction) => {
      const partner = await gateway.newPartner();
      const { id } = await pay(gateway, partner, direction, { payeeName: 'Blakestone-Quill, Zorvan' });
      const payment = await untilOver(partner, id);
      expect([payment.status, stateOf(payment)]).toEqual(['declined', 'REJECTED']);
      expect(JSON.stringify(payment)).not.toMatch(/list|sanction|hit/i);
      expect(await executed(gateway, id)).toEqual({});
      await expectNothingReserved(gateway, id);
    },
  );

  it('over the limit per payment ends REJECTED', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { amount: '600000' });
    expect(stateOf(await untilOver(partner, id))).toBe('REJECTED');
    await expectNothingReserved(gateway, id);
  });

  it('an unknown party is refused before anything moves', async () => {
    const partner = await gateway.newPartner();
    const { request } = await prepare(gateway, partner, 'us-to-china');
    const answer = await partner.post<Problem & { id: string }>('/v1/payments', {
      ...request,
      payee: 'pty_01K0000000000000000000000Z',
    });
    if (answer.status === 202) {
      expect(stateOf(await untilOver(partner, answer.body.id))).toBe('REJECTED');
      expect(await executed(gateway, answer.body.id)).toEqual({});
    } else {
      expect([answer.status, answer.body.param]).toEqual([422, 'payee']);
    }
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
