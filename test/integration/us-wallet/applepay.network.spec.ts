import { createHmac } from 'node:crypto';
import { NotificationRefused, type Outcome, type RawNotification } from '@gateway/wallet-network';
import { CardSide, following, within } from './card-side';
import { eventually } from '../simulator/running-simulator';

jest.setTimeout(180_000);

const DAY_MS = 86_400_000;
const USD = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'USD' });

describe('the card side against the simulated acquirer', () => {
  let card: CardSide;

  beforeAll(async () => {
    card = await CardSide.start();
  });
  afterAll(() => card.stop());
  afterEach(async () => {
    await card.simulator.control('DELETE', '/faults');
    await card.travel(0);
  });

  const referenceOf = (outcome: Outcome): string => {
    if (outcome.kind !== 'PROCESSED') throw new Error(`not processed: ${JSON.stringify(outcome)}`);
    return outcome.networkReference;
  };
  const operations = async (reference: string): Promise<string[]> =>
    (await card.simulator.movements(reference)).map(({ operation }) => operation);

  it('holds for seven days, captures the exact amount, and repeats of both move nothing more', async () => {
    const hold = await card.instruct('hold');
    const held = await card.network.hold(hold, within());
    expect(held).toMatchObject({ kind: 'PROCESSED', amount: USD('10200'), counterparty: 'visa' });
    const expires = Date.parse((held as { holdExpiresAt?: string }).holdExpiresAt ?? '');
    expect(Math.abs(expires - Date.now() - 7 * DAY_MS)).toBeLessThan(60_000);
    expect(await card.network.hold({ ...hold, attempt: 2 }, within())).toEqual(held);

    const capture = following(hold, 'capture', { networkReference: referenceOf(held) });
    const captured = await card.network.capture(capture, within());
    expect(captured).toMatchObject({ kind: 'PROCESSED', amount: USD('10200'), counterparty: 'visa' });
    expect(await card.network.capture({ ...capture, attempt: 2 }, within())).toEqual(captured);
    expect(await operations(hold.instructionId)).toEqual(['authorize']);
    expect(await operations(capture.instructionId)).toEqual(['capture']);
  });

  it('a collection is refused for Amex before the wire, and pulled at once from Visa', async () => {
    const collect = await card.instruct('collect');
    expect(await card.network.collect(collect, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('10200') });
    expect(await operations(collect.instructionId)).toEqual(['account_funding']);
    const amex = await card.instruct('collect', { scheme: 'amex' });
    expect(await card.network.collect(amex, within())).toMatchObject({
      kind: 'NOT_SUBMITTED',
      networkCode: 'NOT_OFFERED',
    });
    expect(await operations(amex.instructionId)).toEqual([]);
  });

  it('a payout is confirmed with the payout bank as counterparty', async () => {
    const credit = await card.instruct('credit', { scheme: 'mastercard' });
    expect(await card.network.credit(credit, within())).toMatchObject({
      kind: 'PROCESSED',
      amount: USD('10200'),
      counterparty: 'us_payout_bank',
    });
  });

  it.each([
    ['hold', 'do_not_honour', 'DECLINED_BY_ISSUER', '20005'],
    ['hold', 'insufficient_funds', 'INSUFFICIENT_FUNDS', '20051'],
    ['hold', 'expired_card', 'INSTRUMENT_EXPIRED', '20054'],
    ['hold', 'suspected_fraud', 'SUSPECTED_FRAUD', '20059'],
    ['collect', 'insufficient_funds', 'INSUFFICIENT_FUNDS', '20051'],
    ['credit', 'payout_declined', 'PAYEE_NOT_ELIGIBLE', '20057'],
  ] as const)('%s of a card with %s is declined as %s', async (step, outcome, reason, networkCode) => {
    const instruction = await card.instruct(step, { outcome });
    const declined = await card.network[step](instruction, within());
    expect(declined).toMatchObject({ kind: 'DECLINED', reason, networkCode });
    expect(await card.network.enquire(instruction, within())).toEqual(declined);
  });

  it('a partial approval tells the amount that was really held', async () => {
    const hold = await card.instruct('hold', { outcome: 'partial_approval' });
    expect(await card.network.hold(hold, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('5100') });
  });

  it.each([
    ['hold', 'hold_timeout_executed'],
    ['hold', 'hold_error_executed'],
    ['hold', 'hold_timeout_not_executed'],
    ['hold', 'hold_connection_closed'],
    ['credit', 'payout_timeout_executed'],
    ['credit', 'payout_timeout_not_executed'],
    ['credit', 'payout_error_executed'],
  ] as const)('%s with %s is UNKNOWN, enquired about, and done once in the end', async (step, outcome) => {
    const instruction = await card.instruct(step, { outcome });
    expect((await card.network[step](instruction, within(2_000))).kind).toBe('UNKNOWN');
    let known = await card.network.enquire(instruction, within());
    if (known.kind === 'NOT_FOUND') known = await card.network[step]({ ...instruction, attempt: 2 }, within());
    expect(known).toMatchObject({ kind: 'PROCESSED', amount: USD('10200') });
    expect(await operations(instruction.instructionId)).toHaveLength(1);
  });

  it('pending holds and payouts are PENDING with a reference, and enquiry by it ends them', async () => {
    for (const [step, outcome] of [
      ['hold', 'hold_pending'],
      ['credit', 'payout_pending'],
    ] as const) {
      const instruction = await card.instruct(step, { outcome });
      const pending = await card.network[step](instruction, within());
      expect(pending).toMatchObject({ kind: 'PENDING', networkReference: expect.stringMatching(/^pay_/) as string });
      const { networkReference } = pending as { networkReference: string };
      const known = await eventually(async () => {
        const asked = await card.network.enquire({ ...instruction, networkReference }, within());
        return asked.kind === 'PENDING' ? undefined : asked;
      });
      expect(known).toMatchObject({ kind: 'PROCESSED', networkReference });
    }
  });

  it("a hold is voided, found by our reference where the acquirer's id is not known, and once only", async () => {
    const hold = await card.instruct('hold');
    await card.network.hold(hold, within());
    const release = following(hold, 'release');
    const released = await card.network.release(release, within());
    expect(released).toMatchObject({ kind: 'PROCESSED', amount: USD('10200'), counterparty: 'visa' });
    expect(await card.network.release({ ...release, attempt: 2 }, within())).toEqual(released);
    expect(await card.network.enquire(release, within())).toEqual(released);
    expect(await operations(release.instructionId)).toEqual(['void']);
  });

  it('a release of a hold that nobody knows proves nothing', async () => {
    const hold = await card.instruct('hold');
    const release = following(hold, 'release');
    expect(await card.network.release(release, within())).toEqual({ kind: 'NOT_FOUND' });
    const capture = following(hold, 'capture');
    expect(await card.network.capture(capture, within())).toEqual({ kind: 'UNKNOWN', networkCode: 'TARGET_NOT_FOUND' });
    expect(await card.network.enquire(hold, within())).toEqual({ kind: 'NOT_FOUND' });
  });

  it('a collection is reversed within a day and refunded after it', async () => {
    for (const [age, action] of [
      [0, 'reversals'],
      [2 * DAY_MS, 'refunds'],
    ] as const) {
      const collect = await card.instruct('collect');
      const networkReference = referenceOf(await card.network.collect(collect, within()));
      const processedAt = new Date(Date.now() - age);
      const release = following(collect, 'release', { networkReference, processedAt });
      expect(await card.network.release(release, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('10200') });
      expect([action, await operations(release.instructionId)]).toEqual([action, ['refund']]);
    }
  });

  it('captures a part, which no payment of ours asks for, and refunds no more than that', async () => {
    const hold = await card.instruct('hold');
    const networkReference = referenceOf(await card.network.hold(hold, within()));
    const part = following(hold, 'capture', { networkReference }, USD('4000'));
    expect(await card.network.capture(part, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('4000') });
    expect(await card.network.enquire(part, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('4000') });
    const more = following(hold, 'refund', { networkReference }, USD('4001'));
    expect(await card.network.refund(more, within())).toMatchObject({ kind: 'DECLINED', reason: 'LIMIT_EXCEEDED' });
    const all = { ...more, instructionId: `${hold.paymentId}-all`, amount: USD('4000') };
    expect(await card.network.refund(all, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('4000') });
  });

  it.each(['hold', 'collect'] as const)('refunds a %s in full, found again by our reference', async (step) => {
    const made = await card.instruct(step);
    const networkReference = referenceOf(await card.network[step](made, within()));
    if (step === 'hold') await card.network.capture(following(made, 'capture', { networkReference }), within());
    const refund = following(made, 'refund', { networkReference });
    expect(await card.network.refund(refund, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('10200') });
    expect(await card.network.enquire(refund, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('10200') });
    expect(await operations(refund.instructionId)).toEqual(['refund']);
    const again = { ...refund, instructionId: `${made.paymentId}-again` };
    expect(await card.network.refund(again, within())).toMatchObject({ kind: 'DECLINED', reason: 'ALREADY_FINAL' });
  });

  it('a hold that timed out is found by our reference and reversed, and one that was declined had held nothing', async () => {
    const lost = await card.instruct('hold', { outcome: 'hold_timeout_executed' });
    expect((await card.network.hold(lost, within(2_000))).kind).toBe('UNKNOWN');
    const release = following(lost, 'release', { processedAt: null });
    expect(await card.network.release(release, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('10200') });
    expect(await operations(release.instructionId)).toEqual(['void']);

    const declined = await card.instruct('hold', { outcome: 'do_not_honour' });
    await card.network.hold(declined, within());
    const nothing = following(declined, 'release', { processedAt: null });
    expect(await card.network.release(nothing, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('0') });
    expect(await operations(nothing.instructionId)).toEqual([]);
  });

  it('a capture that never arrived before the hold ended is a certain no, however late it is asked about', async () => {
    const hold = await card.instruct('hold', { outcome: 'capture_timeout_not_executed' });
    const networkReference = referenceOf(await card.network.hold(hold, within()));
    const capture = following(hold, 'capture', { networkReference });
    expect((await card.network.capture(capture, within(2_000))).kind).toBe('UNKNOWN');
    expect(await card.network.enquire(capture, within())).toEqual({ kind: 'NOT_FOUND' });
    await card.travel(11 * DAY_MS);
    const ended = await eventually(async () => {
      const asked = await card.network.enquire(capture, within());
      return asked.kind === 'NOT_FOUND' ? undefined : asked;
    });
    expect(ended).toMatchObject({ kind: 'DECLINED', reason: 'HOLD_EXPIRED' });
  });

  it('refunds in part, and refuses more than is left', async () => {
    const hold = await card.instruct('hold');
    const networkReference = referenceOf(await card.network.hold(hold, within()));
    await card.network.capture(following(hold, 'capture', { networkReference }), within());
    const refund = following(hold, 'refund', { networkReference }, USD('10000'));
    expect(await card.network.refund(refund, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('10000') });
    const second = { ...refund, instructionId: `${refund.paymentId}-again` };
    expect(await card.network.refund(second, within())).toMatchObject({ kind: 'DECLINED', reason: 'LIMIT_EXCEEDED' });
    expect(await card.network.refund({ ...second, attempt: 2 }, within())).toMatchObject({ kind: 'UNKNOWN' });
    expect(await operations(second.instructionId)).toEqual([]);
  });

  it('a capture that is declined, lapsed or after a release is told so', async () => {
    const declining = await card.instruct('hold', { outcome: 'capture_declined' });
    const declined = following(declining, 'capture', {
      networkReference: referenceOf(await card.network.hold(declining, within())),
    });
    expect(await card.network.capture(declined, within())).toMatchObject({ kind: 'DECLINED', networkCode: '20005' });

    const released = await card.instruct('hold');
    const networkReference = referenceOf(await card.network.hold(released, within()));
    await card.network.release(following(released, 'release', { networkReference }), within());
    expect(await card.network.capture(following(released, 'capture', { networkReference }), within())).toMatchObject({
      kind: 'DECLINED',
      reason: 'ALREADY_FINAL',
    });

    const lapsing = await card.instruct('hold', { scheme: 'mastercard' });
    const held = referenceOf(await card.network.hold(lapsing, within()));
    await card.travel(7 * DAY_MS + 60_000);
    expect(
      await card.network.capture(following(lapsing, 'capture', { networkReference: held }), within()),
    ).toMatchObject({
      kind: 'DECLINED',
      reason: 'HOLD_EXPIRED',
    });
    expect(
      await card.network.release(following(lapsing, 'release', { networkReference: held }), within()),
    ).toMatchObject({
      kind: 'PROCESSED',
    });
  });

  it.each(['capture_timeout_executed', 'capture_timeout_not_executed', 'capture_error_executed'])(
    'a capture with %s is UNKNOWN, and done once in the end',
    async (outcome) => {
      const hold = await card.instruct('hold', { outcome });
      const networkReference = referenceOf(await card.network.hold(hold, within()));
      const capture = following(hold, 'capture', { networkReference });
      expect((await card.network.capture(capture, within(2_000))).kind).toBe('UNKNOWN');
      let known = await card.network.enquire(capture, within());
      if (known.kind === 'NOT_FOUND') known = await card.network.capture({ ...capture, attempt: 2 }, within());
      expect(known).toMatchObject({ kind: 'PROCESSED', amount: USD('10200') });
      expect(await operations(capture.instructionId)).toEqual(['capture']);
    },
  );

  it("executed twice by a repeat after the life of its key: no outcome of ours, a person's matter", async () => {
    const hold = await card.instruct('hold');
    await card.network.hold(hold, within());
    await card.travel(DAY_MS + 60_000);
    const again = await card.instruct('hold', { signing_time: new Date(Date.now() + DAY_MS + 60_000).toISOString() });
    await card.network.hold({ ...hold, instrument: again.instrument! }, within());
    expect(await card.network.enquire(hold, within())).toMatchObject({
      kind: 'UNKNOWN',
      networkCode: 'EXECUTED_TWICE',
    });
  });

  it('a token that was not used in time is a definite no', async () => {
    const hold = await card.instruct('hold');
    await card.travel(16 * 60_000);
    expect(await card.network.hold(hold, within())).toMatchObject({ kind: 'DECLINED', reason: 'INSTRUMENT_EXPIRED' });
  });

  it('a deadline that has passed already asks nothing', async () => {
    const hold = await card.instruct('hold');
    expect((await card.network.hold(hold, AbortSignal.abort())).kind).toBe('NOT_SUBMITTED');
    expect(await operations(hold.instructionId)).toEqual([]);
  });

  describe('notifications', () => {
    const event = { id: 'evt_1', data: { reference: 'pay_1-hold', action_reference: 'pay_1-capture' } };
    const sent = (body: string, signed = body): RawNotification => ({
      path: '/notifications',
      rawBody: Buffer.from(body),
      headers: { 'cko-signature': createHmac('sha256', card.webhookSecret).update(signed).digest('hex') },
    });

    it('name the instruction that they are about', async () => {
      expect(await card.network.verifyNotification(sent(JSON.stringify(event)))).toMatchObject({
        notificationId: 'evt_1',
        instructionId: 'pay_1-capture',
      });
      const ofPayment = { id: 'evt_2', data: { reference: 'pay_1-hold' } };
      expect((await card.network.verifyNotification(sent(JSON.stringify(ofPayment)))).instructionId).toBe('pay_1-hold');
    });

    it('of a type that nobody knows, or without anything in them, are taken and name what they can', async () => {
      const strange = { id: 'evt_3', type: 'payment_teleported', data: { reference: 'pay_1-hold' } };
      const taken = await card.network.verifyNotification(sent(JSON.stringify(strange)));
      expect(taken).toMatchObject({ notificationId: 'evt_3', instructionId: 'pay_1-hold' });
      expect(taken).not.toHaveProperty('says');
      for (const body of ['', 'no json', 'null', '[]', '{"data":7}']) {
        const nothing = await card.network.verifyNotification(sent(body));
        expect([nothing.notificationId, nothing.instructionId]).toEqual([null, null]);
      }
    });

    it('are refused with another signature, none, or one in another writing', async () => {
      const body = JSON.stringify(event);
      const good = sent(body);
      const signature = good.headers['cko-signature'] ?? '';
      const bad = [
        sent(body, `${body} `),
        { ...good, headers: {} },
        { ...good, headers: { 'cko-signature': signature.toUpperCase() } },
        { ...good, headers: { 'cko-signature': signature.slice(0, 62) } },
      ];
      for (const notification of bad)
        await expect(card.network.verifyNotification(notification)).rejects.toThrow(NotificationRefused);
    });
  });
});
