import { bookings, expectBalanced } from './support/books';
import { Gateway, until } from './support/gateway';
import type { Answer, PartnerClient, Problem } from './support/partner-client';
import { executed, pay, prepare, stateOf, untilOver, type PaymentWish } from './support/payments';
import { auditOf } from './support/records';
import { topUp, untilRefundOver, type RefundView } from './support/refunds';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(180_000);

interface Decision {
  id: string;
  state: string;
  code?: string;
}
interface Owed {
  refund: string;
  owner: string;
  since: string;
  age_s: number;
  account: string;
  amount: { amount: string; currency: string };
  decision: string | null;
}
const REASON = 'The card is closed; the payer has named another one.';

describe('a refund that the payer’s network refuses for good', () => {
  const gateway = new Gateway();

  async function owed(): Promise<{ partner: PartnerClient; payment: string; refund: RefundView }> {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { token: { outcome: 'refund_declined' } });
    expect((await untilOver(partner, id)).status).toBe('completed');
    await topUp(gateway, partner, '1000000', 'CNY');
    const asked = await partner.post<RefundView>(`/v1/payments/${id}/refunds`, {});
    const refund = await untilRefundOver(partner, asked.body.id);
    expect([refund.status, refund.history.at(-1)?.state]).toEqual(['failed', 'OWED']);
    return { partner, payment: id, refund };
  }
  const person = (id: string, path: string, body: object = {}): Promise<Answer<Decision & Problem>> =>
    gateway.asOperator(id, 'POST', path, body) as unknown as Promise<Answer<Decision & Problem>>;
  /** Everything that is owed, page by page. */
  async function queue(): Promise<Owed[]> {
    const all: Owed[] = [];
    for (let more = true; more;) {
      const after = all.length === 0 ? '' : `?after=${all.at(-1)?.refund}`;
      const { body } = await gateway.asOperator('settlement-1', 'GET', `/ops/v1/owed_refunds${after}`);
      all.push(...(body.data as Owed[]));
      more = body.has_more === true;
    }
    return all;
  }
  const untilBooked = (payment: string, code: string): Promise<unknown> =>
    until(`${payment} has ${code}`, async () => (await bookings(gateway, payment)).some((one) => one.code === code));
  /** Another card of the payer, registered for being paid; `wish` is about its token. */
  async function otherCard(partner: PartnerClient, wish: PaymentWish = {}): Promise<string> {
    return (await prepare(gateway, partner, 'china-to-us', wish)).request.target_instrument as string;
  }

  it('is listed with amount, owner and age, for settlement alone', async () => {
    const { refund } = await owed();
    const mine = (await queue()).find((one) => one.refund === refund.id);
    expect(mine).toMatchObject({ owner: 'settlement', account: '2150', amount: refund.source_amount, decision: null });
    expect(mine?.age_s).toBeGreaterThanOrEqual(0);
    expect((await gateway.asOperator('compliance-1', 'GET', '/ops/v1/owed_refunds')).status).toBe(403);
  });

  it('goes to another instrument of the payer once a second person approves it, and the partner is told', async () => {
    const { partner, payment, refund } = await owed();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const path = `/ops/v1/owed_refunds/${refund.id}/decisions`;
    const instrument = await otherCard(partner);
    const asked = await person('settlement-1', path, { way: 'other_instrument', instrument, reason: REASON });
    expect([asked.status, asked.body.state]).toEqual([201, 'requested']);
    const twice = await person('settlement-1', path, { way: 'other_instrument', instrument, reason: REASON });
    expect([twice.status, twice.body.code]).toEqual([409, 'ASKED_BEFORE']);
    const alone = await person('settlement-1', `/ops/v1/refund_decisions/${asked.body.id}/approve`);
    expect([alone.status, alone.body.code]).toEqual([409, 'SECOND_PERSON_NEEDED']);
    expect(await executed(gateway, refund.id)).toEqual({});
    const approved = await person('settlement-2', `/ops/v1/refund_decisions/${asked.body.id}/approve`);
    expect([approved.status, approved.body.state]).toEqual([200, 'approved']);

    const done = await untilRefundOver(partner, refund.id);
    expect([done.status, done.history.at(-1)?.state]).toEqual(['completed', 'COMPLETED']);
    const [movement, ...more] = await gateway.simulator.movements(refund.id);
    expect([movement?.operation, movement?.amount, movement?.reference, more.length]).toEqual([
      'payout',
      refund.source_amount.amount,
      `${refund.id}-other1`,
      0,
    ]);
    await untilBooked(payment, 'refund_sent_elsewhere');
    await expectBalanced(gateway);
    expect(stateOf(await partner.payment(payment))).toBe('COMPLETED');
    const told = async (): Promise<string[]> =>
      (await receiver.received(payment)).map(({ event }) => event.type).filter((type) => type.startsWith('refund.'));
    await until('the partner has been told', async () => (await told()).includes('refund.completed'));
    const audited = async (): Promise<string[]> =>
      (await auditOf(gateway, payment)).map(({ action, actor }) => `${action} ${actor}`);
    for (const action of [
      'refund.decision_requested operator:settlement-1',
      'refund.decision_approved operator:settlement-2',
      'payment.refund_other_instrument_approved operator:settlement-2',
    ])
      await until(`${action} is audited`, async () => (await audited()).includes(action));
    expect((await queue()).some((one) => one.refund === refund.id)).toBe(false);
  });

  it('that the other instrument refuses, too, is owed again, and another one can be tried', async () => {
    const { partner, refund } = await owed();
    const send = async (instrument: string): Promise<void> => {
      const path = `/ops/v1/owed_refunds/${refund.id}/decisions`;
      const { body } = await person('settlement-1', path, { way: 'other_instrument', instrument, reason: REASON });
      await person('settlement-2', `/ops/v1/refund_decisions/${body.id}/approve`);
    };
    await send(await otherCard(partner, { token: { outcome: 'payout_declined' } }));
    await until('it is owed again', async () => {
      const { body } = await partner.get<RefundView>(`/v1/refunds/${refund.id}`);
      return body.history.filter(({ state }) => state === 'OWED').length === 2;
    });
    await send(await otherCard(partner));
    await until(
      'it is completed',
      async () => (await partner.get<RefundView>(`/v1/refunds/${refund.id}`)).body.status === 'completed',
    );
    expect(Object.values(await executed(gateway, refund.id))).toEqual([1]);
    await expectBalanced(gateway);
  });

  it('that people have paid from the bank account is over once a second person approves it', async () => {
    const { partner, payment, refund } = await owed();
    const path = `/ops/v1/owed_refunds/${refund.id}/decisions`;
    const transfer = {
      way: 'bank_transfer',
      bank_reference: `STMT-${refund.id}`,
      reason: 'Paid by bank transfer today.',
    };
    const asked = await person('settlement-1', path, transfer);
    expect((await person('settlement-2', `/ops/v1/refund_decisions/${asked.body.id}/approve`)).status).toBe(200);
    const done = await untilRefundOver(partner, refund.id);
    expect([done.status, done.history.at(-1)?.state]).toEqual(['completed', 'PAID_BY_HAND']);
    await untilBooked(payment, 'refund_paid_by_hand');
    expect(await executed(gateway, refund.id)).toEqual({});
    await expectBalanced(gateway);
    const late = await person('settlement-1', path, { ...transfer, bank_reference: 'STMT-other' });
    expect([late.status, late.body.code]).toEqual([409, 'REFUND_NOT_OWED']);
  });

  it('stays owed where the second person rejects, and names what is wrong with a request', async () => {
    const { partner, refund } = await owed();
    const path = `/ops/v1/owed_refunds/${refund.id}/decisions`;
    const alipay = (await prepare(gateway, partner, 'us-to-china')).request.target_instrument;
    const wrong = await person('settlement-1', path, { way: 'other_instrument', instrument: alipay, reason: REASON });
    expect([wrong.status, wrong.body.code, wrong.body.param]).toEqual([422, 'INSTRUMENT_WRONG_NETWORK', 'instrument']);
    const none = await person('settlement-1', path, { way: 'bank_transfer', reason: REASON });
    expect([none.status, none.body.code, none.body.param]).toEqual([422, 'FIELD_MISSING', 'bank_reference']);
    const asked = await person('settlement-1', path, {
      way: 'bank_transfer',
      bank_reference: `R-${refund.id}`,
      reason: REASON,
    });
    const rejected = await person('settlement-2', `/ops/v1/refund_decisions/${asked.body.id}/reject`);
    expect(rejected.body.state).toBe('rejected');
    expect((await queue()).find((one) => one.refund === refund.id)?.decision).toBeNull();
  });

  it('is not made by people while the network takes it', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china');
    await untilOver(partner, id);
    const asked = await person('settlement-1', `/ops/v1/payments/${id}/late_refunds`, { reason: REASON });
    const approved = await person('settlement-2', `/ops/v1/refund_decisions/${asked.body.id}/approve`);
    expect([approved.status, approved.body.code]).toEqual([409, 'REFUND_WINDOW_OPEN']);
  });
});
