import { completed, PAID_BY, type Source } from '../e2e/support/endings';
import { Gateway, until } from '../e2e/support/gateway';
import { casesOf, untilAudited, untilCase } from '../e2e/support/oversight';
import type { PartnerClient, PaymentView } from '../e2e/support/partner-client';
import { executed, pay, stateOf, untilOver, type Direction, type PaymentWish } from '../e2e/support/payments';
import { auditOf } from '../e2e/support/records';
import { Story, type Ending } from '../e2e/support/story';

jest.setTimeout(400_000);

const MINUTE_S = 60;
const HOUR_S = 3_600;
const HOUR_MS = 3_600_000;
/** More than anybody asks within a story. */
const ALWAYS = 10_000;

/** Where each way to take money from a payer is made to fall silent. */
const SILENCE: Record<Source, { service: string; network: string; pays: string; answersNothing: string[] }> = {
  'card hold': { service: 'us-wallet', network: 'acquirer', pays: 'authorize', answersNothing: ['enquire'] },
  'card pull': { service: 'us-wallet', network: 'acquirer', pays: 'account_funding', answersNothing: ['enquire'] },
  'Alipay collection': {
    service: 'china-wallet',
    network: 'ams',
    pays: 'pay',
    answersNothing: ['inquiryPayment', 'cancel'],
  },
};
/** A hold that is let go again: nothing was taken. */
const LET_GO = { executed: { authorize: 1, void: 1 }, booked: ['hold_funded', 'hold_released'] };
/** What was taken at once and given back: on both sides of the books. */
const GIVEN_BACK = ['collection_funded', 'return_started', 'return_confirmed'];
const EXPIRED: Ending = {
  ...LET_GO,
  status: 'canceled',
  state: 'EXPIRED',
  told: ['processing', 'canceled'],
  audited: ['source_processed', 'release_processed'],
};
const TAKEN_BACK: Ending = {
  ...LET_GO,
  status: 'failed',
  state: 'REVERSED',
  told: ['processing', 'failed'],
  audited: ['source_unknown', 'source_taken_back'],
};

interface Deadlines extends PaymentView {
  voidable_until?: string;
  cancelable_until?: string;
  refundable_until?: string;
}

/** The clock of the whole system moves, so nothing else runs beside this; it stays where it is in the end. */
describe('time that passes over a hold or a collection', () => {
  const gateway = new Gateway();
  let story: Story;
  let partner: PartnerClient;
  beforeAll(async () => {
    story = await Story.begin(gateway);
    partner = story.partner;
  });
  afterEach(() => forgetFaults());

  const forgetFaults = (): Promise<unknown> =>
    gateway.simulator.call('DELETE', `${gateway.simulator.controlUrl}/faults`);
  const advance = async (seconds: number): Promise<void> => {
    const { status } = await partner.post('/v1/test_helpers/clocks/advance', { seconds });
    expect(status).toBe(200);
  };
  const untilState = (id: string, ...states: string[]): Promise<Deadlines> =>
    until(`${id} is ${states.join(' or ')}`, async () => {
      const payment = await partner.payment(id);
      return states.includes(stateOf(payment)) ? payment : null;
    });
  /** The next hold is good for so many hours only. */
  const shortHold = (hours: number): Promise<string> =>
    gateway.simulator.fault({
      network: 'acquirer',
      operation: 'authorize',
      match: 'next',
      behaviour: 'short_hold',
      params: { ms: hours * HOUR_MS },
    });

  /** How often the wallet has tried to take it back. */
  async function reversalTries(source: Source, id: string): Promise<number> {
    const { service } = SILENCE[source];
    const [row] = await gateway.inDatabaseOf(service, (database) =>
      database.query<{ tries: bigint }>(
        `SELECT count(*) AS tries FROM instruction_evidence WHERE instruction_id = $1 AND source = 'undo'`,
        [`${id}-${PAID_BY[source].leg}`],
      ),
    );
    return Number(row?.tries ?? 0);
  }

  /** The payer's network takes the money, and then says nothing of it whatever it is asked. */
  async function takenInSilence(source: Source): Promise<PaymentView> {
    const { network, pays, answersNothing } = SILENCE[source];
    const { direction, wish } = PAID_BY[source];
    await gateway.simulator.fault({ network, operation: pays, match: 'next', behaviour: 'timeout_after_executing' });
    for (const operation of answersNothing) {
      const silent = { behaviour: 'answer_unknown', params: { executed: false }, times: ALWAYS };
      await gateway.simulator.fault({ network, operation, ...silent });
    }
    const { id } = await story.pay(direction, wish);
    return untilState(id, 'AUTH_UNKNOWN');
  }

  it.each([
    ['card hold', 31 * MINUTE_S, {}],
    ['card pull', 31 * MINUTE_S, { executed: { account_funding: 1, refund: 1 }, booked: GIVEN_BACK }],
    ['Alipay collection', 2 * MINUTE_S, { executed: { pay: 1, cancel: 1 }, booked: GIVEN_BACK }],
  ] as const)(
    'F07 %s: neither answer nor enquiry: reversed until acknowledged, and only then the partner is told',
    async (source, policyAgeS, moved) => {
      const { id } = await takenInSilence(source);
      await advance(policyAgeS);
      await until('the reversal is tried again and again', async () => (await reversalTries(source, id)) >= 3);
      expect(await partner.payment(id)).toMatchObject({ status: 'processing', outcome: 'unknown' });
      await story.told(id, ['processing']);
      await forgetFaults();
      const payment = await story.ends(id, { ...TAKEN_BACK, ...moved });
      expect(payment.failure?.code).toBe('NO_ANSWER_IN_TIME');
      const declined = `wallet.${PAID_BY[source].leg}.declined`;
      const detail = await untilAudited(gateway, id, declined, ({ reason }) => reason === 'NO_ANSWER_IN_TIME');
      expect(Number(detail.reversal_tries)).toBeGreaterThanOrEqual(3);
    },
  );

  it.each([
    ['card hold', {}, { authorize: 2, void: 2 }],
    [
      'card pull',
      { executed: { account_funding: 1, refund: 1 }, booked: GIVEN_BACK },
      { account_funding: 2, refund: 2 },
    ],
  ] as const)(
    'F08 %s: an approval that comes after our reversal is reversed again: no second message, nothing booked, kept as evidence',
    async (source, moved, twice) => {
      const { id } = await takenInSilence(source);
      await advance(31 * MINUTE_S);
      await until('its reversal has begun', async () => (await reversalTries(source, id)) >= 1);
      await forgetFaults();
      const reversed = { ...TAKEN_BACK, ...moved };
      await story.ends(id, reversed);

      const { leg } = PAID_BY[source];
      await gateway.simulator.succeedLate('acquirer', `${id}-${leg}`);
      expect(await untilCase(gateway, id, 'late_source_success')).toMatchObject({
        state: 'REVERSED',
        instruction_id: `${id}-${leg}`,
      });
      const audited = [...reversed.audited, 'release_processed'];
      await story.stands(id, { ...reversed, executed: twice, audited });
      await untilAudited(gateway, id, `wallet.${leg}.processed`, ({ late }) => late === true);
    },
  );

  it('F09 with less than a day left on the hold no credit is sent: released, and told as canceled', async () => {
    await shortHold(23);
    const { id } = await story.pay('us-to-china');
    const payment = await story.ends(id, EXPIRED);
    expect(payment.failure?.code).toBe('EXPIRED');
    await expectValidityAudited(id);
  });

  it('F09 a credit that has not left a day before the hold ends never leaves: the timer ends it as EXPIRED', async () => {
    await shortHold(25);
    await gateway.simulator.fault({
      network: 'open_platform',
      operation: 'transfer',
      behaviour: 'decline',
      params: { code: 'PAYER_BALANCE_NOT_ENOUGH' },
      times: ALWAYS,
    });
    const { id } = await story.pay('us-to-china');
    const open = await untilState(id, 'CREDITING');
    expect(Object.keys(open).filter((field) => field.endsWith('_until'))).toEqual(['voidable_until']);
    await advance(2 * HOUR_S);
    await story.ends(id, { ...EXPIRED, audited: ['source_processed', 'credit_lapsed', 'release_processed'] });
    await expectValidityAudited(id);
  });

  /** What ended it is on record: until when the hold was good. */
  async function expectValidityAudited(id: string): Promise<void> {
    const ended = await until('its end is audited', async () =>
      (await auditOf(gateway, id)).find(({ detail }) => detail.to === 'EXPIRED'),
    );
    expect(Number.isNaN(Date.parse(String(ended.detail.hold_valid_until)))).toBe(false);
  }

  it('F09 a hold that lapses after the credit ends CAPTURE_LOST: the payee keeps the money, a case is opened', async () => {
    await shortHold(25);
    await gateway.simulator.fault({
      network: 'acquirer',
      operation: 'capture',
      behaviour: 'timeout_without_executing',
      times: ALWAYS,
    });
    const { id } = await story.pay('us-to-china');
    await untilState(id, 'CAPTURE_UNKNOWN');
    await advance(26 * HOUR_S);
    const lost = {
      state: 'CAPTURE_LOST',
      executed: { authorize: 1, transfer: 1, expire: 1 },
      booked: ['hold_funded', 'credited', 'capture_lost'],
      audited: ['source_processed', 'credit_processed', 'capture_unknown', 'capture_declined'],
    };
    await story.ends(id, completed('card hold', lost));
    expect(await untilCase(gateway, id, 'capture_lost')).toMatchObject({ owner: 'settlement' });
    await untilAudited(gateway, id, 'payment.capture_declined', ({ money }) => money === 'capture_lost');
  });

  it('a credit that is still unknown a day before the hold ends is an alarm with an owner: nothing is captured', async () => {
    await shortHold(25);
    const platform = { network: 'open_platform', behaviour: 'timeout_after_executing' };
    await gateway.simulator.fault({ ...platform, operation: 'transfer', match: 'next' });
    await gateway.simulator.fault({
      network: 'open_platform',
      operation: 'query',
      behaviour: 'answer_unknown',
      params: { executed: false },
      times: ALWAYS,
    });
    const { id } = await pay(gateway, partner, 'us-to-china');
    await untilState(id, 'CREDIT_UNKNOWN');
    expect(await casesOf(gateway, id)).toEqual([]);
    await advance(90 * MINUTE_S);
    expect(await untilCase(gateway, id, 'hold_margin')).toMatchObject({ owner: 'settlement' });
    expect(await partner.payment(id)).toMatchObject({ status: 'processing', outcome: 'unknown' });
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1 });
    await story.told(id, ['processing']);
    await forgetFaults();
    await story.ends(id, completed('card hold', { audited: ['credit_unknown', 'credit_processed'] }));
    expect((await casesOf(gateway, id)).map(({ kind }) => kind)).toEqual(['hold_margin']);
  });

  it('a completed payment shows which way back is open, and closes it when its time is over', async () => {
    const fieldsOf = (payment: PaymentView): string[] =>
      Object.keys(payment).filter((field) => field.endsWith('_until'));
    const paid = async (direction: Direction, wish: PaymentWish): Promise<[string, string[]]> => {
      const { id } = await pay(gateway, partner, direction, wish);
      const payment = await untilOver(partner, id);
      expect(payment.status).toBe('completed');
      return [id, fieldsOf(payment)];
    };
    const captured = await paid('us-to-china', { purpose: 'goods' });
    const pulled = await paid('us-to-china', { purpose: 'person_to_person' });
    const collected = await paid('china-to-us', { purpose: 'goods' });
    expect([captured, pulled, collected].map(([, fields]) => fields)).toEqual([
      ['refundable_until'],
      ['cancelable_until', 'refundable_until'],
      ['cancelable_until', 'refundable_until'],
    ]);
    await advance(25 * HOUR_S);
    for (const [id] of [captured, pulled, collected])
      expect(fieldsOf(await partner.payment(id))).toEqual(['refundable_until']);
  });
});
