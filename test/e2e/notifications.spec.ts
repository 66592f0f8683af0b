import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { bookings, expectBalanced } from './support/books';
import { completed, SOURCE_OF } from './support/endings';
import { Gateway, until } from './support/gateway';
import { casesOf } from './support/oversight';
import { executed, paymentCode } from './support/payments';
import { auditOf, type AuditedAction } from './support/records';
import { Story } from './support/story';

jest.setTimeout(240_000);

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

  const FORGED_ALIPAY = {
    signature: 'algorithm=RSA256,keyVersion=1,signature=AAAA',
    'client-id': 'X',
    'request-time': '1',
  };
  const JSON_TYPE = 'application/json';
  const FORGED_CARD = { 'cko-signature': '00' };

  it.each([
    ['/notifications/ams', 'china-to-us', 'collect', 'china-wallet', JSON_TYPE, FORGED_ALIPAY],
    ['/notifications/open-platform', 'us-to-china', 'credit', 'china-wallet', 'application/x-www-form-urlencoded', {}],
    ['/notifications/acquirer', 'us-to-china', 'hold', 'us-wallet', JSON_TYPE, FORGED_CARD],
    ['/notifications/acquirer', 'china-to-us', 'credit', 'us-wallet', JSON_TYPE, FORGED_CARD],
  ] as const)(
    'F18 to %s about a payment %s (%s) with a bad signature is refused with 401, changes nothing and leaks nothing',
    async (path, direction, leg, service, type, headers) => {
      const story = await Story.begin(gateway);
      const { id } = await story.pay(direction);
      const body = JSON.stringify({ paymentRequestId: `${id}-${leg}`, result: { resultStatus: 'F' } });
      const answer = await send(service, path, body, { 'content-type': type, ...headers });
      expect(answer.status).toBe(401);
      const text = await answer.text();
      expect(text).not.toMatch(/ at |stack|node_modules/);
      expect(text).not.toContain(id);
      // Both networks' books, ours, and what the partner was told are those of a payment that nobody disturbed.
      await story.ends(id, completed(SOURCE_OF[direction]));
      const detail = { path, source: SOMEBODY };
      expect(await auditedOf(body)).toMatchObject({ action: 'notification.refused', detail });
    },
  );

  it.each([
    [
      'Alipay, of a collection',
      'ams',
      'china-wallet',
      (id: string) => ({
        content: { notifyType: 'PAYMENT_RESULT', paymentRequestId: `${id}-collect`, result: { resultStatus: 'S' } },
        reference: `${id}-collect`,
      }),
    ],
    [
      'Alipay, of a transfer',
      'open_platform',
      'china-wallet',
      (id: string) => ({
        content: {
          notify_id: `ntf_${randomUUID()}`,
          biz_content: JSON.stringify({ out_biz_no: `${id}-credit`, status: 'SUCCESS', action_type: 'FINISH' }),
        },
        reference: `${id}-credit`,
      }),
    ],
    [
      'the acquirer, of a hold',
      'acquirer',
      'us-wallet',
      (id: string) => ({
        content: {
          id: `evt_${randomUUID()}`,
          type: 'payment_approved',
          data: { reference: `${id}-hold`, approved: true },
        },
        reference: `${id}-hold`,
      }),
    ],
  ])(
    'F19 of %s about a payment that nobody knows is accepted, changes nothing and is audited',
    async (_who, network, service, about) => {
      const id = `pay_${randomId()}`;
      const { reference, content } = about(id);
      await gateway.simulator.notify({ network, reference, content });
      await until('the network has its acknowledgement', async () => (await sentAbout(reference)).length > 0);
      const audited = await until('the notification is audited', () => auditedAbout(reference));
      expect(audited.detail.body_hash).toMatch(/^[0-9a-f]{64}$/);
      const instructions = await gateway.inDatabaseOf(service, (database) =>
        database.query('SELECT 1 FROM instruction WHERE instruction_id = $1', [reference]),
      );
      expect(instructions).toEqual([]);
      expect(await executed(gateway, id)).toEqual({});
      expect(await bookings(gateway, id)).toEqual([]);
      expect(await casesOf(gateway, id)).toEqual([]);
      await expectBalanced(gateway);
    },
  );

  /** Notifications about this request that their receiver has acknowledged. */
  async function sentAbout(reference: string): Promise<Sent[]> {
    const url = `${gateway.simulator.controlUrl}/notifications?reference=${reference}`;
    const { notifications } = await gateway.simulator.call<{ notifications: Sent[] }>('GET', url);
    return notifications.filter(({ state }) => state === 'acknowledged');
  }

  /** What the audit keeps of a notification about something that we do not know: named by what it says it is about. */
  async function auditedAbout(reference: string): Promise<AuditedAction | undefined> {
    const rows = await gateway.inDatabaseOf('compliance', (database) =>
      database.query<{ subject: string }>(
        `SELECT subject_id AS subject FROM audit_log, jsonb_array_elements(record) AS a
         WHERE a ->> 'action' = 'notification.about_nothing_known' AND a -> 'detail' ->> 'instruction' = $1`,
        [reference],
      ),
    );
    return rows[0] && (await auditOf(gateway, rows[0].subject)).at(0);
  }

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
    const story = await Story.begin(gateway);
    const { id } = await story.pay('us-to-china');
    await story.ends(id, completed('card hold'));
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
      await until(`the notification about ${reference} is acknowledged`, async () =>
        (await sentAbout(reference)).some(({ body }) => body === JSON.stringify(content)),
      );
    }
    const keys = kept.flatMap(({ content }) => ('id' in content ? [`id:${content.id}`] : []));
    const rows = await gateway.inDatabaseOf('us-wallet', (database) =>
      database.query('SELECT 1 FROM notification WHERE notification_key = ANY($1) AND accepted', [keys]),
    );
    expect(rows).toHaveLength(keys.length);
    await story.stands(id, completed('card hold'));
    expect(await casesOf(gateway, id)).toEqual([]);
  });

  it('that comes twice changes nothing', async () => {
    const story = await Story.begin(gateway);
    const { id } = await story.pay('us-to-china', { token: { outcome: 'notify_twice' } });
    await story.ends(id, completed('card hold'));
  });

  it('that never comes is not needed: the enquiry finds out', async () => {
    const story = await Story.begin(gateway);
    const account = paymentCode('1005');
    const rule = { network: 'ams', operation: 'pay', behaviour: 'notify_never', times: 1 };
    await gateway.simulator.fault({ ...rule, match: { account } });
    const { id } = await story.pay('china-to-us', { alipay: account });
    await story.ends(id, completed('Alipay collection'));
  });
});
