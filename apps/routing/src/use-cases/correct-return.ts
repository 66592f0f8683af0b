import { OutboxTransactions, type Worked } from '@gateway/messaging';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { Payment } from '../domain/payment';
import { advanceReturn } from '../domain/returns/advance-return';
import type { ReturnedCredit } from '../domain/returns/returned-credit';
import { actionsOf } from '../domain/returns/return-state';
import { inHand, PaymentRecorder } from './payment-recorder';
import { PaymentRepository } from './payment.repository';
import { returnInHand, ReturnRecorder } from './return-recorder';
import { ReturnRepository } from './return.repository';

/** A second credit starts within this time, or never. */
const STARTS_WITHIN_MS = 3_600_000;

/** The payee's other instrument, as the partner names it. */
export interface Correction {
  returnId: string;
  partnerId: string;
  instrument: string;
  /** Key and fingerprint of the request: a repeat finds what it did. */
  requestedBy: string;
}

/** `unknown`: the partner has no such return; `too_late`: it was decided before. */
export type CorrectionAnswer =
  { answer: 'correcting'; returned: ReturnedCredit; payment: Payment } | { answer: 'too_late' } | { answer: 'unknown' };

/** Credits the payee of a returned credit once more, on another instrument, under the payment's row lock. */
@Injectable()
export class CorrectReturn {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly returns: ReturnRepository,
    private readonly paymentRecorder: PaymentRecorder,
    private readonly recorder: ReturnRecorder,
    private readonly transactions: OutboxTransactions,
    private readonly clock: Clock,
  ) {}

  run({ returnId, partnerId, instrument, requestedBy }: Correction): Promise<CorrectionAnswer> {
    return this.transactions.run<CorrectionAnswer>(async (tx) => {
      const paymentId = (await this.returns.find(tx, returnId))?.order.paymentId ?? '';
      const payment = (await this.payments.lock(tx, [paymentId])).get(paymentId);
      if (payment?.order.partnerId !== partnerId) return nothing({ answer: 'unknown' });
      const returned = (await this.returns.ofPayments(tx, [paymentId])).find(({ id }) => id === returnId);
      if (returned === undefined) return nothing({ answer: 'unknown' });
      if (returned.standing.requestedBy === requestedBy) return nothing({ answer: 'correcting', returned, payment });
      const allowed = payment.state === 'COMPLETED' && actionsOf(returned.state).includes('correct');
      if (!allowed) return nothing({ answer: 'too_late' });
      const now = this.clock.now();
      returned.standing.instrument = instrument;
      returned.standing.requestedBy = requestedBy;
      returned.standing.notAfter = new Date(now.getTime() + STARTS_WITHIN_MS).toISOString();
      const paymentHand = inHand(payment, `partner:${partnerId}`);
      const hand = returnInHand(returned, paymentHand);
      advanceReturn(hand, { name: 'correction_requested' }, now);
      const emit = await this.paymentRecorder.record(tx, [paymentHand], now);
      const commands = await this.recorder.record(tx, [hand], now);
      return {
        result: { answer: 'correcting', returned, payment },
        emit: { ...emit, records: [...emit.records, ...commands] },
      };
    });
  }
}

function nothing(answer: CorrectionAnswer): Worked<CorrectionAnswer> {
  return { result: answer, emit: { records: [] } };
}
