import type { Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { dueAfterAsks } from '../domain/backstop';
import { awaitsCorrection } from '../domain/returns/returned-credit';
import { Asking } from './asking';
import { PaymentRepository } from './payment.repository';
import { correctionCommandOf } from './return-records';
import { ReturnRepository } from './return.repository';

/**
 * The backstop for second credits (design S6): those whose `due` has come have their command sent again with the same
 * instruction id, and its owner answers with what it has. Nothing ends here.
 */
@Injectable()
export class AskAgainForReturns {
  constructor(
    private readonly returns: ReturnRepository,
    private readonly payments: PaymentRepository,
    private readonly asking: Asking,
    private readonly clock: Clock,
  ) {}

  async run(tx: Tx, limit: number): Promise<{ returns: number; emit: Emitted }> {
    const due = await this.returns.lockDue(tx, limit);
    if (due.length === 0) return { returns: 0, emit: { records: [] } };
    const now = this.clock.now();
    const payments = await this.payments.find(
      tx,
      due.map(({ order }) => order.paymentId),
    );
    const records = due.flatMap((returned) => {
      const payment = payments.get(returned.order.paymentId);
      const awaits = awaitsCorrection(returned);
      returned.due = awaits ? dueAfterAsks(returned.standing.asks, now, this.asking.plan) : null;
      returned.standing.asks += 1;
      return payment === undefined || !awaits ? [] : [correctionCommandOf(returned, payment)];
    });
    await this.returns.update(tx, due, now);
    return { returns: due.length, emit: { records } };
  }
}
