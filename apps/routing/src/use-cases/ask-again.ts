import { Injectable } from '@nestjs/common';
import type { Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { advance } from '../domain/advance-payment';
import { clockFacts, dueAfterAsking, outstanding } from '../domain/backstop';
import type { Payment } from '../domain/payment';
import { Asking } from './asking';
import { commandOf } from './payment-records';
import { inHand, PaymentRecorder } from './payment-recorder';
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
    const again = due.flatMap((payment) => outstanding(payment).map((instruction) => commandOf(payment, instruction)));
    const hands = due.map((payment) => {
      const hand = inHand(payment);
      for (const name of clockFacts(payment, now)) advance(payment, { name }, now, hand.journal);
      this.scheduleNext(payment, now);
      hand.journal.touched = true;
      return hand;
    });
    const emit = await this.recorder.record(tx, hands, now);
    return { payments: due.length, emit: { ...emit, records: [...again, ...emit.records] } };
  }

  private scheduleNext(payment: Payment, now: Date): void {
    payment.due = dueAfterAsking(payment, now, this.asking.plan);
    payment.standing.asks += 1;
  }
}
