import { Injectable } from '@nestjs/common';
import { OutboxTransactions } from '@gateway/messaging';
import { Clock } from '@gateway/platform';
import { advance } from '../domain/advance-payment';
import type { Payment } from '../domain/payment';
import { inHand, PaymentRecorder } from './payment-recorder';
import { PaymentRepository } from './payment.repository';

/**
 * What became of a cancel request. `canceling`: the way back has begun (or had begun by an earlier request);
 * `too_late`: the credit was sent or the payment is final, nothing changed; `unknown`: the partner has no such payment.
 */
export type CancelAnswer = { answer: 'canceling' | 'too_late'; payment: Payment } | { answer: 'unknown' };

/** The partner's cancel request: possible until the credit is sent (design 3.2). */
@Injectable()
export class CancelPayment {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly recorder: PaymentRecorder,
    private readonly transactions: OutboxTransactions,
    private readonly clock: Clock,
  ) {}

  async run(paymentId: string, partnerId: string, actor: string): Promise<CancelAnswer> {
    return this.transactions.run<CancelAnswer>(async (tx) => {
      const payment = (await this.payments.lock(tx, [paymentId])).get(paymentId);
      if (payment?.order.partnerId !== partnerId) return { result: { answer: 'unknown' }, emit: { records: [] } };
      const now = this.clock.now();
      const hand = inHand(payment, actor);
      advance(payment, { name: 'cancel_requested' }, now, hand.journal);
      const emit = await this.recorder.record(tx, [hand], now);
      const answer = payment.standing.cause === 'CANCELED' ? 'canceling' : 'too_late';
      return { result: { answer, payment }, emit };
    });
  }
}
