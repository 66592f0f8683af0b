import type { OutboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { firstDue } from '../domain/backstop';
import type { DisputeInHand } from '../domain/disputes/advance-dispute';
import { awaitsAnswer, type Dispute } from '../domain/disputes/dispute';
import { disputeStatusOf, type DisputeStatus } from '../domain/disputes/dispute-state';
import { Asking } from './asking';
import { answerCommandOf } from './dispute-records';
import { DisputeRepository } from './dispute.repository';
import type { PaymentInHand } from './payment-recorder';
import { PublicStatusChanges } from './public-status-changes';

/** A dispute on its way through one transaction, with what the partner saw before; null for a new one. */
export interface DisputeHand extends DisputeInHand {
  statusBefore: DisputeStatus | null;
}

/** Takes a dispute in hand beside its payment, whose journal its changes go into. */
export function disputeInHand(dispute: Dispute, { payment, journal }: PaymentInHand): DisputeHand {
  const statusBefore = dispute.state === 'FOUND' ? null : disputeStatusOf(dispute.state);
  return { dispute, payment, journal, answers: false, touched: false, statusBefore };
}

/** Writes down what a transaction did to disputes, after their payments: rows, what partners are told, commands. */
@Injectable()
export class DisputeRecorder {
  constructor(
    private readonly disputes: DisputeRepository,
    private readonly statuses: PublicStatusChanges,
    private readonly asking: Asking,
  ) {}

  async record(tx: Tx, hands: readonly DisputeHand[], now: Date): Promise<OutboundRecord[]> {
    const touched = hands.filter((hand) => hand.touched);
    if (touched.length === 0) return [];
    for (const { dispute } of touched) {
      dispute.due = awaitsAnswer(dispute) ? (dispute.due ?? firstDue(now, this.asking.plan)) : null;
    }
    for (const { dispute, statusBefore } of touched) {
      if (statusBefore === null) await this.disputes.insert(tx, dispute, now);
    }
    const known = touched.filter(({ statusBefore }) => statusBefore !== null);
    await this.disputes.update(
      tx,
      known.map(({ dispute }) => dispute),
      now,
    );
    await this.tell(tx, touched, now);
    return touched
      .filter(({ answers }) => answers)
      .flatMap(({ dispute, payment }) => answerCommandOf(dispute, payment));
  }

  private async tell(tx: Tx, touched: readonly DisputeHand[], at: Date): Promise<void> {
    const changes = touched.filter(({ dispute, statusBefore }) => disputeStatusOf(dispute.state) !== statusBefore);
    if (changes.length === 0) return;
    await this.statuses.recordDisputes(
      tx,
      changes.map(({ dispute, payment, statusBefore }) => ({
        dispute,
        payment,
        isNew: statusBefore === null,
        sequence: payment.sequence,
        at,
      })),
    );
  }
}
