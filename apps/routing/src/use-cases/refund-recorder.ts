import type { Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { firstDue } from '../domain/backstop';
import type { RefundInHand } from '../domain/refund/advance-refund';
import type { RefundForbidden } from '../domain/refund/check-refund';
import { awaitedBy, type Refund } from '../domain/refund/refund';
import { nextRateDay } from '../domain/refund/refund-rule';
import { refundStatusOf, type RefundStatus } from '../domain/refund/refund-state';
import { Asking } from './asking';
import { PaymentRecorder, type PaymentInHand } from './payment-recorder';
import { PublicStatusChanges } from './public-status-changes';
import { refundCommandOf } from './refund-records';
import { RefundRepository } from './refund.repository';

/** A refund on its way through one transaction, with what the partner saw before; null for a new one. */
export interface RefundHand extends RefundInHand {
  statusBefore: RefundStatus | null;
}

/** Takes a refund in hand beside its payment, whose journal its changes go into. */
export function refundInHand(
  refund: Refund,
  { payment, journal }: PaymentInHand,
  forbidden: RefundForbidden | null = null,
): RefundHand {
  const statusBefore = refundStatusOf(refund.state);
  return { refund, payment, journal, instructions: [], forbidden, touched: false, statusBefore };
}

/**
 * Writes down what a transaction did to payments and their refunds: one event and one audit entry per payment, whichever
 * of its objects wrote (design S1), then the refunds' rows and what partners are told of them.
 */
@Injectable()
export class RefundRecorder {
  constructor(
    private readonly payments: PaymentRecorder,
    private readonly refunds: RefundRepository,
    private readonly statuses: PublicStatusChanges,
    private readonly asking: Asking,
  ) {}

  async record(
    tx: Tx,
    paymentHands: readonly PaymentInHand[],
    refundHands: readonly RefundHand[],
    now: Date,
  ): Promise<Emitted> {
    const emit = await this.payments.record(tx, paymentHands, now);
    const touched = refundHands.filter((hand) => hand.touched);
    if (touched.length === 0) return emit;
    for (const { refund } of touched) {
      refund.due = this.dueOf(refund, now);
    }
    await this.refunds.update(
      tx,
      touched.map(({ refund }) => refund),
      now,
    );
    const changes = touched.filter(({ refund, statusBefore }) => refundStatusOf(refund.state) !== statusBefore);
    if (changes.length > 0) {
      await this.statuses.recordRefunds(
        tx,
        changes.map(({ refund, payment }) => ({ refund, payment, sequence: payment.sequence, at: now })),
      );
    }
    const commands = touched.flatMap(({ refund, payment, instructions }) =>
      instructions.map((instruction) => refundCommandOf(refund, payment, instruction)),
    );
    return { ...emit, records: [...emit.records, ...commands] };
  }

  /** A refund that waits for the rate of the next day is looked at when that is there. */
  private dueOf(refund: Refund, now: Date): Date | null {
    if (refund.state === 'AWAITING_RATE') return nextRateDay(refund.createdAt);
    if (awaitedBy(refund) === null) return null;
    return refund.due !== null && refund.due > now ? refund.due : firstDue(now, this.asking.plan);
  }
}
