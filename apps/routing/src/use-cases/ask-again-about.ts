import type { Emitted, OutboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { dueAfterAsks } from '../domain/backstop';
import type { Payment } from '../domain/payment';
import { Asking } from './asking';
import { PaymentRepository } from './payment.repository';

/** What waits for an outcome beside its payment: a refund, a second credit, the answer to a dispute. */
interface Waiting {
  readonly order: { readonly paymentId: string };
  readonly standing: { asks: number };
  due: Date | null;
}

/** Where such objects are kept. */
interface Waiters<W extends Waiting> {
  lockDue(tx: Tx, limit: number): Promise<W[]>;
  update(tx: Tx, objects: readonly W[], now: Date): Promise<void>;
}

/**
 * The backstop for the objects of payments (design S6): those whose `due` has come have their command sent again with the
 * same instruction id, and its owner answers with what it has. Nothing ends here.
 */
export abstract class AskAgainAbout<W extends Waiting> {
  constructor(
    private readonly waiters: Waiters<W>,
    private readonly payments: PaymentRepository,
    private readonly asking: Asking,
    private readonly clock: Clock,
  ) {}

  /** The command whose answer it waits for; none where it waits for nothing. */
  protected abstract awaited(waiting: W, payment: Payment): OutboundRecord[];

  protected abstract waits(waiting: W): boolean;

  async run(tx: Tx, limit: number): Promise<{ asked: number; emit: Emitted }> {
    const due = await this.waiters.lockDue(tx, limit);
    if (due.length === 0) return { asked: 0, emit: { records: [] } };
    const now = this.clock.now();
    const payments = await this.payments.find(
      tx,
      due.map(({ order }) => order.paymentId),
    );
    const records = due.flatMap((waiting) => {
      const payment = payments.get(waiting.order.paymentId);
      const waits = this.waits(waiting);
      waiting.due = waits ? dueAfterAsks(waiting.standing.asks, now, this.asking.plan) : null;
      waiting.standing.asks += 1;
      return payment === undefined || !waits ? [] : this.awaited(waiting, payment);
    });
    await this.waiters.update(tx, due, now);
    return { asked: due.length, emit: { records } };
  }
}
