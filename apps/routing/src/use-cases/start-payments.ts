import { Injectable } from '@nestjs/common';
import type { Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { firstDue } from '../domain/backstop';
import type { StartedPayment } from '../domain/start-payment';
import { Asking } from './asking';
import { PaymentRecorder } from './payment-recorder';
import { PaymentRepository, type InsertedPayments } from './payment.repository';

/** What became of a batch of orders: which payments exist now, why others do not, and what is to be published. */
export interface StartedBatch extends InsertedPayments {
  emit: Emitted;
}

/**
 * Makes payments of verified orders inside the edge's transaction. A refused one takes nothing and publishes nothing.
 * Of each that won: its rows, its history, its first event, the commands to screen and to reserve, its audit entry.
 */
@Injectable()
export class StartPayments {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly recorder: PaymentRecorder,
    private readonly asking: Asking,
  ) {}

  async run(tx: Tx, started: readonly StartedPayment[], now: Date): Promise<StartedBatch> {
    if (started.length === 0) return { won: new Set(), refused: new Map(), emit: { records: [] } };
    for (const { payment } of started) {
      payment.sequence = 1;
      payment.due = firstDue(now, this.asking.plan);
    }
    const inserted = await this.payments.insertNew(
      tx,
      started.map(({ payment }) => payment),
      now,
    );
    const winners = started.filter(({ payment }) => inserted.won.has(payment.id));
    const emit = await this.recorder.follow(
      tx,
      winners.map(({ payment, journal }) => ({ payment, journal, statusBefore: null, actor: payment.order.actor })),
      now,
    );
    return { ...inserted, emit };
  }
}
