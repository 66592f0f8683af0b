import { randomUUID } from 'node:crypto';
import { bookedMovements, bookings, expectBalanced, expectNothingReserved } from './support/books';
import { Gateway, until } from './support/gateway';
import { casesOf, untilAudited, untilCase } from './support/oversight';
import type { PartnerClient, PaymentView } from './support/partner-client';
import { executed, pay, stateOf, untilOver, type Direction, type PaymentWish } from './support/payments';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(180_000);

/** Who credits the payee of each direction, how it is refused there, and what undoes the source. */
const SIDES: Record<
  Direction,
  { credits: 'open_platform' | 'acquirer'; refused: PaymentWish; given: string; books: string[] }
> = {
  'us-to-china': {
    credits: 'open_platform',
    refused: { alipay: 'closed@example.com' },
    given: 'transfer',
    books: ['hold', 'credit', 'capture'],
  },
  'china-to-us': {
    credits: 'acquirer',
    refused: { token: { outcome: 'payout_declined' } },
    given: 'payout',
    books: ['collect', 'credit'],
  },
};
const BOTH = ['us-to-china', 'china-to-us'] as const;

describe('a fact that comes late', () => {
  const gateway = new Gateway();
  const typesOf = async (receiver: WebhookReceiver, id: string): Promise<string[]> =>
    (await receiver.received(id)).map(({ event }) => event.type);
  const codesOf = async (id: string): Promise<string[]> => (await bookings(gateway, id)).map(({ code }) => code);

  it.each(BOTH)(
    'F16 %s: a credit that was refused and undone proves to have been made: booked, a recovery case, both told',
    async (direction) => {
      const { credits, refused, given } = SIDES[direction];
      const partner = await gateway.newPartner();
      const receiver = await WebhookReceiver.open(gateway, partner);
      const { id } = await pay(gateway, partner, direction, refused);
      expect(stateOf(await untilOver(partner, id))).toBe('REVERSED');
      await receiver.untilTold(id, 'failed');
      const before = await executed(gateway, id);
      expect(before[given]).toBeUndefined();

      await gateway.simulator.succeedLate(credits, `${id}-credit`);
      const found = await untilCase(gateway, id, 'late_credit');
      expect(found).toMatchObject({ state: 'REVERSED', owner: 'settlement', instruction_id: `${id}-credit` });
      const payment = (await partner.payment(id)) as PaymentView & { credited_late?: boolean };
      expect([payment.status, stateOf(payment), payment.credited_late]).toEqual(['failed', 'REVERSED', true]);
      expect(await executed(gateway, id)).toEqual({ ...before, [given]: 1 });

      await until('the late credit is booked', async () => (await codesOf(id)).includes('late_credit'));
      const late = (await bookings(gateway, id)).filter(({ code }) => code === 'late_credit');
      const { amount, currency } = payment.target_amount;
      expect(late).toHaveLength(1);
      expect(late[0]?.lines.map((line) => [line.account, line.currency, line.debit, line.credit])).toEqual(
        expect.arrayContaining([
          ['1350', currency, amount, '0'],
          [direction === 'us-to-china' ? '1200' : '1250', currency, '0', amount],
        ]),
      );
      await expectNothingReserved(gateway, id);
      await expectBalanced(gateway);

      const told = await until('the partner is told of the late credit', async () => {
        const types = await typesOf(receiver, id);
        return types.at(-1) === 'payment.credited_late' ? types : null;
      });
      expect(told).toEqual(['payment.processing', 'payment.failed', 'payment.credited_late']);
      await untilAudited(gateway, id, 'wallet.credit.processed', ({ late: isLate }) => isLate === true);
      await untilAudited(gateway, id, 'payment.credit_processed', ({ money }) => money === 'late_credit');
    },
  );

  /** A notification of the network that credits, signed as it signs, out of nowhere. */
  async function claimsFailure(direction: Direction, id: string): Promise<void> {
    const reference = `${id}-credit`;
    const content =
      direction === 'us-to-china'
        ? {
            notify_id: `ntf_${randomUUID()}`,
            biz_content: JSON.stringify({
              out_biz_no: reference,
              status: 'FAIL',
              action_type: 'FINISH',
              error_code: 'PAYEE_ACCOUNT_STATUS_ERROR',
            }),
          }
        : {
            id: `evt_${randomUUID()}`,
            type: 'payment_declined',
            data: { id: 'pay_x', reference, approved: false, status: 'Declined', response_code: '20005' },
          };
    await gateway.simulator.notify({ network: SIDES[direction].credits, reference, content });
  }

  it.each(BOTH)(
    'F17 %s: a failure is notified after the success: it stays COMPLETED, both words go to a person',
    async (direction) => {
      const partner = await gateway.newPartner();
      const receiver = await WebhookReceiver.open(gateway, partner);
      const { id } = await pay(gateway, partner, direction);
      expect(stateOf(await untilOver(partner, id))).toBe('COMPLETED');
      await receiver.untilTold(id, 'completed');
      await untilNotified(id);
      await bookedMovements(gateway, id, SIDES[direction].books);
      const [moved, booked] = [await executed(gateway, id), await codesOf(id)];

      await claimsFailure(direction, id);
      const found = await untilCase(gateway, id, 'notification_conflict');
      expect(found).toMatchObject({ state: 'COMPLETED', owner: 'settlement', instruction_id: `${id}-credit` });
      const [earlier, later] = [String(found.detail.earlier), String(found.detail.later)];
      expect(earlier).toMatch(/SUCCESS|payment_paid/);
      expect(later).toMatch(/FAIL|payment_declined/);

      await claimsFailure(direction, id);
      await untilAudited(gateway, id, 'payment.outcome_contradicted');
      const audited = await untilAudited(gateway, id, 'wallet.credit.processed', (detail) => 'said_later' in detail);
      expect(audited).toMatchObject({ said_first: earlier, said_later: later });
      await expectUnmoved(partner, receiver, id, moved, booked);
      expect((await casesOf(gateway, id)).map(({ kind }) => kind)).toEqual(['notification_conflict']);
    },
  );

  /** The network's own notification of the credit has come in: it is one of the two words. */
  async function untilNotified(id: string): Promise<void> {
    const reference = `${id}-credit`;
    await until(`${reference} is notified`, async () => {
      const path = `${gateway.simulator.controlUrl}/notifications?reference=${reference}`;
      const { notifications } = await gateway.simulator.call<{ notifications: { state: string }[] }>('GET', path);
      return notifications.some(({ state }) => state === 'acknowledged');
    });
  }

  async function expectUnmoved(
    partner: PartnerClient,
    receiver: WebhookReceiver,
    id: string,
    moved: object,
    booked: string[],
  ): Promise<void> {
    const payment = await partner.payment(id);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
    expect(JSON.stringify(payment.history)).not.toMatch(/contradict/);
    expect(await executed(gateway, id)).toEqual(moved);
    expect(await codesOf(id)).toEqual(booked);
    expect(await typesOf(receiver, id)).toEqual(['payment.processing', 'payment.completed']);
    await expectBalanced(gateway);
  }

  it('F17 of a capture: the acquirer declines by notification what it has captured', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china');
    expect(stateOf(await untilOver(partner, id))).toBe('COMPLETED');
    const content = {
      id: `evt_${randomUUID()}`,
      type: 'payment_capture_declined',
      data: { reference: `${id}-hold`, action_reference: `${id}-capture`, approved: false },
    };
    await gateway.simulator.notify({ network: 'acquirer', reference: `${id}-capture`, content });
    expect(await untilCase(gateway, id, 'notification_conflict')).toMatchObject({ instruction_id: `${id}-capture` });
    expect(stateOf(await partner.payment(id))).toBe('COMPLETED');
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
    await untilAudited(gateway, id, 'payment.outcome_contradicted');
  });
});
