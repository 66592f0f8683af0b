import type { DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import { OutboxTransactions, type Worked } from '@gateway/messaging';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { giveAcceptance, giveEvidence } from '../domain/disputes/advance-dispute';
import { isAnswerable, type Dispute } from '../domain/disputes/dispute';
import { disputeInHand, DisputeRecorder } from './dispute-recorder';
import { DisputeRepository } from './dispute.repository';
import { inHand, PaymentRecorder } from './payment-recorder';
import { PaymentRepository } from './payment.repository';

/** What a partner answers a dispute with: evidence, or null to let it stand. */
export interface DisputeAnswerWish {
  disputeId: string;
  partnerId: string;
  evidence: DisputeEvidence | null;
  /** Key and fingerprint of the request: a repeat finds what it did. */
  requestedBy: string;
}

/** `unknown`: the partner has no such dispute; `too_late`: it was answered, has ended, or its deadline has passed. */
export type DisputeAnswered = { answer: 'taken'; dispute: Dispute } | { answer: 'too_late' } | { answer: 'unknown' };

/** Answers a dispute for its partner, under the payment's row lock. */
@Injectable()
export class AnswerDispute {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly disputes: DisputeRepository,
    private readonly paymentRecorder: PaymentRecorder,
    private readonly recorder: DisputeRecorder,
    private readonly transactions: OutboxTransactions,
    private readonly clock: Clock,
  ) {}

  run({ disputeId, partnerId, evidence, requestedBy }: DisputeAnswerWish): Promise<DisputeAnswered> {
    return this.transactions.run<DisputeAnswered>(async (tx) => {
      const paymentId = (await this.disputes.find(tx, disputeId))?.order.paymentId ?? '';
      const payment = (await this.payments.lock(tx, [paymentId])).get(paymentId);
      if (payment?.order.partnerId !== partnerId) return nothing({ answer: 'unknown' });
      const dispute = (await this.disputes.ofPayments(tx, [paymentId])).find(({ id }) => id === disputeId);
      if (dispute === undefined) return nothing({ answer: 'unknown' });
      if (dispute.standing.requestedBy === requestedBy) return nothing({ answer: 'taken', dispute });
      const now = this.clock.now();
      if (!isAnswerable(dispute, now)) return nothing({ answer: 'too_late' });
      const paymentHand = inHand(payment, `partner:${partnerId}`);
      const hand = disputeInHand(dispute, paymentHand);
      if (evidence === null) giveAcceptance(hand, requestedBy, now);
      else giveEvidence(hand, { evidence, answeredBy: 'partner', requestedBy }, now);
      const emit = await this.paymentRecorder.record(tx, [paymentHand], now);
      const commands = await this.recorder.record(tx, [hand], now);
      return { result: { answer: 'taken', dispute }, emit: { ...emit, records: [...emit.records, ...commands] } };
    });
  }
}

function nothing(answer: DisputeAnswered): Worked<DisputeAnswered> {
  return { result: answer, emit: { records: [] } };
}
