import { Injectable } from '@nestjs/common';
import type { Emitted, OutboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { dueAfterFacts } from '../domain/backstop';
import { emptyJournal, type Journal } from '../domain/advance-payment';
import type { Payment } from '../domain/payment';
import { publicStatusOf, type PublicStatus } from '../domain/public-status';
import { auditOf, commandOf, eventOf } from './payment-records';
import { Asking } from './asking';
import { PaymentRepository } from './payment.repository';
import { PublicStatusChanges, type PublicStatusChange } from './public-status-changes';

/** One payment on its way through one transaction. */
export interface PaymentInHand {
  payment: Payment;
  journal: Journal;
  /** What the partner saw before; null for a new payment. */
  statusBefore: PublicStatus | null;
  /** For the audit: `service:routing`, a partner or an operator. */
  actor: string;
}

export const ROUTING_ACTOR = 'service:routing';

/** Takes a payment in hand as it stands before this transaction's facts. */
export function inHand(payment: Payment, actor: string = ROUTING_ACTOR): PaymentInHand {
  return { payment, journal: emptyJournal(), statusBefore: publicStatusOf(payment), actor };
}

/** Writes down what a transaction did to its payments, one statement a table, and says what is to be published. */
@Injectable()
export class PaymentRecorder {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly statuses: PublicStatusChanges,
    private readonly asking: Asking,
  ) {}

  /** Payments that were locked in this transaction: rows, history, cases, messages to partners. */
  async record(tx: Tx, inHands: readonly PaymentInHand[], now: Date): Promise<Emitted> {
    const touched = inHands.filter(({ journal }) => journal.touched);
    for (const { payment, journal } of touched) {
      if (journal.changes.length > 0) payment.sequence += 1;
      payment.due = dueAfterFacts(payment, now, this.asking.plan);
    }
    await this.payments.update(
      tx,
      touched.map(({ payment }) => payment),
      now,
    );
    return this.follow(tx, touched, now);
  }

  /** What belongs to the rows once they are written: the same for new payments and for those that moved. */
  async follow(tx: Tx, inHands: readonly PaymentInHand[], now: Date): Promise<Emitted> {
    const changed = inHands.filter(({ journal }) => journal.changes.length > 0);
    await this.payments.appendChanges(
      tx,
      changed.map(({ payment, journal }) => ({ payment, changes: journal.changes })),
      now,
    );
    await this.payments.openCases(
      tx,
      inHands.flatMap(({ journal }) => journal.cases),
    );
    const statusChanges = changed.flatMap((hand) => statusChangeOf(hand, now));
    if (statusChanges.length > 0) await this.statuses.record(tx, statusChanges);
    const lateCredits = changed.flatMap((hand) => lateCreditOf(hand, now));
    if (lateCredits.length > 0) await this.statuses.recordLateCredits(tx, lateCredits);
    return {
      records: inHands.flatMap(recordsOf),
      audit: changed.map(({ payment, journal, actor }) => auditOf(payment, journal.changes, actor)),
    };
  }
}

function statusChangeOf({ payment, statusBefore }: PaymentInHand, at: Date): PublicStatusChange[] {
  const status = publicStatusOf(payment);
  return status === statusBefore ? [] : [{ payment, status, sequence: payment.sequence, at }];
}

/** The partner is told, because somebody may have paid the payee by other means meanwhile. */
function lateCreditOf({ payment, journal }: PaymentInHand, at: Date): PublicStatusChange[] {
  if (!journal.changes.some(({ money }) => money === 'late_credit')) return [];
  return [{ payment, status: publicStatusOf(payment), sequence: payment.sequence, at }];
}

function recordsOf({ payment, journal }: PaymentInHand): OutboundRecord[] {
  const commands = journal.instructions.map((instruction) => commandOf(payment, instruction));
  return journal.changes.length > 0 ? [eventOf(payment, journal.changes), ...commands] : commands;
}
