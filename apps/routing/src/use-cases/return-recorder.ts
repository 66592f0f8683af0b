import type { OutboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { firstDue } from '../domain/backstop';
import type { ReturnInHand } from '../domain/returns/advance-return';
import { awaitsCorrection, type ReturnedCredit } from '../domain/returns/returned-credit';
import { returnStatusOf, type ReturnStatus } from '../domain/returns/return-state';
import { Asking } from './asking';
import type { PaymentInHand } from './payment-recorder';
import { PublicStatusChanges } from './public-status-changes';
import { correctionCommandOf } from './return-records';
import { ReturnRepository } from './return.repository';

/** A returned credit on its way through one transaction, with what the partner saw before; null for a new one. */
export interface ReturnHand extends ReturnInHand {
  statusBefore: ReturnStatus | null;
}

/** Takes a returned credit in hand beside its payment, whose journal its changes go into. */
export function returnInHand(returned: ReturnedCredit, { payment, journal }: PaymentInHand): ReturnHand {
  const statusBefore = returned.state === 'FOUND' ? null : returnStatusOf(returned.state);
  return { returned, payment, journal, credits: false, touched: false, statusBefore };
}

/** Writes down what a transaction did to returned credits, after their payments: rows, what partners are told, commands. */
@Injectable()
export class ReturnRecorder {
  constructor(
    private readonly returns: ReturnRepository,
    private readonly statuses: PublicStatusChanges,
    private readonly asking: Asking,
  ) {}

  async record(tx: Tx, hands: readonly ReturnHand[], now: Date): Promise<OutboundRecord[]> {
    const touched = hands.filter((hand) => hand.touched);
    if (touched.length === 0) return [];
    for (const { returned } of touched) {
      returned.due = awaitsCorrection(returned) ? (returned.due ?? firstDue(now, this.asking.plan)) : null;
    }
    for (const { returned, statusBefore } of touched) {
      if (statusBefore === null) await this.returns.insert(tx, returned, now);
    }
    await this.returns.update(
      tx,
      touched.filter(({ statusBefore }) => statusBefore !== null).map(({ returned }) => returned),
      now,
    );
    const changes = touched.filter(({ returned, statusBefore }) => returnStatusOf(returned.state) !== statusBefore);
    if (changes.length > 0) {
      await this.statuses.recordReturns(
        tx,
        changes.map(({ returned, payment, statusBefore }) => ({
          returned,
          payment,
          isNew: statusBefore === null,
          sequence: payment.sequence,
          at: now,
        })),
      );
    }
    return touched
      .filter(({ credits }) => credits)
      .map(({ returned, payment }) => correctionCommandOf(returned, payment));
  }
}
