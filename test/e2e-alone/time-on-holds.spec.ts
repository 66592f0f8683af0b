import { bookings, expectBalanced, expectNothingReserved } from '../e2e/support/books';
import { Gateway, until } from '../e2e/support/gateway';
import { casesOf, untilAudited, untilCase } from '../e2e/support/oversight';
import { auditOf } from '../e2e/support/records';
import type { PartnerClient, PaymentView } from '../e2e/support/partner-client';
import { executed, pay, stateOf, untilOver, type Direction, type PaymentWish } from '../e2e/support/payments';
import { WebhookReceiver } from '../e2e/support/webhook-receiver';

jest.setTimeout(300_000);

const MINUTE_S = 60;
const HOUR_S = 3_600;
const HOUR_MS = 3_600_000;
/** More than anybody asks within a story. */
const ALWAYS = 10_000;

/** Where each way to take money from a payer is made to fall silent. */
const SILENCE = {
  'card hold': {
    direction: 'us-to-china',
    purpose: 'goods',
    service: 'us-wallet',
    leg: 'hold',
    network: 'acquirer',
    pays: 'authorize',
    answersNothing: ['enquire'],
  },
  'card pull': {
    direction: 'us-to-china',
    purpose: 'person_to_person',
    service: 'us-wallet',
    leg: 'collect',
    network: 'acquirer',
    pays: 'account_funding',
    answersNothing: ['enquire'],
  },
  'Alipay collection': {
    direction: 'china-to-us',
    purpose: 'goods',
    service: 'china-wallet',
    leg: 'collect',
    network: 'ams',
    pays: 'pay',
    answersNothing: ['inquiryPayment', 'cancel'],
  },
} as const;
type Source = keyof typeof SILENCE;

interface Deadlines extends PaymentView {
  voidable_until?: string;
  cancelable_until?: string;
  refundable_until?: string;
}

/** The clock of the whole system moves, so nothing else runs beside this; it stays where it is in the end. */
describe('time that passes over a hold or a collection', () => {
  const gateway = new Gateway();
  let partner: PartnerClient;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    partner = await gateway.newPartner();
    receiver = await WebhookReceiver.open(gateway, partner);
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
  const told = async (id: string): Promise<string[]> =>
    (await receiver.received(id)).map(({ event }) => event.type.replace('payment.', ''));
  const untilTold = async (id: string, statuses: string[]): Promise<void> => {
    await receiver.untilTold(id, statuses.at(-1) ?? '');
    expect(await told(id)).toEqual(statuses);
  };
  const untilBooked = async (id: string, codes: string[]): Promise<void> => {
    const booked = async (): Promise<string> => (await bookings(gateway, id)).map(({ code }) => code).join(' ');
    await until(`${id} is booked`, async () => (await booked()) === codes.join(' ')).catch(async () =>
      expect(await booked()).toBe(codes.join(' ')),
    );
  };
  /** The next hold is good for so many hours only. */
  const shortHold = (hours: number): Promise<void> =>
    gateway.simulator.fault({
      network: 'acquirer',
      operation: 'authorize',
      match: 'next',
      behaviour: 'short_hold',
      params: { ms: hours * HOUR_MS },
    });

  /** How often the wallet has tried to take it back. */
  async function reversalTries(source: Source, id: string): Promise<number> {
    const { service, leg } = SILENCE[source];
    const [row] = await gateway.inDatabaseOf(service, (database) =>
      database.query<{ tries: bigint }>(
        `SELECT count(*) AS tries FROM instruction_evidence WHERE instruction_id = $1 AND source = 'undo'`,
        [`${id}-${leg}`],
      ),
    );
    return Number(row?.tries ?? 0);
  }

  /** The payer's network takes the money, and then says nothing of it whatever it is asked. */
  async function takenInSilence(source: Source): Promise<PaymentView> {
    const { network, pays, answersNothing, direction, purpose } = SILENCE[source];
    await gateway.simulator.fault({ network, operation: pays, match: 'next', behaviour: 'timeout_after_executing' });
    for (const operation of answersNothing) {
      const silent = { behaviour: 'answer_unknown', params: { executed: false }, times: ALWAYS };
      await gateway.simulator.fault({ network, operation, ...silent });
    }
    const { id } = await pay(gateway, partner, direction, { purpose });
    return untilState(id, 'AUTH_UNKNOWN');
  }

  it.each([
    ['card hold', 31 * MINUTE_S, { authorize: 1, void: 1 }, ['hold_funded', 'hold_released']],
    ['card pull', 31 * MINUTE_S, { account_funding: 1, refund: 1 }, []],
    ['Alipay collection', 2 * MINUTE_S, { pay: 1, cancel: 1 }, []],
  ] as const)(
    'F07 %s: neither answer nor enquiry: reversed until acknowledged, and only then the partner is told',
    async (source, policyAgeS, movements, booked) => {
      const { id } = await takenInSilence(source);
      await advance(policyAgeS);
      await until('the reversal is tried again and again', async () => (await reversalTries(source, id)) >= 3);
      expect(await partner.payment(id)).toMatchObject({ status: 'processing', outcome: 'unknown' });
      expect(await told(id)).toEqual(['processing']);
      await forgetFaults();
      const payment = await untilOver(partner, id, 120_000);
      expect([payment.status, stateOf(payment), payment.failure?.code]).toEqual([
        'failed',
        'REVERSED',
        'NO_ANSWER_IN_TIME',
      ]);
      expect(await executed(gateway, id)).toEqual(movements);
      await untilTold(id, ['processing', 'failed']);
      await untilBooked(id, [...booked]);
      await expectNothingReserved(gateway, id);
      await expectBalanced(gateway);
      await untilAudited(
        gateway,
        id,
        `wallet.${SILENCE[source].leg}.declined`,
        ({ reason }) => reason === 'NO_ANSWER_IN_TIME',
      );
    },
  );

  it('F08 an approval that comes after our reversal is reversed again: no second message, nothing booked, kept as evidence', async () => {
    const { id } = await takenInSilence('card hold');
    await advance(31 * MINUTE_S);
    await until('its reversal has begun', async () => (await reversalTries('card hold', id)) >= 1);
    await forgetFaults();
    expect(stateOf(await untilOver(partner, id, 120_000))).toBe('REVERSED');
    await untilBooked(id, ['hold_funded', 'hold_released']);

    await gateway.simulator.succeedLate('acquirer', `${id}-hold`);
    await until('it is reversed a second time', async () => (await executed(gateway, id)).void === 2);
    expect(await executed(gateway, id)).toEqual({ authorize: 2, void: 2 });
    expect(await untilCase(gateway, id, 'late_source_success')).toMatchObject({
      state: 'REVERSED',
      instruction_id: `${id}-hold`,
    });
    await untilAudited(gateway, id, 'wallet.hold.processed', ({ late }) => late === true);
    await untilAudited(gateway, id, 'payment.release_processed');
    const payment = await partner.payment(id);
    expect([payment.status, stateOf(payment)]).toEqual(['failed', 'REVERSED']);
    await untilTold(id, ['processing', 'failed']);
    await untilBooked(id, ['hold_funded', 'hold_released']);
    await expectBalanced(gateway);
  });

  it('F09 with less than a day left on the hold no credit is sent: released, and told as canceled', async () => {
    await shortHold(23);
    const { id } = await pay(gateway, partner, 'us-to-china');
    const payment = await untilOver(partner, id);
    expect([payment.status, stateOf(payment), payment.failure?.code]).toEqual(['canceled', 'EXPIRED', 'EXPIRED']);
    expect(await executed(gateway, id)).toEqual({ authorize: 1, void: 1 });
    await untilTold(id, ['processing', 'canceled']);
    await untilBooked(id, ['hold_funded', 'hold_released']);
    await expectNothingReserved(gateway, id);
    const ended = await until('its end is audited', async () =>
      (await auditOf(gateway, id)).find(({ detail }) => detail?.to === 'EXPIRED'),
    );
    expect(Number.isNaN(Date.parse(String(ended.detail?.hold_valid_until)))).toBe(false);
  });

  it('F09 a credit that has not left a day before the hold ends never leaves: the timer ends it as EXPIRED', async () => {
    await shortHold(25);
    await gateway.simulator.fault({
      network: 'open_platform',
      operation: 'transfer',
      match: 'next',
      behaviour: 'decline',
      params: { code: 'PAYER_BALANCE_NOT_ENOUGH' },
    });
    const { id } = await pay(gateway, partner, 'us-to-china');
    const open = await untilState(id, 'CREDITING');
    expect(Object.keys(open).filter((field) => field.endsWith('_until'))).toEqual(['voidable_until']);
    await advance(2 * HOUR_S);
    const payment = await untilOver(partner, id, 120_000);
    expect([payment.status, stateOf(payment)]).toEqual(['canceled', 'EXPIRED']);
    expect(await executed(gateway, id)).toEqual({ authorize: 1, void: 1 });
    await untilTold(id, ['processing', 'canceled']);
    await untilBooked(id, ['hold_funded', 'hold_released']);
    await expectNothingReserved(gateway, id);
    await expectBalanced(gateway);
  });

  it('F09 a hold that lapses after the credit ends CAPTURE_LOST: the payee keeps the money, a case is opened', async () => {
    await shortHold(25);
    await gateway.simulator.fault({
      network: 'acquirer',
      operation: 'capture',
      behaviour: 'timeout_without_executing',
      times: ALWAYS,
    });
    const { id } = await pay(gateway, partner, 'us-to-china');
    await untilState(id, 'CAPTURE_UNKNOWN');
    await advance(26 * HOUR_S);
    const payment = await untilOver(partner, id, 200_000);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'CAPTURE_LOST']);
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, expire: 1 });
    expect(await untilCase(gateway, id, 'capture_lost')).toMatchObject({ owner: 'settlement' });
    await untilTold(id, ['processing', 'completed']);
    await untilBooked(id, ['hold_funded', 'credited', 'capture_lost']);
    await expectBalanced(gateway);
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
    await forgetFaults();
    expect(stateOf(await untilOver(partner, id, 120_000))).toBe('COMPLETED');
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
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
