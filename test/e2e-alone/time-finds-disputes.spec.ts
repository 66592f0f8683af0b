import { expectBalanced } from '../e2e/support/books';
import {
  auditOfDispute,
  balanceIn,
  disputed,
  movedByDispute,
  untilDispute,
  untilDisputeBooked,
  untilToldOfDispute,
} from '../e2e/support/disputes';
import { completed, PAID_BY } from '../e2e/support/endings';
import { Gateway, until } from '../e2e/support/gateway';
import { Story } from '../e2e/support/story';

jest.setTimeout(300_000);

/** The acquirer is asked every 15 minutes which disputes have changed. */
const A_PERIOD_S = 16 * 60;

/** The clock of the whole system moves, so nothing else runs beside this; it stays where it is in the end. */
describe('a dispute whose webhooks never come', () => {
  const gateway = new Gateway();

  it.each(['card hold', 'card pull'] as const)(
    'is found by asking what has changed (%s), opened and decided as if they had come',
    async (source) => {
      const story = await Story.begin(gateway);
      const { partner, receiver } = story;
      const { direction, wish, leg } = PAID_BY[source];
      const { id } = await story.pay(direction, { ...wish, token: { outcome: 'notify_never' } });
      const payment = await story.ends(id, completed(source));
      const gross = payment.total_source_amount.amount;
      const atAcquirer = await disputed(gateway, id, 'product_service_not_received', {}, leg);
      await expectNothingNotified(atAcquirer);
      expect((await partner.payment(id)).disputes).toBeUndefined();

      await aPeriodPasses(story);
      await untilDispute(partner, id, 'action_required');
      const opened = await untilDisputeBooked(gateway, id, ['dispute_opened']);
      expect(balanceIn('1300', opened)).toBe(gross);
      await untilToldOfDispute(receiver, id, ['dispute.opened']);

      await gateway.simulator.decide(atAcquirer, 'lost');
      await expectNothingNotified(atAcquirer);
      await aPeriodPasses(story);
      await untilDispute(partner, id, 'lost');
      const booked = await untilDisputeBooked(gateway, id, ['dispute_opened', 'dispute_lost']);
      expect(balanceIn('1300', booked)).toBe('0');
      expect(await movedByDispute(gateway, id)).toEqual([`chargeback ${gross} 1`]);
      await untilToldOfDispute(receiver, id, ['dispute.opened', 'dispute.lost']);
      const audit = await auditOfDispute(gateway, id, 'lost');
      expect(audit.map(({ action }) => action)).toEqual(['payment.dispute_opened', 'payment.dispute_lost']);
      await expectBalanced(gateway);
      // Listed again by the next sweep, as it changed within its overlap: nothing new.
      await aPeriodPasses(story);
      expect((await partner.payment(id)).disputes?.map(({ status }) => status)).toEqual(['lost']);
    },
  );

  /** The acquirer has nothing to send about this dispute. */
  async function expectNothingNotified(dispute: string): Promise<void> {
    const path = `${gateway.simulator.controlUrl}/notifications?reference=${dispute}`;
    expect(await gateway.simulator.call('GET', path)).toEqual({ notifications: [] });
  }

  /** Lets it be time to ask, and waits until it has been asked. */
  async function aPeriodPasses({ partner }: Story): Promise<void> {
    const before = await sweptUntil();
    const { status } = await partner.post('/v1/test_helpers/clocks/advance', { seconds: A_PERIOD_S });
    expect(status).toBe(200);
    await until('the acquirer is asked which disputes have changed', async () => (await sweptUntil()) > before);
  }

  const sweptUntil = (): Promise<number> =>
    gateway.inDatabaseOf('us-wallet', async (database) => {
      const [row] = await database.query<{ swept_until: Date }>('SELECT swept_until FROM dispute_sweep');
      return row?.swept_until.getTime() ?? 0;
    });
});
