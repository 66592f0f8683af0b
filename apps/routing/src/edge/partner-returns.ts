import { Database } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { Payment } from '../domain/payment';
import type { ReturnedCredit } from '../domain/returns/returned-credit';
import type { KeyedRequest } from '../outbound/idempotency.repository';
import { IntakeRepository } from '../outbound/intake.repository';
import { PaymentReader } from '../outbound/payment-reader';
import { ReturnReader } from '../outbound/return-reader';
import { CorrectReturn } from '../use-cases/correct-return';
import { RequestRefund } from '../use-cases/request-refund';
import { checkCorrection } from './correction-check';
import { problem } from './problems';
import { refusedRefund } from './refused-refund';
import { viewOfReturn } from './return-view';

/** What partners do with credits that came back: look at one, correct the payee once, or turn it into a refund. */
@Injectable()
export class PartnerReturns {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentReader,
    private readonly returns: ReturnReader,
    private readonly intake: IntakeRepository,
    private readonly correctReturn: CorrectReturn,
    private readonly requestRefund: RequestRefund,
    private readonly clock: Clock,
  ) {}

  /** The returned credit with its steps; another partner's is not found. */
  async get(partnerId: string, id: string): Promise<object> {
    const { returned, payment } = await this.find(partnerId, id);
    const history = await this.payments.historyOf(this.database, payment.id);
    const steps = history.flatMap(({ changes }) =>
      changes.flatMap(({ returned: note, at, fact }) => (note?.return_id === id ? [{ state: note.to, at, fact }] : [])),
    );
    return { ...viewOfReturn(returned, payment), history: steps };
  }

  /** @throws Problem `RETURN_NOT_FOUND`, `RETURN_NOT_ACTIONABLE`, or what is wrong with the instrument */
  async correct(request: KeyedRequest, id: string, instrumentId: string): Promise<object> {
    const { partnerId, key, fingerprint } = request;
    const { payment, returned } = await this.find(partnerId, id);
    const found = (await this.intake.findInstruments(this.database, [instrumentId])).get(instrumentId);
    checkCorrection(payment, returned.order.amount, found, this.clock.now());
    const requestedBy = `${key} ${fingerprint}`;
    const answered = await this.correctReturn.run({ returnId: id, partnerId, instrument: instrumentId, requestedBy });
    if (answered.answer === 'unknown') throw problem('RETURN_NOT_FOUND', { param: 'id' });
    if (answered.answer === 'too_late') throw problem('RETURN_NOT_ACTIONABLE', { param: 'id' });
    return viewOfReturn(answered.returned, answered.payment);
  }

  /** @throws Problem `RETURN_NOT_FOUND`, `RETURN_NOT_ACTIONABLE`, or a refusal of the refund */
  async refund(request: KeyedRequest, id: string): Promise<object> {
    const { partnerId, key, fingerprint } = request;
    const { payment } = await this.find(partnerId, id);
    const answered = await this.requestRefund.run({
      paymentId: payment.id,
      partnerId,
      amount: null,
      reason: 'credit_returned',
      reference: null,
      requestedBy: `${key} ${fingerprint}`,
      returnId: id,
    });
    if (answered.answer === 'unknown') throw problem('RETURN_NOT_FOUND', { param: 'id' });
    if (answered.answer === 'refused') throw refusedRefund(answered, 'id');
    return viewOfReturn((await this.find(partnerId, id)).returned, payment);
  }

  private async find(partnerId: string, id: string): Promise<{ returned: ReturnedCredit; payment: Payment }> {
    const returned = await this.returns.find(this.database, id);
    if (returned?.order.partnerId !== partnerId) throw problem('RETURN_NOT_FOUND', { param: 'id' });
    const { paymentId } = returned.order;
    const payment = (await this.payments.find(this.database, [paymentId])).get(paymentId);
    if (payment === undefined) throw problem('RETURN_NOT_FOUND', { param: 'id' });
    return { returned, payment };
  }
}
