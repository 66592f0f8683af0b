import { randomUUID } from 'node:crypto';
import { bookings, expectBalanced, untilBookedAs } from './support/books';
import {
  auditOfDispute,
  balanceIn,
  disputed,
  linesOf,
  movedByDispute,
  paidByCard,
  untilDispute,
  untilDisputeBooked,
  untilToldOfDispute,
} from './support/disputes';
import { Gateway, until } from './support/gateway';
import { untilCase } from './support/oversight';
import type { DisputeView, Problem } from './support/partner-client';
import { executed, pay, stateOf, untilOver } from './support/payments';
import { topUp, untilRefundOver, type RefundView } from './support/refunds';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(240_000);

const PARTNER_BEARS = { disputes: { bearer: 'partner', clause: '7.2 goods not received' } } as const;
const EVIDENCE = { proof_of_delivery: 'Carrier Example, tracking EX-2026-11-28, signed for by the payee.' };
/** The payment of these stories: USD 100.00 and a fee of 2.00. */
const GROSS = '10200';

describe('a dispute of a payment by card', () => {
  const gateway = new Gateway();

  it('F27 a refund while a dispute is open is refused by the dispute’s name, and nothing leaves', async () => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const payment = await paidByCard(gateway, partner);
    await topUp(gateway, partner, '1000000', 'CNY');
    const atAcquirer = await disputed(gateway, payment.id, 'product_service_not_received');
    const dispute = await untilDispute(partner, payment.id, 'action_required');
    const asked = await partner.post<Problem>(`/v1/payments/${payment.id}/refunds`, {});
    expect([asked.status, asked.body.code, asked.body.param]).toEqual([409, 'DISPUTE_OPEN', 'id']);
    expect(asked.body.detail).toContain(dispute.id);
    expect((await partner.get<{ data: unknown[] }>(`/v1/payments/${payment.id}/refunds`)).body.data).toEqual([]);
    const opened = await untilDisputeBooked(gateway, payment.id, ['dispute_opened']);
    expect((await bookings(gateway, payment.id)).filter(({ code }) => code.startsWith('refund_'))).toEqual([]);
    expect(balanceIn('1300', opened)).toBe(GROSS);
    expect(await movedByDispute(gateway, payment.id)).toEqual([`chargeback ${GROSS} 1`]);
    await untilToldOfDispute(receiver, payment.id, ['dispute.opened']);

    await gateway.simulator.decide(atAcquirer, 'lost');
    await untilDispute(partner, payment.id, 'lost');
    const twice = await partner.post<Problem>(`/v1/payments/${payment.id}/refunds`, {});
    expect([twice.status, twice.body.code]).toEqual([409, 'DISPUTE_LOST']);
    await untilToldOfDispute(receiver, payment.id, ['dispute.opened', 'dispute.lost']);
    await expectBalanced(gateway);
    expect((await auditOfDispute(gateway, payment.id, 'lost')).map(({ action }) => action)).toEqual([
      'payment.dispute_opened',
      'payment.dispute_lost',
    ]);
    expect(stateOf(await partner.payment(payment.id))).toBe('COMPLETED');
    expect(await untilCase(gateway, payment.id, 'dispute_opened')).toMatchObject({ owner: 'settlement' });
  });

  it('F28 after a full refund: represented at once with the refund’s references, and won', async () => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const payment = await paidByCard(gateway, partner);
    await topUp(gateway, partner, '1000000', 'CNY');
    const { body: asked } = await partner.post<RefundView>(`/v1/payments/${payment.id}/refunds`, {});
    expect((await untilRefundOver(partner, asked.id)).status).toBe('completed');
    const atAcquirer = await disputed(gateway, payment.id, 'credit_not_issued');
    const dispute = await untilDispute(partner, payment.id, 'under_review');
    expect(dispute.answer).toMatchObject({ type: 'evidence', by: 'gateway' });
    expect(dispute.answer?.evidence?.additional).toContain(`${asked.id}-refund`);

    await gateway.simulator.decide(atAcquirer, 'won');
    await untilDispute(partner, payment.id, 'won');
    const [opened, won] = await untilDisputeBooked(gateway, payment.id, ['dispute_opened', 'dispute_won']);
    expect(linesOf(opened!)).toEqual(['1300 10200 0', '1100 0 10200', '5000 1500 0', '1100 0 1500']);
    expect(linesOf(won!)).toEqual(['1100 10200 0', '1300 0 10200']);
    expect(await movedByDispute(gateway, payment.id)).toEqual([
      `chargeback ${GROSS} 1`,
      `chargeback_reversal ${GROSS} -1`,
    ]);
    await untilToldOfDispute(receiver, payment.id, ['dispute.opened', 'dispute.under_review', 'dispute.won']);
    await expectBalanced(gateway);
    expect(stateOf(await partner.payment(payment.id))).toBe('COMPLETED');
    const given = (await auditOfDispute(gateway, payment.id, 'won')).find(({ action }) =>
      action.endsWith('evidence_given'),
    );
    expect(given?.detail).toMatchObject({ answered_by: 'gateway' });
    expect(given?.detail['evidence']).toContain(`${asked.id}-refund`);
  });

  it('F29 fraud, the cardholder authenticated: represented with indicator and cryptogram, the issuer bears it', async () => {
    const partner = await gateway.newPartner(PARTNER_BEARS);
    const receiver = await WebhookReceiver.open(gateway, partner);
    const payment = await paidByCard(gateway, partner, { token: { scheme: 'amex' } });
    const atAcquirer = await disputed(gateway, payment.id, 'fraudulent', { reason_code: 'F29' });
    const dispute = await untilDispute(partner, payment.id, 'under_review');
    expect(dispute.answer).toMatchObject({ type: 'evidence', by: 'gateway' });
    expect(dispute.answer?.evidence?.additional).toMatch(/amex.*indicator 05.*cryptogram present/);

    await gateway.simulator.decide(atAcquirer, 'won');
    await untilDispute(partner, payment.id, 'won');
    const booked = await untilDisputeBooked(gateway, payment.id, ['dispute_opened', 'dispute_won']);
    expect(balanceIn('1300', booked)).toBe('0');
    expect(balanceIn('2100', booked)).toBe('0');
    expect(await movedByDispute(gateway, payment.id)).toEqual([
      `chargeback ${GROSS} 1`,
      `chargeback_reversal ${GROSS} -1`,
    ]);
    await untilToldOfDispute(receiver, payment.id, ['dispute.opened', 'dispute.under_review', 'dispute.won']);
    await expectBalanced(gateway);
    expect(stateOf(await partner.payment(payment.id))).toBe('COMPLETED');
    const audit = await auditOfDispute(gateway, payment.id, 'won');
    expect(audit[0]?.detail).toMatchObject({ eci: '05', cryptogram: 'present' });
  });

  it('F29 fraud under an indicator that proves nothing waits for the partner', async () => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const payment = await paidByCard(gateway, partner);
    await disputed(gateway, payment.id, 'fraudulent');
    const dispute = await untilDispute(partner, payment.id, 'action_required');
    expect([dispute.answer, dispute.actions]).toEqual([null, ['evidence', 'accept']]);
    expect(Date.parse(dispute.evidence_due_by ?? '')).toBeGreaterThan(Date.now());
    const booked = await untilDisputeBooked(gateway, payment.id, ['dispute_opened']);
    expect(balanceIn('1300', booked)).toBe(GROSS);
    expect(await movedByDispute(gateway, payment.id)).toEqual([`chargeback ${GROSS} 1`]);
    await untilToldOfDispute(receiver, payment.id, ['dispute.opened']);
    const [opened] = await auditOfDispute(gateway, payment.id, 'opened');
    expect(opened?.detail['eci']).not.toBe('05');
    expect(stateOf(await partner.payment(payment.id))).toBe('COMPLETED');
  });

  it.each([
    ['the partner', PARTNER_BEARS, '2100', '7.2 goods not received'],
    ['the gateway', {}, '5100', 'none'],
  ] as const)('F30 goods not received and lost, %s bears it: the CNY stays', async (_, contract, account, clause) => {
    const partner = await gateway.newPartner(contract);
    const receiver = await WebhookReceiver.open(gateway, partner);
    const payment = await paidByCard(gateway, partner);
    const atAcquirer = await disputed(gateway, payment.id, 'product_service_not_received', { reason_code: '13.1' });
    const open = await untilDispute(partner, payment.id, 'action_required');
    const given = await partner.post<DisputeView>(`/v1/disputes/${open.id}/evidence`, EVIDENCE);
    expect([given.status, given.body.status]).toEqual([202, 'processing']);
    expect((await untilDispute(partner, payment.id, 'under_review')).answer).toMatchObject({ by: 'partner' });

    await gateway.simulator.decide(atAcquirer, 'lost');
    const lost = await untilDispute(partner, payment.id, 'lost');
    const bearer = account === '2100' ? 'partner' : 'gateway';
    expect([lost.liability, lost.clause, lost.recovery]).toEqual([
      bearer,
      clause,
      bearer === 'partner' ? 'netted' : undefined,
    ]);
    const booked = await untilDisputeBooked(gateway, payment.id, ['dispute_opened', 'dispute_lost']);
    expect(linesOf(booked[1]!)).toEqual([`${account} 10200 0`, '1300 0 10200']);
    expect(booked.flatMap(({ lines }) => lines).every(({ currency }) => currency === 'USD')).toBe(true);
    await untilBookedAs(gateway, payment.id, ['hold_funded', 'credited', 'captured', 'dispute_opened', 'dispute_lost']);
    expect(await executed(gateway, payment.id)).toMatchObject({ capture: 1, transfer: 1, chargeback: 1 });
    await untilToldOfDispute(receiver, payment.id, [
      'dispute.opened',
      'dispute.processing',
      'dispute.under_review',
      'dispute.lost',
    ]);
    await expectBalanced(gateway);
    const after = await partner.payment(payment.id);
    expect([stateOf(after), after.status, after.disputes?.[0]?.status]).toEqual(['COMPLETED', 'completed', 'lost']);
    const audit = await auditOfDispute(gateway, payment.id, 'lost');
    expect(audit.at(-1)).toMatchObject({ action: 'payment.dispute_lost', detail: { liability: bearer, clause } });
  });

  it('that is accepted is lost by the network’s word; a card pull is disputed like a purchase', async () => {
    const partner = await gateway.newPartner(PARTNER_BEARS);
    const receiver = await WebhookReceiver.open(gateway, partner);
    const { id } = await pay(gateway, partner, 'us-to-china', { purpose: 'person_to_person' });
    expect(stateOf(await untilOver(partner, id))).toBe('COMPLETED');
    await disputed(gateway, id, 'general', {}, 'collect');
    const open = await untilDispute(partner, id, 'action_required');
    const accepted = await partner.post<DisputeView>(`/v1/disputes/${open.id}/accept`, {});
    expect([accepted.status, accepted.body.answer?.type]).toEqual([202, 'accept']);
    await untilDispute(partner, id, 'lost');
    const booked = await untilDisputeBooked(gateway, id, ['dispute_opened', 'dispute_lost']);
    expect(balanceIn('1300', booked)).toBe('0');
    await expectBalanced(gateway);
    await until('its end is told', async () =>
      (await receiver.received(id)).some(({ event }) => event.type === 'dispute.lost'),
    );
  });

  it('whose time to answer has passed is lost by the network’s word', async () => {
    const partner = await gateway.newPartner();
    const payment = await paidByCard(gateway, partner);
    await disputed(gateway, payment.id, 'not_as_described', { due_in_days: 0 });
    const lost = await untilDispute(partner, payment.id, 'lost');
    await untilDisputeBooked(gateway, payment.id, ['dispute_opened', 'dispute_lost']);
    const late = await partner.post<Problem>(`/v1/disputes/${lost.id}/evidence`, EVIDENCE);
    expect([late.status, late.body.code]).toEqual([409, 'DISPUTE_NOT_ACTIONABLE']);
  });

  it('told twice by the network is one dispute, one booking and one message', async () => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const payment = await paidByCard(gateway, partner, { token: { outcome: 'notify_twice' } });
    const atAcquirer = await disputed(gateway, payment.id, 'duplicate');
    const dispute = await untilDispute(partner, payment.id, 'action_required');
    await gateway.simulator.decide(atAcquirer, 'canceled');
    await untilDispute(partner, payment.id, 'won');
    await untilDisputeBooked(gateway, payment.id, ['dispute_opened', 'dispute_won']);
    const { body } = await partner.get<{ data: DisputeView[] }>(`/v1/disputes?payment=${payment.id}`);
    expect(body.data.map(({ id, status }) => [id, status])).toEqual([[dispute.id, 'won']]);
    await untilToldOfDispute(receiver, payment.id, ['dispute.opened', 'dispute.won']);
  });

  // Amounts of their own: the fault finds the dispute by what it is about.
  it.each(['timeout_after_executing', 'close_connection', 'timeout_without_executing'])(
    'whose evidence has lost its answer (%s) is represented once',
    async (behaviour) => {
      const partner = await gateway.newPartner();
      const payment = await paidByCard(gateway, partner);
      await disputed(gateway, payment.id, 'product_service_not_received');
      const open = await untilDispute(partner, payment.id, 'action_required');
      const rule = { network: 'acquirer', operation: 'evidence_submit', behaviour };
      await gateway.simulator.fault({ ...rule, match: { reference: `${payment.id}-hold` } });
      const key = randomUUID();
      const first = await partner.post(`/v1/disputes/${open.id}/evidence`, EVIDENCE, key);
      const again = await partner.post(`/v1/disputes/${open.id}/evidence`, EVIDENCE, key);
      expect([first.status, again.status, again.body]).toEqual([202, 202, first.body]);
      const answered = await untilDispute(partner, payment.id, 'under_review');
      expect(answered.history.filter(({ fact }) => fact === 'dispute_evidence_given')).toHaveLength(1);
      const second = await partner.post<Problem>(`/v1/disputes/${open.id}/accept`, {});
      expect([second.status, second.body.code]).toEqual([409, 'DISPUTE_NOT_ACTIONABLE']);
    },
  );

  it('takes no evidence that is empty, too long, unknown or holds card data, and is nobody else’s', async () => {
    const partner = await gateway.newPartner();
    const stranger = await gateway.newPartner();
    const payment = await paidByCard(gateway, partner);
    await disputed(gateway, payment.id, 'unrecognized');
    const open = await untilDispute(partner, payment.id, 'action_required');
    const bodies: [object, string, string][] = [
      [{}, 'EVIDENCE_EMPTY', 'body'],
      [{ additional: 'x'.repeat(501) }, 'FIELD_INVALID', 'additional'],
      [{ additional: ['a list'] }, 'FIELD_INVALID', 'additional'],
      [{ additional: 'a\u0000b' }, 'FIELD_INVALID', 'additional'],
      [{ additional: 'the card 4242 4242 4242 4242' }, 'CARD_DATA_REFUSED', 'additional'],
      [{ files: ['file_1'] }, 'FIELD_UNKNOWN', 'files'],
    ];
    for (const [body, code, param] of bodies) {
      const refused = await partner.post<Problem>(`/v1/disputes/${open.id}/evidence`, body);
      expect([refused.status, refused.body.code, refused.body.param]).toEqual([422, code, param]);
    }
    for (const path of [`/v1/disputes/${open.id}`, '/v1/disputes/dsp_01K0EXAMPLE0000000000000000']) {
      const unknown = await stranger.get<Problem>(path);
      expect([unknown.status, unknown.body.code]).toEqual([404, 'DISPUTE_NOT_FOUND']);
    }
    expect((await stranger.post(`/v1/disputes/${open.id}/accept`, {})).status).toBe(404);
    const status = await partner.get<Problem>('/v1/disputes?status=over');
    expect([status.status, status.body.param]).toEqual([422, 'status']);
    expect((await untilDispute(partner, payment.id, 'action_required')).history).toHaveLength(1);
  });
});
