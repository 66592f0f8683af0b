import type { OutboundRecord } from '@gateway/messaging';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { awaitsCorrection, type ReturnedCredit } from '../domain/returns/returned-credit';
import type { Payment } from '../domain/payment';
import { AskAgainAbout } from './ask-again-about';
import { Asking } from './asking';
import { PaymentRepository } from './payment.repository';
import { correctionCommandOf } from './return-records';
import { ReturnRepository } from './return.repository';

/** Returned credits whose second credit has no certain outcome. */
@Injectable()
export class AskAgainForReturns extends AskAgainAbout<ReturnedCredit> {
  constructor(objects: ReturnRepository, payments: PaymentRepository, asking: Asking, clock: Clock) {
    super(objects, payments, asking, clock);
  }

  protected waits(waiting: ReturnedCredit): boolean {
    return awaitsCorrection(waiting);
  }

  protected awaited(waiting: ReturnedCredit, payment: Payment): OutboundRecord[] {
    return [correctionCommandOf(waiting, payment)];
  }
}
