import type { OutboundRecord } from '@gateway/messaging';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { awaitedBy, type Refund } from '../domain/refund/refund';
import type { Payment } from '../domain/payment';
import { AskAgainAbout } from './ask-again-about';
import { Asking } from './asking';
import { PaymentRepository } from './payment.repository';
import { refundCommandOf } from './refund-records';
import { RefundRepository } from './refund.repository';

/** Refunds that wait for their funding, or for the payer's network. */
@Injectable()
export class AskAgainForRefunds extends AskAgainAbout<Refund> {
  constructor(objects: RefundRepository, payments: PaymentRepository, asking: Asking, clock: Clock) {
    super(objects, payments, asking, clock);
  }

  protected waits(waiting: Refund): boolean {
    return awaitedBy(waiting) !== null;
  }

  protected awaited(waiting: Refund, payment: Payment): OutboundRecord[] {
    const awaited = awaitedBy(waiting);
    return awaited === null ? [] : [refundCommandOf(waiting, payment, awaited)];
  }
}
