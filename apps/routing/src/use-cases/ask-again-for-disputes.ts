import type { OutboundRecord } from '@gateway/messaging';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { awaitsAnswer, type Dispute } from '../domain/disputes/dispute';
import type { Payment } from '../domain/payment';
import { AskAgainAbout } from './ask-again-about';
import { Asking } from './asking';
import { answerCommandOf } from './dispute-records';
import { DisputeRepository } from './dispute.repository';
import { PaymentRepository } from './payment.repository';

/** Disputes whose answer has no certain outcome. Their end is the network's to tell. */
@Injectable()
export class AskAgainForDisputes extends AskAgainAbout<Dispute> {
  constructor(objects: DisputeRepository, payments: PaymentRepository, asking: Asking, clock: Clock) {
    super(objects, payments, asking, clock);
  }

  protected waits(waiting: Dispute): boolean {
    return awaitsAnswer(waiting);
  }

  protected awaited(waiting: Dispute, payment: Payment): OutboundRecord[] {
    return answerCommandOf(waiting, payment);
  }
}
