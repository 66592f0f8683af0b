import { Injectable, Logger } from '@nestjs/common';
import type { Emitted, OutboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { advance } from '../domain/advance-payment';
import { clockFacts, dueAfterAsking, outstanding } from '../domain/backstop';
import type { Payment } from '../domain/payment';
import { Asking } from './asking';
import { commandOf } from './payment-records';
import { inHand, PaymentRecorder, type PaymentInHand } from './payment-recorder';
import { PaymentRepository } from './payment.repository';

/** What one pass did. */
export interface AskedAgain {
  payments: number;
  emit: Emitted;
}

/**
 * The backstop (design S6): for payments whose `due` has come, the same commands with the same instruction ids are sent
 * again, and their owners answer with what they have. No step ends here; the only facts that the clock brings are about
 * terms (an offer's, a review's, a hold's margin), and the state table answers them.
 */
@Injectable()
export class AskAgain {
  private readonly logger = new Logger('backstop');

  constructor(
    private readonly payments: PaymentRepository,
    private readonly recorder: PaymentRecorder,
    private readonly asking: Asking,
    private readonly clock: Clock,
  ) {}

  async run(tx: Tx, limit: number): Promise<AskedAgain> {
    const due = await this.payments.lockDue(tx, limit);
    if (due.length === 0) return { payments: 0, emit: { records: [] } };
    const now = this.clock.now();
    const asked = due.map((payment) => this.ask(payment, now)).filter((one) => one !== null);
    const readable = new Set(asked.map(({ hand }) => hand.payment.id));
    const unreadable = due.map(({ id }) => id).filter((id) => !readable.has(id));
    await this.payments.postpone(tx, unreadable, new Date(now.getTime() + this.asking.plan.longestMs));
    const again = asked.flatMap(({ commands }) => commands);
    const hands = asked.map(({ hand }) => hand);
    const emit = await this.recorder.record(tx, hands, now);
    return { payments: due.length, emit: { ...emit, records: [...again, ...emit.records] } };
  }

  /** Null for a payment that cannot be worked on as it is stored: the others do not wait for it. */
  private ask(payment: Payment, now: Date): { hand: PaymentInHand; commands: OutboundRecord[] } | null {
    try {
      const commands = outstanding(payment).map((instruction) => commandOf(payment, instruction));
      const hand = inHand(payment);
      for (const name of clockFacts(payment, now)) advance(payment, { name }, now, hand.journal);
      this.scheduleNext(payment, now);
      hand.journal.touched = true;
      return { hand, commands };
    } catch (error) {
      this.logger.error({ event: 'payment_not_asked_for', payment: payment.id, error: (error as Error).message });
      return null;
    }
  }

  private scheduleNext(payment: Payment, now: Date): void {
    payment.due = dueAfterAsking(payment, now, this.asking.plan);
    payment.standing.asks += 1;
  }
}
