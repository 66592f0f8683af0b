import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { bookings, expectBalanced, untilBookedAs } from './support/books';
import { Gateway, until } from './support/gateway';
import { casesOf } from './support/oversight';
import { executed, pay, paymentCode, stateOf, untilOver } from './support/payments';
import { auditOf, type AuditedAction } from './support/records';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(120_000);

/** A notification as its sender knows it. */
interface Sent {
  body: string;
  state: string;
}

/** Stories run on one machine. */
const SOMEBODY = expect.stringMatching(/127\.0\.0\.1$/) as string;
const randomId = (): string => randomBytes(13).toString('hex').toUpperCase();

describe('a notification', () => {
  const gateway = new Gateway();
  const send = (service: string, path: string, body: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${gateway.status.services[service]?.url}${path}`, { method: 'POST', body, headers });

  it.each([
    [
      'china-wallet',
      '/notifications/ams',
      'application/json',
      { signature: 'algorithm=RSA256,keyVersion=1,signature=AAAA', 'client-id': 'X', 'request-time': '1' },
    ],
    ['china-wallet', '/notifications/open-platform', 'application/x-www-form-urlencoded', {}],
    ['us-wallet', '/notifications/acquirer', 'application/json', { 'cko-signature': '00' }],
  ])('F18 to %s%s with a bad signature is refused with 401, changes nothing and leaks nothing', async (...story) => {
    const [service, path, type, headers] = story;
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const { id } = await pay(gateway, partner, 'us-to-china');
    const body = JSON.stringify({ paymentRequestId: `${id}-credit`, result: { resultStatus: 'F' } });
    const answer = await send(service, path, body, { 'content-type': type, ...headers });
    expect(answer.status).toBe(401);
    const text = await answer.text();
    expect(text).not.toMatch(/ at |stack|node_modules/);
    expect(text).not.toContain(id);
    const payment = await untilOver(partner, id);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
    // Both networks' books, ours, and what the partner was told are those of a payment that nobody disturbed.
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
    await untilBookedAs(gateway, id, ['hold_funded', 'credited', 'captured']);
    await expectBalanced(gateway);
    const told = await receiver.untilTold(id, 'completed');
    expect(told.map(({ event }) => event.type)).toEqual(['payment.processing', 'payment.completed']);
    expect(await auditedOf(body)).toMatchObject({ action: 'notification.refused', detail: { path, source: SOMEBODY } });
  });

  it('F19 about a payment that nobody knows is accepted, changes nothing and is audited', async () => {
    const reference = `pay_${randomId()}-collect`;
    await gateway.simulator.call('POST', `${gateway.simulator.controlUrl}/notifications`, {
      network: 'ams',
      reference,
      content: { notifyType: 'PAYMENT_RESULT', paymentRequestId: reference, result: { resultStatus: 'S' } },
    });
    const sent = await until('Alipay has its acknowledgement', async () => {
      const url = `${gateway.simulator.controlUrl}/notifications?reference=${reference}`;
      const { notifications } = await gateway.simulator.call<{
        notifications: { state: string; body: string }[];
      }>('GET', url);
      return notifications.find(({ state }) => state === 'acknowledged');
    });
    const audited = await auditedOf(sent.body);
    expect(audited).toMatchObject({
      action: 'notification.about_nothing_known',
      detail: { path: '/notifications', instruction: reference },
    });
    const instructions = await gateway.inDatabaseOf('china-wallet', (database) =>
      database.query('SELECT 1 FROM instruction WHERE instruction_id = $1', [reference]),
    );
    expect(instructions).toEqual([]);
    expect(await bookings(gateway, reference.replace('-collect', ''))).toEqual([]);
    const { body } = await gateway.asOperator(
      'support-1',
      'GET',
      `/ops/v1/cases?payment=${reference.replace('-collect', '')}`,
    );
    expect(body.data).toEqual([]);
    await expectBalanced(gateway);
  });

  /** What the audit keeps of a notification: never its content. */
  async function auditedOf(body: string): Promise<AuditedAction> {
    const hash = createHash('sha256').update(body).digest('hex');
    const found = await until('the notification is audited', async () =>
      (await auditOf(gateway, `ntf_${hash.slice(0, 32)}`)).at(0),
    );
    expect(found.detail.body_hash).toBe(hash);
    return found;
  }

  it('F19 of the acquirer about a payment, or of a type, that nobody knows is kept and acknowledged, and changes nothing', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china');
    expect((await untilOver(partner, id)).status).toBe('completed');
    const before = await executed(gateway, id);
    const stranger = `pay_${randomUUID()}-hold`;
    const kept = [
      {
        reference: stranger,
        content: { id: `evt_${randomUUID()}`, type: 'payment_declined', data: { reference: stranger } },
      },
      {
        reference: `${id}-hold`,
        content: {
          id: `evt_${randomUUID()}`,
          type: 'payment_teleported',
          data: { reference: `${id}-hold`, approved: false },
        },
      },
      { reference: stranger, content: {} },
    ];
    for (const { reference, content } of kept)
      await gateway.simulator.notify({ network: 'acquirer', reference, content });
    for (const { reference, content } of kept) {
      await until(`the notification about ${reference} is acknowledged`, async () => {
        const path = `${gateway.simulator.controlUrl}/notifications?reference=${reference}`;
        const { notifications } = await gateway.simulator.call<{ notifications: Sent[] }>('GET', path);
        return notifications.some(({ body, state }) => body === JSON.stringify(content) && state === 'acknowledged');
      });
    }
    const keys = kept.flatMap(({ content }) => ('id' in content ? [`id:${content.id}`] : []));
    const rows = await gateway.inDatabaseOf('us-wallet', (database) =>
      database.query('SELECT 1 FROM notification WHERE notification_key = ANY($1) AND accepted', [keys]),
    );
    expect(rows).toHaveLength(keys.length);
    expect((await partner.payment(id)).status).toBe('completed');
    expect(await executed(gateway, id)).toEqual(before);
    expect(await casesOf(gateway, id)).toEqual([]);
  });

  it('that comes twice changes nothing', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { token: { outcome: 'notify_twice' } });
    expect((await untilOver(partner, id)).status).toBe('completed');
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
  });

  it('that never comes is not needed: the enquiry finds out', async () => {
    const partner = await gateway.newPartner();
    const code = paymentCode('1005');
    await gateway.simulator.fault({
      network: 'ams',
      operation: 'pay',
      match: { account: code },
      behaviour: 'notify_never',
      times: 1,
    });
    const { id } = await pay(gateway, partner, 'china-to-us', { alipay: code });
    expect((await untilOver(partner, id, 90_000)).status).toBe('completed');
  });
});
