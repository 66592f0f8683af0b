import { randomInt } from 'node:crypto';
import { bookedMovements, bookings, expectBalanced, expectNothingReserved } from './support/books';
import { Gateway } from './support/gateway';
import type { Answer, PartnerClient, PaymentView, Problem } from './support/partner-client';
import { stateOf, untilOver } from './support/payments';
import { SimulatorClient, type Movement } from './support/simulator-client';

jest.setTimeout(120_000);

type Wish = { payer?: object; purpose?: string; payee?: string };

const CLOSED_PAYEE = 'closed@example.com';

function payerCode(marker = '0000'): object {
  return {
    payer_code: `51${marker}${String(randomInt(1_000_000)).padStart(6, '0')}${String(randomInt(1_000_000)).padStart(6, '0')}`,
  };
}

describe('a payment from the QR wallet', () => {
  const gateway = new Gateway();
  const own = gateway.status.services['qr-simulator']?.url ?? '';
  const qrpay = new SimulatorClient({
    url: own,
    control_url: `${own}/control`,
    control_token: gateway.status.simulator.control_token,
  });
  let partner: PartnerClient;
  beforeEach(async () => {
    partner = await gateway.newPartner();
  });

  const quote = (
    source: string,
    target: string,
    purpose = 'goods',
    currency = 'USD',
  ): Promise<Answer<Problem & { offer: string }>> =>
    partner.post<Problem & { offer: string }>('/v1/quotes', {
      source_network: source,
      target_network: target,
      fixed_side: 'source',
      amount: { amount: '5000', currency },
      purpose,
    });

  async function pay(wish: Wish = {}): Promise<PaymentView> {
    const payee = { identity: wish.payee ?? 'bo@example.com', identity_type: 'ALIPAY_LOGON_ID', name: 'Bo Example' };
    const [source, target, payer, paid] = await Promise.all([
      partner.create('/v1/instruments', { network: 'qrpay', use: 'pay', ...(wish.payer ?? payerCode()) }),
      partner.create('/v1/instruments', { network: 'alipay', use: 'be_paid', account: payee }),
      partner.create('/v1/parties', { role: 'payer', type: 'individual', name: 'Ada Example', country: 'US' }),
      partner.create('/v1/parties', { role: 'payee', type: 'individual', name: 'Bo Example', country: 'CN' }),
    ]);
    const { body } = await quote('qrpay', 'alipay', wish.purpose);
    return partner.create<PaymentView>('/v1/payments', {
      offer: body.offer,
      source_instrument: source.id,
      target_instrument: target.id,
      payer: payer.id,
      payee: paid.id,
      bop_code: '121010',
    });
  }

  /** Both sides of the payment, each from its own network's books. */
  async function executed(paymentId: string): Promise<{ qrpay: string[]; alipay: string[] }> {
    const operations = (movements: Movement[]): string[] => movements.map(({ operation }) => operation);
    return {
      qrpay: operations(await qrpay.movements(paymentId)),
      alipay: operations(await gateway.simulator.movements(paymentId)),
    };
  }

  it('by a shown code reaches Alipay once, with books that balance and a claim on the QR wallet', async () => {
    const { id, total_source_amount: total } = await pay();
    const payment = await untilOver(partner, id);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
    expect(await executed(id)).toEqual({ qrpay: ['pay'], alipay: ['transfer'] });
    await bookedMovements(gateway, id, ['collect', 'credit']);
    const lines = (await bookings(gateway, id)).flatMap((booking) => booking.lines);
    expect(lines.filter(({ counterparty }) => counterparty === 'qrpay')).toEqual([
      expect.objectContaining({ account: '1150', currency: 'USD', debit: total.amount }),
    ]);
    await expectBalanced(gateway);
    await expectNothingReserved(gateway, id);
  });

  it('by scanning waits for the payer with the code to scan, and then reaches Alipay', async () => {
    const { id } = await pay({ payer: { payer: { mode: 'scan' } } });
    const waiting = await partner.untilStatus(id, 'requires_action');
    expect((waiting as unknown as { next_action: object }).next_action).toMatchObject({ type: 'scan_code' });
    expect(await executed(id)).toEqual({ qrpay: [], alipay: [] });
    await qrpay.call('POST', `${qrpay.controlUrl}/orders/${id}-collect/confirm`, {});
    expect((await untilOver(partner, id)).status).toBe('completed');
    expect(await executed(id)).toEqual({ qrpay: ['pay'], alipay: ['transfer'] });
  });

  it('that the payer cannot afford is declined: nothing was taken and nothing stays reserved', async () => {
    const { id } = await pay({ payer: payerCode('0051') });
    const payment = await untilOver(partner, id);
    expect([payment.status, payment.failure?.code]).toEqual(['declined', 'INSUFFICIENT_FUNDS']);
    expect(await executed(id)).toEqual({ qrpay: [], alipay: [] });
    await expectNothingReserved(gateway, id);
  });

  it('whose payee cannot be paid goes back to the payer', async () => {
    const { id } = await pay({ payee: CLOSED_PAYEE });
    const payment = await untilOver(partner, id);
    expect([payment.status, stateOf(payment)]).toEqual(['failed', 'REVERSED']);
    expect(await executed(id)).toEqual({ qrpay: ['pay', 'cancel'], alipay: [] });
    await expectNothingReserved(gateway, id);
    await expectBalanced(gateway);
  });

  it('whose answer is lost is found by enquiry and goes through once', async () => {
    const fault = { operation: 'order', behaviour: 'timeout_after_executing', times: 1 };
    await qrpay.call('POST', `${qrpay.controlUrl}/faults`, fault);
    const { id } = await pay();
    expect((await untilOver(partner, id)).status).toBe('completed');
    expect(await executed(id)).toEqual({ qrpay: ['pay'], alipay: ['transfer'] });
  });

  describe('is refused with NO_COMMON_CAPABILITY before any money step', () => {
    it('person to person: the wallet pays retailers only', async () => {
      const { status, body } = await quote('qrpay', 'alipay', 'person_to_person');
      expect([status, body.code, body.param]).toEqual([422, 'NO_COMMON_CAPABILITY', 'source_network']);
    });

    it.each([
      ['alipay', 'CNY'],
      ['applepay', 'USD'],
    ])('towards it from %s: nobody can be paid on it', async (source, currency) => {
      const { status, body } = await quote(source, 'qrpay', 'goods', currency);
      expect([status, body.code, body.param]).toEqual([422, 'NO_COMMON_CAPABILITY', 'target_network']);
    });

    it('and no instrument to be paid on it exists', async () => {
      const wish = { network: 'qrpay', use: 'be_paid', account: 'ada' };
      const { status, body } = await partner.post<Problem>('/v1/instruments', wish);
      expect([status, body.code, body.param]).toEqual([422, 'NO_COMMON_CAPABILITY', 'use']);
    });
  });
});
