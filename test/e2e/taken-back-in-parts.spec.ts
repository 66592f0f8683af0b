import { balanceIn } from './support/disputes';
import { bookedMovements, bookings, expectBalanced, expectNothingReserved } from './support/books';
import { Gateway, until } from './support/gateway';
import { casesOf, untilAudited, untilCase } from './support/oversight';
import type { PaymentView, Problem } from './support/partner-client';
import { executed, pay, prepare, stateOf, untilOver } from './support/payments';
import { topUp, untilRefundOver, type RefundView } from './support/refunds';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(240_000);

describe('what the payer’s network takes back by itself, part after part', () => {
  const gateway = new Gateway();

  const partsOf = async (payment: string): Promise<[leg: string, minor: string][]> =>
    (await bookings(gateway, payment))
      .filter(({ code }) => code === 'source_taken_back')
      .map(({ instruction_id: leg, lines }) => [
        (leg ?? '').slice(payment.length + 1),
        lines.find(({ account }) => account === '1350')?.debit ?? '',
      ]);
  /** The acquirer takes back so much more, or the rest, and so many parts are in the books then. */
  async function takesBack(source: string, count: number, minor?: string): Promise<void> {
    await gateway.simulator.takeBack(source, minor);
    const payment = source.slice(0, source.lastIndexOf('-'));
    await until(`${count} parts of ${payment} are booked`, async () => (await partsOf(payment)).length >= count);
  }

  it('R9 a captured card payment in three parts, with a refund between: each is booked once, and what is left bounds the refunds', async () => {
    const partner = await gateway.newPartner();
    await topUp(gateway, partner, '1000000', 'CNY');
    const receiver = await WebhookReceiver.open(gateway, partner);
    const { id } = await pay(gateway, partner, 'us-to-china');
    expect(stateOf(await untilOver(partner, id))).toBe('COMPLETED');
    await bookedMovements(gateway, id, ['hold', 'credit', 'capture']);

    await takesBack(`${id}-hold`, 1, '4000');
    const ask = (minor?: string): Promise<{ status: number; body: RefundView & Problem }> =>
      partner.post<RefundView & Problem>(
        `/v1/payments/${id}/refunds`,
        minor === undefined ? {} : { amount: { amount: minor, currency: 'USD' } },
      );
    const tooMuch = await ask('6201');
    expect([tooMuch.status, tooMuch.body.code]).toEqual([422, 'REFUND_EXCEEDS']);
    expect(tooMuch.body.detail).toContain('at most "6200" USD');
    const asked = await ask('3000');
    expect(asked.status).toBe(202);
    expect((await untilRefundOver(partner, asked.body.id)).status).toBe('completed');

    await takesBack(`${id}-hold`, 2, '1000');
    const rest = await ask();
    expect([rest.status, rest.body.source_amount.amount]).toEqual([202, '2200']);
    expect((await untilRefundOver(partner, rest.body.id)).status).toBe('completed');
    expect((await ask('1')).body.code).toBe('REFUND_EXCEEDS');

    expect(await partsOf(id)).toEqual([
      ['hold', '4000'],
      ['hold-2', '1000'],
    ]);
    await bookedMovements(gateway, id, ['hold', 'credit', 'capture', 'release', 'release', 'refund', 'refund']);
    const booked = await bookings(gateway, id);
    expect([balanceIn('1100', booked), balanceIn('1350', booked)]).toEqual(['0', '5000']);
    await expectBalanced(gateway);
    expect(stateOf(await partner.payment(id))).toBe('COMPLETED');
    expect((await casesOf(gateway, id)).map(({ kind }) => kind)).toEqual(['source_taken_back', 'source_taken_back']);
    await untilAudited(gateway, id, 'payment.source_taken_back_in_part', ({ money }) => money === 'source_taken_back');
    const told = (await receiver.received(id)).map(({ event }) => event.type);
    expect(told.filter((type) => type.startsWith('payment.'))).toEqual(['payment.processing', 'payment.completed']);
  });

  it('R9 a card pull in a part and then the rest: all of it is to be recovered, and nothing is left to refund', async () => {
    const partner = await gateway.newPartner();
    await topUp(gateway, partner, '1000000', 'CNY');
    const { id } = await pay(gateway, partner, 'us-to-china', { purpose: 'person_to_person' });
    expect(stateOf(await untilOver(partner, id))).toBe('COMPLETED');
    await takesBack(`${id}-collect`, 1, '4000');
    await takesBack(`${id}-collect`, 2);
    expect(await partsOf(id)).toEqual([
      ['collect', '4000'],
      ['collect-2', '6200'],
    ]);
    const booked = await bookings(gateway, id);
    expect([balanceIn('1100', booked), balanceIn('1350', booked)]).toEqual(['0', '10200']);
    await bookedMovements(gateway, id, ['collect', 'credit', 'release', 'release']);
    const refused = await partner.post<Problem>(`/v1/payments/${id}/refunds`, {});
    expect([refused.status, refused.body.code]).toEqual([409, 'PAYMENT_NOT_REFUNDABLE']);
    await expectBalanced(gateway);
  });

  it('R9 a card pull in two parts with a refused credit between: we give back what is left, and nothing twice', async () => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const wish = { purpose: 'person_to_person', amount: '10741' } as const;
    const { request, quote } = await prepare(gateway, partner, 'us-to-china', wish);
    const [total, target] = [quote.total_source_amount.amount, quote.target_amount.amount];
    await gateway.simulator.fault({
      network: 'open_platform',
      operation: 'transfer',
      match: { amount: target },
      behaviour: 'answer_pending',
      params: { ms: 20_000, outcome: 'fail' },
    });
    const { id } = await partner.create<PaymentView>('/v1/payments', request);
    // Our own reversal is refused the first time, so that the second part comes before the rest is asked for.
    await gateway.simulator.fault({
      network: 'acquirer',
      operation: 'reverse',
      match: { reference: `${id}-release` },
      behaviour: 'decline',
      times: 1,
    });
    await until(`the credit of ${id} is under way`, async () => stateOf(await partner.payment(id)) === 'CREDITING');
    await takesBack(`${id}-collect`, 1, '4000');
    expect(await untilCase(gateway, id, 'source_taken_back')).toMatchObject({ owner: 'settlement' });
    await untilCase(gateway, id, 'release_refused');
    await takesBack(`${id}-collect`, 2, '1000');

    const payment = await untilOver(partner, id, 120_000);
    expect([payment.status, stateOf(payment)]).toEqual(['failed', 'REVERSED']);
    const left = String(BigInt(total) - 5_000n);
    const movements = await gateway.simulator.movements(id);
    expect(movements.filter(({ sign }) => sign === 1).map(({ amount }) => amount)).toEqual(['4000', '1000', left]);
    await bookedMovements(gateway, id, ['collect', 'release', 'release', 'release']);
    expect(await partsOf(id)).toEqual([
      ['collect', '4000'],
      ['collect-2', '1000'],
    ]);
    const booked = await bookings(gateway, id);
    expect(booked.map(({ code }) => code)).toEqual([
      'collection_funded',
      'source_taken_back',
      'return_started',
      'take_back_settled',
      'source_taken_back',
      'take_back_settled',
      'return_confirmed',
    ]);
    const balances = ['1100', '1350', '2000', '2150', '2200'].map((account) => balanceIn(account, booked));
    expect(balances).toEqual(['0', '0', '0', '0', '0']);
    expect(await executed(gateway, id)).toEqual({ account_funding: 1, refund: 3 });
    await expectNothingReserved(gateway, id);
    await expectBalanced(gateway);
    await receiver.untilTold(id, 'failed');
    const told = (await receiver.received(id)).map(({ event }) => event.type);
    expect(told).toEqual(['payment.processing', 'payment.failed']);
    await untilAudited(gateway, id, 'payment.source_taken_back_in_part', ({ money }) => money === 'take_back_settled');
  });
});
