import { Module } from '@nestjs/common';
import { readConfig } from '@gateway/platform';
import { NORMAL_ASKING, SHORT_ASKING } from './domain/backstop';
import { BackstopTimer } from './inbound/backstop.timer';
import { PaymentConsumer } from './inbound/payment.consumer';
import { SqlPaymentRepository } from './outbound/payment-sql.repository';
import { SqlRefundRepository } from './outbound/refund-sql.repository';
import { RoutingConfig } from './routing.config';
import { AdvancePayments } from './use-cases/advance-payments';
import { AdvanceRefunds } from './use-cases/advance-refunds';
import { AskAgain } from './use-cases/ask-again';
import { AskAgainForRefunds } from './use-cases/ask-again-for-refunds';
import { Asking } from './use-cases/asking';
import { CancelPayment } from './use-cases/cancel-payment';
import { PaymentRecorder } from './use-cases/payment-recorder';
import { PaymentRepository } from './use-cases/payment.repository';
import { RefundRecorder } from './use-cases/refund-recorder';
import { RefundRepository } from './use-cases/refund.repository';
import { RequestRefund } from './use-cases/request-refund';
import { StartPayments } from './use-cases/start-payments';

/** A payment's life and its refunds': the state tables applied to batches of facts, and the backstop. */
@Module({
  controllers: [PaymentConsumer],
  providers: [
    {
      provide: Asking,
      useFactory: (): Asking => ({
        plan: readConfig(RoutingConfig).enquiryProfile === 'short' ? SHORT_ASKING : NORMAL_ASKING,
      }),
    },
    { provide: PaymentRepository, useClass: SqlPaymentRepository },
    { provide: RefundRepository, useClass: SqlRefundRepository },
    PaymentRecorder,
    RefundRecorder,
    AdvancePayments,
    AdvanceRefunds,
    RequestRefund,
    AskAgain,
    AskAgainForRefunds,
    CancelPayment,
    StartPayments,
    BackstopTimer,
  ],
  exports: [StartPayments, CancelPayment, RequestRefund],
})
export class CoreModule {}
