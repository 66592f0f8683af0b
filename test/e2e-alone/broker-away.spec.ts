import { setTimeout as pause } from 'node:timers/promises';
import { expectBalanced, expectNothingReserved, bookedMovements } from '../e2e/support/books';
import { Gateway } from '../e2e/support/gateway';
import type { PartnerClient, PaymentView } from '../e2e/support/partner-client';
import { executed, prepare, stateOf, untilOver, type Direction } from '../e2e/support/payments';
import { expectNothingParked, expectOutboxPublished } from './support/messages';
import { openRuntime } from './support/runtime';

jest.setTimeout(240_000);

const AWAY_MS = 20_000;
const PAUSE_MS = 1_000;
/** After its return everything that waited must be through. */
const DRAINED_WITHIN_MS = 60_000;

interface Accepted {
  direction: Direction;
  id: string;
}

describe('a broker that is away for 20 seconds', () => {
  const gateway = new Gateway();
  const runtime = openRuntime(gateway);
  let partner: PartnerClient;
  let pids: Record<string, number | undefined>;
  const answers: number[] = [];
  const accepted: Accepted[] = [];

  /** Pays in one direction, one payment after the other, as long as the broker is away. */
  async function payUntil(end: number, direction: Direction): Promise<void> {
    while (performance.now() < end) {
      const { request } = await prepare(gateway, partner, direction);
      const answer = await partner.post<PaymentView>('/v1/payments', request);
      answers.push(answer.status);
      if (answer.status === 202) accepted.push({ direction, id: answer.body.id });
      await pause(PAUSE_MS);
    }
  }

  beforeAll(async () => {
    partner = await gateway.newPartner();
    pids = gateway.pids();
    await runtime.stopKafka();
    try {
      const end = performance.now() + AWAY_MS;
      await Promise.all([payUntil(end, 'us-to-china'), payUntil(end, 'china-to-us')]);
    } finally {
      await runtime.startKafka();
    }
  });

  afterAll(() => runtime.startKafka());

  it('stops nothing at the edge: every payment is accepted, both ways', () => {
    expect(new Set(answers)).toEqual(new Set([202]));
    for (const direction of ['us-to-china', 'china-to-us'])
      expect(accepted.filter((one) => one.direction === direction).length).toBeGreaterThanOrEqual(10);
  });

  it('loses nothing: all complete after its return, each movement made and booked once', async () => {
    const end = performance.now() + DRAINED_WITHIN_MS;
    for (const { direction, id } of accepted) {
      const payment = await untilOver(partner, id, Math.max(0, end - performance.now()));
      expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
      const toChina = direction === 'us-to-china';
      expect(await executed(gateway, id)).toEqual(
        toChina ? { authorize: 1, transfer: 1, capture: 1 } : { pay: 1, payout: 1 },
      );
      await bookedMovements(gateway, id, toChina ? ['hold', 'credit', 'capture'] : ['collect', 'credit']);
      await expectNothingReserved(gateway, id);
    }
    await expectBalanced(gateway);
  });

  it('leaves nothing behind: outboxes are published, nothing is parked or dead-lettered', async () => {
    await expectOutboxPublished(gateway);
    await expectNothingParked(gateway);
  });

  it('ends no process: the services wait for it', () => {
    expect(gateway.pids()).toEqual(pids);
  });
});
