import { Module } from '@nestjs/common';
import { readConfig } from '@gateway/platform';
import { NORMAL_ASKING, SHORT_ASKING } from './domain/backstop';
import { BackstopTimer } from './inbound/backstop.timer';
import { PaymentConsumer } from './inbound/payment.consumer';
import { SqlDisputeRepository } from './outbound/dispute-sql.repository';
import { SqlPaymentRepository } from './outbound/payment-sql.repository';
import { SqlReturnRepository } from './outbound/return-sql.repository';
import { SqlRefundDecisionRepository } from './outbound/refund-decision-sql.repository';
import { SqlRefundRepository } from './outbound/refund-sql.repository';
import { RoutingConfig } from './routing.config';
import { AdvanceDisputes } from './use-cases/advance-disputes';
import { AdvancePayments, ObjectFolds, ObjectRecorders } from './use-cases/advance-payments';
import { WithdrawOwedRefunds } from './use-cases/withdraw-owed-refunds';
import { AdvanceRefunds } from './use-cases/advance-refunds';
import { AdvanceReturns } from './use-cases/advance-returns';
import { AnswerDispute } from './use-cases/answer-dispute';
import { AskAgainForDisputes } from './use-cases/ask-again-for-disputes';
import { AskAgainForReturns } from './use-cases/ask-again-for-returns';
import { CorrectReturn } from './use-cases/correct-return';
import { ReturnRecorder } from './use-cases/return-recorder';
import { ReturnRepository } from './use-cases/return.repository';
import { AskAgain } from './use-cases/ask-again';
import { AskAgainForRefunds } from './use-cases/ask-again-for-refunds';
import { Asking } from './use-cases/asking';
import { CancelPayment } from './use-cases/cancel-payment';
import { DisputeRecorder } from './use-cases/dispute-recorder';
import { DisputeRepository } from './use-cases/dispute.repository';
import { PaymentRecorder } from './use-cases/payment-recorder';
import { PaymentRepository } from './use-cases/payment.repository';
import { FundRefundsOfToday } from './use-cases/fund-refunds-of-today';
import { DecideRefunds } from './use-cases/decide-refunds';
import { RefundDecisionRepository } from './use-cases/refund-decision.repository';
import { RefundRecorder } from './use-cases/refund-recorder';
import { RefundRepository } from './use-cases/refund.repository';
import { RequestRefund } from './use-cases/request-refund';
import { StartPayments } from './use-cases/start-payments';

/** A payment's life, and that of its refunds, returned credits and disputes: the state tables applied to batches of facts, and the backstop. */
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
    { provide: RefundDecisionRepository, useClass: SqlRefundDecisionRepository },
    { provide: ReturnRepository, useClass: SqlReturnRepository },
    { provide: DisputeRepository, useClass: SqlDisputeRepository },
    PaymentRecorder,
    RefundRecorder,
    AdvancePayments,
    ReturnRecorder,
    DisputeRecorder,
    ObjectFolds,
    ObjectRecorders,
    AdvanceRefunds,
    WithdrawOwedRefunds,
    AdvanceReturns,
    AdvanceDisputes,
    RequestRefund,
    DecideRefunds,
    CorrectReturn,
    AnswerDispute,
    AskAgain,
    AskAgainForRefunds,
    AskAgainForReturns,
    AskAgainForDisputes,
    FundRefundsOfToday,
    CancelPayment,
    StartPayments,
    BackstopTimer,
  ],
  exports: [StartPayments, CancelPayment, RequestRefund, DecideRefunds, CorrectReturn, AnswerDispute],
})
export class CoreModule {}
