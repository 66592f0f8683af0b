import type { Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { advanceRefund } from '../domain/refund/advance-refund';
import { DisputeRepository } from './dispute.repository';
import { forbiddenRefunds } from './forbidden-refunds';
import { inHand } from './payment-recorder';
import { PaymentRepository } from './payment.repository';
import { refundInHand, RefundRecorder, type RefundHand } from './refund-recorder';
import { RefundRepository } from './refund.repository';

/**
 * Has refunds funded that waited for the rate of the day after them (rule R3), once that day's rate is there. What the
 * payment may not give back any more is refused.
 */
@Injectable()
export class FundRefundsOfToday {
  constructor(
    private readonly refunds: RefundRepository,
    private readonly payments: PaymentRepository,
    private readonly disputes: DisputeRepository,
    private readonly recorder: RefundRecorder,
    private readonly clock: Clock,
  ) {}

  async run(tx: Tx, limit: number): Promise<{ refunds: number; emit: Emitted }> {
    const waiting = await this.refunds.awaitingRate(tx, limit);
    if (waiting.length === 0) return { refunds: 0, emit: { records: [] } };
    const paymentIds = [...new Set(waiting.map(({ paymentId }) => paymentId))].sort();
    const payments = await this.payments.lock(tx, paymentIds);
    const locked = await this.refunds.lock(tx, waiting.map(({ refundId }) => refundId).sort());
    const barriers = { disputes: this.disputes, refunds: this.refunds };
    const forbidden = await forbiddenRefunds(tx, barriers, [...payments.values()], locked);
    const now = this.clock.now();
    const paymentHands = new Map([...payments].map(([id, payment]) => [id, inHand(payment)]));
    const hands: RefundHand[] = [];
    for (const refund of locked.values()) {
      const payment = paymentHands.get(refund.order.paymentId);
      // Another instance was faster: its state says so under the lock.
      if (payment === undefined || refund.state !== 'AWAITING_RATE') continue;
      const hand = refundInHand(refund, payment, forbidden(refund));
      advanceRefund(hand, { name: 'rate_day_come' }, now);
      hands.push(hand);
    }
    const emit = await this.recorder.record(tx, [...paymentHands.values()], hands, now);
    return { refunds: waiting.length, emit };
  }
}
