import type { Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { dueAfterAsks } from '../domain/backstop';
import { awaitedBy, type Refund } from '../domain/refund/refund';
import { Asking } from './asking';
import { PaymentRepository } from './payment.repository';
import { refundCommandOf } from './refund-records';
import { RefundRepository } from './refund.repository';

/**
 * The backstop for refunds (design S6): those whose `due` has come have their command sent again with the same
 * instruction id, and its owner answers with what it has. No refund ends here.
 */
@Injectable()
export class AskAgainForRefunds {
  constructor(
    private readonly refunds: RefundRepository,
    private readonly payments: PaymentRepository,
    private readonly asking: Asking,
    private readonly clock: Clock,
  ) {}

  async run(tx: Tx, limit: number): Promise<{ refunds: number; emit: Emitted }> {
    const due = await this.refunds.lockDue(tx, limit);
    if (due.length === 0) return { refunds: 0, emit: { records: [] } };
    const now = this.clock.now();
    const payments = await this.payments.find(
      tx,
      due.map(({ order }) => order.paymentId),
    );
    const records = due.flatMap((refund) => {
      const payment = payments.get(refund.order.paymentId);
      const awaited = awaitedBy(refund);
      this.scheduleNext(refund, now);
      return payment === undefined || awaited === null ? [] : [refundCommandOf(refund, payment, awaited)];
    });
    await this.refunds.update(tx, due, now);
    return { refunds: due.length, emit: { records } };
  }

  private scheduleNext(refund: Refund, now: Date): void {
    refund.due = awaitedBy(refund) === null ? null : dueAfterAsks(refund.standing.asks, now, this.asking.plan);
    refund.standing.asks += 1;
  }
}
