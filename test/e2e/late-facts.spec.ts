import { randomInt, randomUUID } from 'node:crypto';
import { bookings } from './support/books';
import { completed, reversed, SOURCE_OF } from './support/endings';
import { Gateway, until } from './support/gateway';
import { casesOf, untilAudited, untilCase } from './support/oversight';
import type { Direction, PaymentWish } from './support/payments';
import { Story } from './support/story';

jest.setTimeout(300_000);

/** Who credits the payee of each direction, how it is refused there, and out of which float. */
const SIDES: Record<
  Direction,
  { credits: 'open_platform' | 'acquirer'; refused: PaymentWish; given: string; float: string }
> = {
  'us-to-china': {
    credits: 'open_platform',
    refused: { alipay: 'closed@example.com' },
    given: 'transfer',
    float: '1200',
  },
  'china-to-us': {
    credits: 'acquirer',
    refused: { token: { outcome: 'payout_declined' } },
    given: 'payout',
    float: '1250',
  },
};
const BOTH = ['us-to-china', 'china-to-us'] as const;

describe('a fact that comes late', () => {
  const gateway = new Gateway();
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin(gateway);
  });

  it.each(BOTH)(
    'F16 %s: a credit that was refused and undone proves to have been made: booked, a recovery case, both told',
    async (direction) => {
      const { credits, refused, given, float } = SIDES[direction];
      const undone = reversed(SOURCE_OF[direction]);
      const { id } = await story.pay(direction, refused);
      await story.ends(id, undone);

      await gateway.simulator.succeedLate(credits, `${id}-credit`);
      const found = await untilCase(gateway, id, 'late_credit');
      expect(found).toMatchObject({ state: 'REVERSED', owner: 'settlement', instruction_id: `${id}-credit` });
      const payment = await story.stands(id, {
        ...undone,
        executed: { ...undone.executed, [given]: 1 },
        booked: [...undone.booked, 'late_credit'],
        told: [...undone.told, 'credited_late'],
        audited: [...undone.audited, 'credit_processed'],
      });
      expect(payment.credited_late).toBe(true);

      const late = (await bookings(gateway, id)).find(({ code }) => code === 'late_credit');
      const { amount, currency } = payment.target_amount;
      expect(late?.lines.map((line) => [line.account, line.currency, line.debit, line.credit])).toEqual(
        expect.arrayContaining([
          ['1350', currency, amount, '0'],
          [float, currency, '0', amount],
        ]),
      );
      await untilAudited(gateway, id, 'wallet.credit.processed', ({ late: isLate }) => isLate === true);
      await untilAudited(gateway, id, 'payment.credit_processed', ({ money }) => money === 'late_credit');
    },
  );

  /** A notification of the network that credits, signed as it signs, out of nowhere. */
  async function claims(direction: Direction, id: string, word: 'done' | 'not done'): Promise<void> {
    const reference = `${id}-credit`;
    const isDone = word === 'done';
    const failed = isDone ? {} : { error_code: 'PAYEE_ACCOUNT_STATUS_ERROR' };
    const order = { out_biz_no: reference, status: isDone ? 'SUCCESS' : 'FAIL', action_type: 'FINISH', ...failed };
    const declined = { approved: false, status: 'Declined', response_code: '20005' };
    const payout = { id: 'pay_x', reference, ...(isDone ? { approved: true, status: 'Paid' } : declined) };
    const content =
      direction === 'us-to-china'
        ? { notify_id: `ntf_${randomUUID()}`, biz_content: JSON.stringify(order) }
        : { id: `evt_${randomUUID()}`, type: isDone ? 'payment_paid' : 'payment_declined', data: payout };
    await gateway.simulator.notify({ network: SIDES[direction].credits, reference, content });
  }

  /** What the payment's credit is to be: accepted, and ended one way or the other a while later. */
  async function endingLater(direction: Direction, outcome: 'success' | 'fail'): Promise<PaymentWish> {
    const account = `${randomUUID()}@example.com`;
    const amount = String(randomInt(40_000, 60_000));
    const isTransfer = direction === 'us-to-china';
    await gateway.simulator.fault({
      network: SIDES[direction].credits,
      operation: SIDES[direction].given,
      match: isTransfer ? { account } : { amount },
      behaviour: 'answer_pending',
      params: { ms: 12_000, outcome },
    });
    return isTransfer ? { alipay: account } : { amount };
  }

  it.each([
    ['us-to-china', 'done', 'fail'],
    ['us-to-china', 'not done', 'success'],
    ['china-to-us', 'done', 'fail'],
    ['china-to-us', 'not done', 'success'],
  ] as const)(
    'F17 %s: "%s" is notified before anything is certain, and the network then answers the opposite, %s: both words go to a person',
    async (direction, word, outcome) => {
      const { id } = await story.pay(direction, await endingLater(direction, outcome));
      const reference = `${id}-credit`;
      await untilAudited(gateway, id, 'wallet.credit.pending');
      await claims(direction, id, word);
      const found = await untilCase(gateway, id, 'notification_conflict');
      expect(found).toMatchObject({ owner: 'settlement', instruction_id: reference });
      expect(String(found.detail.later)).toMatch(word === 'done' ? /SUCCESS|payment_paid/ : /FAIL|payment_declined/);
      await untilAudited(gateway, id, 'payment.outcome_contradicted');
      await story.ends(id, outcome === 'success' ? completed(SOURCE_OF[direction]) : reversed(SOURCE_OF[direction]));
      expect((await casesOf(gateway, id)).map(({ kind }) => kind)).toEqual(['notification_conflict']);
    },
  );

  it.each(BOTH)(
    'F17 %s: a failure is notified after the success: it stays COMPLETED, both words go to a person',
    async (direction) => {
      const stands = completed(SOURCE_OF[direction]);
      const { id } = await story.pay(direction);
      await story.ends(id, stands);
      await untilNotified(`${id}-credit`);

      await claims(direction, id, 'not done');
      const found = await untilCase(gateway, id, 'notification_conflict');
      expect(found).toMatchObject({ state: 'COMPLETED', owner: 'settlement', instruction_id: `${id}-credit` });
      const [earlier, later] = [String(found.detail.earlier), String(found.detail.later)];
      expect(earlier).toMatch(/SUCCESS|payment_paid/);
      expect(later).toMatch(/FAIL|payment_declined/);

      await claims(direction, id, 'not done');
      const audited = await untilAudited(gateway, id, 'wallet.credit.processed', (detail) => 'said_later' in detail);
      expect(audited).toMatchObject({ said_first: earlier, said_later: later });
      const payment = await story.stands(id, { ...stands, audited: [...stands.audited, 'outcome_contradicted'] });
      expect(JSON.stringify(payment.history)).not.toMatch(/contradict/);
      expect((await casesOf(gateway, id)).map(({ kind }) => kind)).toEqual(['notification_conflict']);
    },
  );

  it('F17 of a capture: the acquirer declines by notification what it has captured', async () => {
    const stands = completed('card hold');
    const { id } = await story.pay('us-to-china');
    await story.ends(id, stands);
    await untilNotified(`${id}-capture`);
    const content = {
      id: `evt_${randomUUID()}`,
      type: 'payment_capture_declined',
      data: { reference: `${id}-hold`, action_reference: `${id}-capture`, approved: false },
    };
    await gateway.simulator.notify({ network: 'acquirer', reference: `${id}-capture`, content });
    expect(await untilCase(gateway, id, 'notification_conflict')).toMatchObject({ instruction_id: `${id}-capture` });
    await untilAudited(gateway, id, 'wallet.capture.processed', (detail) => 'said_later' in detail);
    await story.stands(id, { ...stands, audited: [...stands.audited, 'outcome_contradicted'] });
  });

  /** The network's own notification has come in: it is one of the two words. */
  async function untilNotified(reference: string): Promise<void> {
    await until(`${reference} is notified`, async () => {
      const path = `${gateway.simulator.controlUrl}/notifications?reference=${reference}`;
      const { notifications } = await gateway.simulator.call<{ notifications: { state: string }[] }>('GET', path);
      return notifications.some(({ state }) => state === 'acknowledged');
    });
  }
});
