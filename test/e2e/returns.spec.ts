import { bookings, expectBalanced, type Booking } from './support/books';
import { Gateway, until } from './support/gateway';
import type { PartnerClient, PaymentView, ReturnView } from './support/partner-client';
import { executed, pay, prepare, stateOf, untilOver, type Direction, type PaymentWish } from './support/payments';
import { topUp, untilRefundOver } from './support/refunds';
import { giveBack, untilReturn } from './support/returns';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(180_000);

const BOTH = ['us-to-china', 'china-to-us'] as const;
const FLOAT: Record<Direction, string> = { 'us-to-china': '1200', 'china-to-us': '1250' };

describe('a credit that the payee’s network gives back after the payment is completed', () => {
  const gateway = new Gateway();

  async function completed(partner: PartnerClient, direction: Direction): Promise<PaymentView> {
    const { id } = await pay(gateway, partner, direction);
    const payment = await untilOver(partner, id);
    expect(stateOf(payment)).toBe('COMPLETED');
    return payment;
  }
  async function returned(partner: PartnerClient, direction: Direction): Promise<[PaymentView, ReturnView]> {
    const payment = await completed(partner, direction);
    await giveBack(gateway, direction, payment.id);
    return [payment, await untilReturn(partner, payment.id)];
  }
  /** An instrument of the payee's other account. */
  async function otherInstrument(
    partner: PartnerClient,
    direction: Direction,
    wish: PaymentWish = {},
  ): Promise<string> {
    const { request } = await prepare(gateway, partner, direction, wish);
    return request.target_instrument as string;
  }
  const linesOf = ({ lines }: Booking): string[] =>
    lines.map(({ account, currency, debit, credit }) => `${account} ${currency} ${debit} ${credit}`);
  /** Waits until the ledger has booked these facts after the payment's own. */
  async function untilBooked(payment: string, codes: string[]): Promise<Booking[]> {
    const after = async (): Promise<Booking[]> =>
      (await bookings(gateway, payment)).filter(({ code }) => /^(return_corrected|credit_returned|refund_)/.test(code));
    await until(`${payment} is booked`, async () => (await after()).length >= codes.length);
    const booked = await after();
    expect(booked.map(({ code }) => code)).toEqual(codes);
    return booked;
  }

  it.each(BOTH)('corrected, %s: the payee is credited on another instrument, the payment stays', async (direction) => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const [payment, found] = await returned(partner, direction);
    expect(found).toMatchObject({
      payment: payment.id,
      status: 'action_required',
      actions: ['correct', 'refund'],
      amount: payment.target_amount,
    });
    const [first] = await untilBooked(payment.id, ['credit_returned']);
    const { amount, currency } = payment.target_amount;
    expect(linesOf(first!).map((line) => line.split(' ')[0])).toEqual([FLOAT[direction], '2050']);
    expect(linesOf(first!)[0]).toContain(`${currency} ${amount}`);

    const instrument = await otherInstrument(partner, direction);
    const asked = await partner.post(`/v1/returns/${found.id}/correct`, { target_instrument: instrument });
    expect(asked.status).toBe(202);
    const done = await untilReturn(partner, payment.id, 'completed');
    expect(done).toMatchObject({ resolution: 'corrected', target_instrument: instrument, actions: [] });
    await untilBooked(payment.id, ['credit_returned', 'return_corrected']);
    await expectBalanced(gateway);
    expect(stateOf(await partner.payment(payment.id))).toBe('COMPLETED');
    expect(Object.values(await executed(gateway, found.id))).toEqual([1]);
    const told = async (): Promise<string[]> =>
      (await receiver.received(payment.id)).map(({ event }) => event.type).filter((type) => /return/.test(type));
    await until('the partner has been told', async () => (await told()).length >= 3);
    expect((await told()).sort()).toEqual(['payment.credit_returned', 'return.completed', 'return.processing']);
    const again = await partner.post(`/v1/returns/${found.id}/refund`, {});
    expect([again.status, (again.body as { code: string }).code]).toEqual([409, 'RETURN_NOT_ACTIONABLE']);
  });

  it.each(BOTH)('refunded, %s: out of what came back, without any balance of the partner', async (direction) => {
    const partner = await gateway.newPartner();
    const [payment, found] = await returned(partner, direction);
    const asked = await partner.post<ReturnView>(`/v1/returns/${found.id}/refund`, {});
    expect([asked.status, asked.body.status, asked.body.resolution]).toEqual([202, 'completed', 'refunded']);
    const refund = await untilRefundOver(partner, asked.body.refund ?? '');
    const { source_amount, target_amount } = await partner.payment(payment.id);
    expect(refund).toMatchObject({ status: 'completed', source_amount, target_amount });
    const [, funded] = await untilBooked(payment.id, ['credit_returned', 'refund_funded', 'refund_sent']);
    expect(linesOf(funded!).filter((line) => line.startsWith('2120'))).toEqual([]);
    expect(linesOf(funded!)).toContain(`2050 ${target_amount.currency} ${target_amount.amount} 0`);
    await expectBalanced(gateway);
    expect(await executed(gateway, refund.id)).toEqual({ refund: 1 });
    const twice = await partner.post(`/v1/returns/${found.id}/refund`, {});
    expect(twice.status).toBe(409);
  });

  it.each(BOTH)('in part, %s: that part goes back to the payer, and the payee keeps the rest', async (direction) => {
    const partner = await gateway.newPartner();
    const payment = await completed(partner, direction);
    const part = String(BigInt(payment.target_amount.amount) / 4n);
    await giveBack(gateway, direction, payment.id, part);
    const found = await untilReturn(partner, payment.id);
    expect(found.amount.amount).toBe(part);
    const asked = await partner.post<ReturnView>(`/v1/returns/${found.id}/refund`, {});
    const refund = await untilRefundOver(partner, asked.body.refund ?? '');
    expect([refund.status, refund.target_amount.amount]).toEqual(['completed', part]);
    const [first, funded] = await untilBooked(payment.id, ['credit_returned', 'refund_funded', 'refund_sent']);
    const { currency } = payment.target_amount;
    expect(linesOf(first!)).toContain(`2050 ${currency} 0 ${part}`);
    expect(linesOf(funded!)).toContain(`2050 ${currency} ${part} 0`);
    const movements = await gateway.simulator.movements(refund.id);
    expect(movements.map(({ amount }) => amount)).toEqual([refund.source_amount.amount]);
    await expectBalanced(gateway);
    // The rest can still be refunded, out of the balance.
    await topUp(gateway, partner, '1000000', direction === 'us-to-china' ? 'CNY' : 'USD');
    const rest = await partner.post<{ id: string }>(`/v1/payments/${payment.id}/refunds`, {});
    const last = await untilRefundOver(partner, rest.body.id);
    const sum = BigInt(refund.source_amount.amount) + BigInt(last.source_amount.amount);
    expect([last.status, String(sum)]).toEqual(['completed', payment.source_amount.amount]);
    await expectBalanced(gateway);
  });

  it('in part, and corrected: the payee gets that part on another instrument', async () => {
    const partner = await gateway.newPartner();
    const payment = await completed(partner, 'us-to-china');
    await giveBack(gateway, 'us-to-china', payment.id, '10000');
    const found = await untilReturn(partner, payment.id);
    const instrument = await otherInstrument(partner, 'us-to-china');
    await partner.post(`/v1/returns/${found.id}/correct`, { target_instrument: instrument });
    await untilReturn(partner, payment.id, 'completed');
    const [, second] = await untilBooked(payment.id, ['credit_returned', 'return_corrected']);
    expect(linesOf(second!)).toContain('2050 CNY 10000 0');
    const movements = await gateway.simulator.movements(found.id);
    expect(movements.map(({ amount }) => amount)).toEqual(['10000']);
    await expectBalanced(gateway);
  });

  it('after it was refunded in full out of the partner’s balance, goes back into that balance', async () => {
    const partner = await gateway.newPartner();
    const payment = await completed(partner, 'us-to-china');
    await topUp(gateway, partner, '1000000', 'CNY');
    const { body } = await partner.post<{ id: string }>(`/v1/payments/${payment.id}/refunds`, {});
    expect((await untilRefundOver(partner, body.id)).status).toBe('completed');
    await giveBack(gateway, 'us-to-china', payment.id);
    const found = await untilReturn(partner, payment.id, 'completed');
    expect([found.resolution, found.actions]).toEqual(['kept', []]);
    const late = await partner.post<{ code: string }>(`/v1/returns/${found.id}/refund`, {});
    expect([late.status, late.body.code]).toEqual([409, 'RETURN_NOT_ACTIONABLE']);
    await until(
      `${payment.id} is booked`,
      async () => (await bookings(gateway, payment.id)).at(-1)?.code === 'return_kept',
    );
    const kept = (await bookings(gateway, payment.id)).at(-1)!;
    const { amount, currency } = payment.target_amount;
    expect(linesOf(kept)).toEqual([`2050 ${currency} ${amount} 0`, `2120 ${currency} 0 ${amount}`]);
    const { body: balance } = await gateway.asOperator(
      'settlement-1',
      'GET',
      `/ops/v1/partner_balances/${partner.partnerId}`,
    );
    expect(balance.balances).toMatchObject([{ currency: 'CNY', available: '1000000' }]);
    await expectBalanced(gateway);
  });

  it('told twice by the network, it is one return and one booking', async () => {
    const partner = await gateway.newPartner();
    const [payment] = await returned(partner, 'us-to-china');
    await giveBack(gateway, 'us-to-china', payment.id).catch(() => undefined);
    const other = await completed(partner, 'us-to-china');
    await giveBack(gateway, 'us-to-china', other.id);
    await untilReturn(partner, other.id);
    expect((await partner.payment(payment.id)).returns).toHaveLength(1);
    await untilBooked(payment.id, ['credit_returned']);
  });

  it('whose second credit is refused, leaves a refund to choose', async () => {
    const partner = await gateway.newPartner();
    const [payment, found] = await returned(partner, 'us-to-china');
    const closed = await otherInstrument(partner, 'us-to-china', { alipay: 'closed@example.com' });
    await partner.post(`/v1/returns/${found.id}/correct`, { target_instrument: closed });
    const failed = await until('the correction has failed', async () => {
      const { body } = await partner.get<ReturnView>(`/v1/returns/${found.id}`);
      return body.failure === undefined ? null : body;
    });
    expect(failed).toMatchObject({ status: 'action_required', actions: ['refund'] });
    const { body } = await partner.post<ReturnView>(`/v1/returns/${found.id}/refund`, {});
    expect((await untilRefundOver(partner, body.refund ?? '')).status).toBe('completed');
    await untilBooked(payment.id, ['credit_returned', 'refund_funded', 'refund_sent']);
    await expectBalanced(gateway);
  });

  it('is nobody else’s, and takes no instrument that does not fit', async () => {
    const partner = await gateway.newPartner();
    const [payment, found] = await returned(partner, 'us-to-china');
    const stranger = await gateway.newPartner();
    expect((await stranger.get(`/v1/returns/${found.id}`)).status).toBe(404);
    const { target_instrument: same } = payment as unknown as { target_instrument: string };
    const card = await otherInstrument(partner, 'china-to-us');
    const codes = await Promise.all(
      [same, card, 'ins_01K0EXAMPLE0000000000000000'].map(async (instrument) => {
        const { status, body } = await partner.post(`/v1/returns/${found.id}/correct`, {
          target_instrument: instrument,
        });
        return [status, (body as { code: string }).code];
      }),
    );
    expect(codes).toEqual([
      [422, 'FIELD_INVALID'],
      [422, 'INSTRUMENT_WRONG_NETWORK'],
      [422, 'INSTRUMENT_UNKNOWN'],
    ]);
  });
});
