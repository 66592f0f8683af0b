import { createHmac } from 'node:crypto';
import { NotificationReceiver } from './notification-receiver';
import { AcquirerMerchant, type Paid } from './official-acquirer-client';
import { eventually, newReference, RunningSimulator } from './running-simulator';

jest.setTimeout(180_000);

const DAY_MS = 86_400_000;

describe('disputes at the simulated acquirer, by its official client', () => {
  let simulator: RunningSimulator;
  let merchant: AcquirerMerchant;
  let receiver: NotificationReceiver;

  beforeAll(async () => {
    simulator = await RunningSimulator.start();
    merchant = await AcquirerMerchant.of(simulator);
    receiver = await NotificationReceiver.listen();
    await simulator.control('POST', '/acquirer/webhook', { url: receiver.url });
  });
  afterAll(async () => {
    await receiver.close();
    await simulator.stop();
  });
  afterEach(async () => {
    await simulator.control('DELETE', '/faults');
    await simulator.control('POST', '/clock', { offset_ms: 0 });
  });

  async function captured(wish: Record<string, unknown> = {}): Promise<{ payment: Paid; reference: string }> {
    const reference = newReference('hold');
    const payment = await merchant.hold(reference, wish);
    await merchant.client.payments.capture(payment.id, { amount: 10200, reference: newReference('capture') });
    return { payment, reference };
  }
  const raise = (id: string, more: Record<string, unknown> = {}): Promise<{ id: string; status: string }> =>
    simulator.control('POST', `/payments/${id}/dispute`, { category: 'product_service_not_received', ...more });
  const decide = (id: string, decision: string): Promise<unknown> =>
    simulator.control('POST', `/disputes/${id}/decide`, { decision });
  const moved = async (reference: string): Promise<string[]> =>
    (await simulator.movements(reference)).map(({ operation, sign }) => `${operation} ${sign}`);
  const told = (id: string): string[] =>
    receiver.about(id).map(({ body }) => (JSON.parse(body) as { type: string }).type);

  it('is raised on what was captured, listed by payment and reference, and the cardholder has the money', async () => {
    const { payment, reference } = await captured();
    const raised = await raise(reference, { reason_code: '13.1' });
    const { disputes } = merchant.client;
    const found = await disputes.getDetails(raised.id);
    expect(found).toMatchObject({ status: 'evidence_required', amount: 10200, reason_code: '13.1' });
    expect(Date.parse(found.evidence_required_by)).toBeGreaterThan(Date.now() + 19 * DAY_MS);
    for (const query of [{ payment_id: payment.id }, { payment_reference: reference }]) {
      expect((await disputes.get(query)).data.map(({ id }) => id)).toEqual([raised.id]);
    }
    expect(await moved(reference)).toEqual(['authorize 0', 'chargeback 1']);
    await eventually(async () => (told(raised.id).length >= 2 ? true : undefined));
    expect(told(raised.id).sort()).toEqual(['dispute_evidence_required', 'dispute_received']);
    const { headers, body } = receiver.about(raised.id)[0]!;
    expect(headers['cko-signature']).toBe(
      createHmac('sha256', merchant.secrets.webhook_secret).update(body).digest('hex'),
    );
    expect(JSON.parse(body)).toMatchObject({ data: { payment_reference: reference, payment_id: payment.id } });
  });

  it('takes evidence and its submission once, then the scheme decides; won gives the money back', async () => {
    const { reference } = await captured();
    const { id } = await raise(reference);
    const { disputes } = merchant.client;
    await expect(disputes.submit(id)).rejects.toMatchObject({ body: { error_codes: ['evidence_required'] } });
    const evidence = { proof_of_delivery_or_service_text: 'tracking EX-1' };
    await disputes.provideEvidence(id, evidence);
    await disputes.provideEvidence(id, evidence);
    expect(await disputes.getEvidence(id)).toEqual(evidence);
    await disputes.submit(id);
    expect(await disputes.getDetails(id)).toMatchObject({ status: 'evidence_under_review' });
    for (const refused of [disputes.submit(id), disputes.accept(id), disputes.provideEvidence(id, evidence)]) {
      await expect(refused).rejects.toMatchObject({ http_code: 403 });
    }
    await decide(id, 'won');
    expect(await disputes.getDetails(id)).toMatchObject({ status: 'won' });
    expect(await moved(reference)).toEqual(['authorize 0', 'chargeback 1', 'chargeback_reversal -1']);
    await expect(decide(id, 'lost')).rejects.toThrow();
  });

  it('is accepted, or expires when nobody answers in time; the cardholder keeps the money', async () => {
    const [accepted, ignored] = [await captured(), await captured()];
    const first = await raise(accepted.reference);
    await merchant.client.disputes.accept(first.id);
    expect(await merchant.client.disputes.getDetails(first.id)).toMatchObject({ status: 'accepted' });
    const second = await raise(ignored.reference, { due_in_days: 5 });
    await simulator.control('POST', '/clock', { offset_ms: 5 * DAY_MS + 1_000 });
    await eventually(async () =>
      (await merchant.client.disputes.getDetails(second.id)).status === 'expired' ? true : undefined,
    );
    expect(await moved(ignored.reference)).toEqual(['authorize 0', 'chargeback 1']);
  });

  it.each([
    { text: 'no such field' },
    { additional_evidence_text: 'x'.repeat(501) },
    { additional_evidence_text: '' },
    {},
  ])('refuses evidence that it does not know: %j', async (evidence) => {
    const { reference } = await captured();
    const { id } = await raise(reference);
    await expect(merchant.client.disputes.provideEvidence(id, evidence)).rejects.toMatchObject({ http_code: 422 });
  });

  it('is never raised over more than was taken, and of nothing that was not', async () => {
    const reference = newReference('hold');
    await merchant.hold(reference);
    await expect(raise(reference)).rejects.toThrow();
    const paid = await captured();
    await expect(raise(paid.reference, { amount: '10201' })).rejects.toThrow();
    await raise(paid.reference, { amount: '10000' });
    await expect(raise(paid.reference, { amount: '201' })).rejects.toThrow();
    await raise(paid.reference);
    const { data } = await merchant.client.disputes.get({ payment_id: paid.payment.id });
    expect(data.map(({ amount }) => amount).sort()).toEqual([10000, 200]);
  });
});
