import { randomUUID } from 'node:crypto';
import { bookings, expectBalanced } from './support/books';
import { disputed, paidByCard } from './support/disputes';
import { Gateway, until } from './support/gateway';
import { casesOf, untilAudited, untilCase } from './support/oversight';
import type { PartnerClient } from './support/partner-client';
import { executed } from './support/payments';
import { topUp, untilRefundOver, type RefundView } from './support/refunds';
import { giveBack, untilReturn } from './support/returns';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(180_000);

describe('what is said against the end of a refund', () => {
  const gateway = new Gateway();

  async function refunded(partner: PartnerClient, outcome: string): Promise<{ payment: string; refund: RefundView }> {
    const { id: payment } = await paidByCard(gateway, partner, { token: { outcome } });
    await topUp(gateway, partner, '1000000', 'CNY');
    const { body } = await partner.post<RefundView>(`/v1/payments/${payment}/refunds`, {});
    return { payment, refund: await untilRefundOver(partner, body.id) };
  }

  /** The acquirer's word about our refund, signed as it signs, out of nowhere. */
  async function says(type: string, payment: string, refund: string): Promise<void> {
    const data = { id: 'pay_x', reference: `${payment}-hold`, action_reference: `${refund}-refund` };
    const content = { id: `evt_${randomUUID()}`, type, data };
    await gateway.simulator.notify({ network: 'acquirer', reference: `${refund}-refund`, content });
  }

  it.each([
    ['approve', 'completed', 'payment_refund_declined', { refund: 1 }, ['refund_funded', 'refund_sent']],
    ['refund_declined', 'failed', 'payment_refunded', {}, ['refund_funded']],
  ] as const)(
    'F17 of a refund (%s): it stays %s when the acquirer notifies %s, and both words go to a person',
    async (outcome, status, type, moved, booked) => {
      const partner = await gateway.newPartner();
      const receiver = await WebhookReceiver.open(gateway, partner);
      const { payment, refund } = await refunded(partner, outcome);
      expect(refund.status).toBe(status);
      const told = async (): Promise<string[]> =>
        (await receiver.received(payment)).map(({ event }) => event.type).filter((one) => one.startsWith('refund.'));
      await until('the partner is told of the end', async () => (await told()).includes(`refund.${status}`));

      await says(type, payment, refund.id);
      const found = await untilCase(gateway, payment, 'refund_contradiction');
      expect(found).toMatchObject({
        state: status === 'completed' ? 'COMPLETED' : 'OWED',
        owner: 'settlement',
        instruction_id: `${refund.id}-refund`,
        detail: { refund: refund.id },
      });
      expect(String(found.detail.later)).toContain(type);
      await says(type, payment, refund.id);
      await untilAudited(
        gateway,
        payment,
        `wallet.refund.${status === 'completed' ? 'processed' : 'declined'}`,
        (one) => String(one['said_later']).includes(type),
      );

      expect((await untilRefundOver(partner, refund.id)).status).toBe(status);
      expect(await executed(gateway, refund.id)).toEqual(moved);
      const codes = (await bookings(gateway, payment)).map(({ code }) => code).filter((code) => /^refund_/.test(code));
      expect(codes).toEqual(booked);
      expect(await told()).toEqual(['refund.processing', `refund.${status}`]);
      const kinds = (await casesOf(gateway, payment)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'refund_contradiction')).toHaveLength(1);
      await expectBalanced(gateway);
    },
  );

  it('F17 of a returned credit’s correction: it stays corrected, and both words go to a person', async () => {
    const partner = await gateway.newPartner();
    const { id } = await paidByCard(gateway, partner);
    await giveBack(gateway, 'us-to-china', id);
    const returned = await untilReturn(partner, id);
    const account = { identity: 'other@example.com', identity_type: 'ALIPAY_LOGON_ID', name: 'Bo Example' };
    const other = await partner.create('/v1/instruments', { network: 'alipay', use: 'be_paid', account });
    await partner.post(`/v1/returns/${returned.id}/correct`, { target_instrument: other.id });
    await untilReturn(partner, id, 'completed');
    const credit = `${returned.id}-credit`;
    const order = { out_biz_no: credit, status: 'FAIL', action_type: 'FINISH', error_code: 'PAYEE_NOT_EXIST' };
    const content = { notify_id: `ntf_${randomUUID()}`, biz_content: JSON.stringify(order) };
    await gateway.simulator.notify({ network: 'open_platform', reference: credit, content });
    const found = await untilCase(gateway, id, 'return_contradiction');
    expect(found).toMatchObject({ state: 'CORRECTED', owner: 'settlement', instruction_id: credit });
    expect(String(found.detail.later)).toContain('FAIL');
    expect((await untilReturn(partner, id, 'completed')).id).toBe(returned.id);
    expect(await executed(gateway, returned.id)).toEqual({ transfer: 1 });
    await expectBalanced(gateway);
  });

  it('F27 a refund whose money is still asked for when the dispute opens is refused, and nothing leaves', async () => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const { id: payment } = await paidByCard(gateway, partner);
    await topUp(gateway, partner, '1000000', 'CNY');
    // Settlement cannot decide about the balance until the dispute is known.
    const refund = await gateway.inDatabaseOf('fx-settlement', (database) =>
      database.transaction(async (tx) => {
        await tx.query('SELECT 1 FROM spending_limit WHERE kind = $1 AND subject = $2 FOR UPDATE', [
          'partner_balance',
          partner.partnerId,
        ]);
        const { body } = await partner.post<RefundView>(`/v1/payments/${payment}/refunds`, {});
        await disputed(gateway, payment, 'product_service_not_received');
        // The session is let go where it says nothing for five seconds.
        await until('the dispute is known', async () => {
          await tx.query('SELECT 1');
          return ((await partner.payment(payment)).disputes ?? []).length > 0;
        });
        return body;
      }),
    );
    const over = await untilRefundOver(partner, refund.id);
    expect([over.status, over.failure?.code]).toEqual(['refused', 'DISPUTE_OPEN']);
    expect(over.history.map(({ state }) => state)).toEqual(['FUNDING', 'UNFUNDING', 'REFUSED']);
    expect(await executed(gateway, refund.id)).toEqual({});
    const codes = (await bookings(gateway, payment)).map(({ code }) => code);
    expect(codes.filter((code) => code.startsWith('refund_'))).toEqual([]);
    const told = async (): Promise<string[]> =>
      (await receiver.received(payment)).map(({ event }) => event.type).filter((one) => one.startsWith('refund.'));
    await until('the partner is told', async () => (await told()).length >= 2);
    expect(await told()).toEqual(['refund.processing', 'refund.refused']);
    expect((await casesOf(gateway, payment)).map(({ kind }) => kind)).not.toContain('refund_and_dispute');
    await untilAudited(gateway, payment, 'payment.refund_funding_released');
    // The balance is whole again: another payment's refund has it.
    const { reservations } = await gateway.internal<{ reservations: { instruction_id: string }[] }>(
      'fx-settlement',
      '/internal/v1/reservations?state=open',
    );
    expect(reservations.filter(({ instruction_id }) => instruction_id.startsWith(refund.id))).toEqual([]);
    await expectBalanced(gateway);
  });
});
