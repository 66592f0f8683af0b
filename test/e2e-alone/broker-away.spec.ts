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

  async function expectCompletedOnce(direction: Direction, id: string, payment: PaymentView): Promise<void> {
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
    const toChina = direction === 'us-to-china';
    expect(await executed(gateway, id)).toEqual(
      toChina ? { authorize: 1, transfer: 1, capture: 1 } : { pay: 1, payout: 1 },
    );
    await bookedMovements(gateway, id, toChina ? ['hold', 'credit', 'capture'] : ['collect', 'credit']);
  }

  /** What the payer has paid or got back in all, by the networks' books. */
  async function netOfPayer(id: string): Promise<bigint> {
    const movements = await gateway.simulator.movements(id);
    return movements.reduce((sum, { amount, sign }) => sum + BigInt(amount) * BigInt(sign), 0n);
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

  it('loses nothing: all end after its return, each movement made and booked once', async () => {
    const end = performance.now() + DRAINED_WITHIN_MS;
    const completed = new Set<Direction>();
    for (const { direction, id } of accepted) {
      const payment = await untilOver(partner, id, Math.max(0, end - performance.now()));
      // A machine that answers late after all that waited: then the payer's code has lapsed, and the collection is undone.
      const lapsed = direction === 'china-to-us' && stateOf(payment) === 'EXPIRED';
      if (lapsed) expect(await netOfPayer(id)).toBe(0n);
      else await expectCompletedOnce(direction, id, payment);
      if (!lapsed) completed.add(direction);
      await expectNothingReserved(gateway, id);
    }
    expect(completed.size).toBe(2);
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
