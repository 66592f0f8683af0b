import { Global, Module } from '@nestjs/common';
import { IS_SANDBOX, RandomSource, Sealer } from '@gateway/platform';
import { EdgeConfig, readEdgeConfig } from '../edge.config';
import { OperatorAuthentication } from '../operators/operator-authentication';
import { OperatorReads } from '../operators/operator-reads';
import { PartnerBalances } from '../operators/partner-balances';
import { PeopleRefunds } from '../operators/people-refunds';
import { DisputeLiability } from '../operators/dispute-liability';
import { UnknownOutcomes } from '../operators/unknown-outcomes';
import { OperatorGuard } from '../operators/operator.guard';
import { ApiKeyGuard } from '../inbound/http/api-key.guard';
import { ApplePaySessionsController } from '../inbound/http/apple-pay-sessions.controller';
import { DisputeLiabilityController } from '../inbound/http/dispute-liability.controller';
import { LiabilityRepository } from '../outbound/liability.repository';
import { BalancesController } from '../inbound/http/balances.controller';
import { DisputesController } from '../inbound/http/disputes.controller';
import { IntakeController } from '../inbound/http/intake.controller';
import { OpenApiController, OpenApiDocument } from '../inbound/http/openapi.controller';
import { OperatorsController } from '../inbound/http/operators.controller';
import { PaymentsController } from '../inbound/http/payments.controller';
import { PeopleRefundsController } from '../inbound/http/people-refunds.controller';
import { RefundsController } from '../inbound/http/refunds.controller';
import { ReturnsController } from '../inbound/http/returns.controller';
import { ReviewsController } from '../inbound/http/reviews.controller';
import { TestHelpersController } from '../inbound/http/test-helpers.controller';
import { WebhookEndpointsController } from '../inbound/http/webhook-endpoints.controller';
import { ApiKeyRepository } from '../outbound/api-key.repository';
import { DisputeReader } from '../outbound/dispute-reader';
import { IdempotencyRepository } from '../outbound/idempotency.repository';
import { IntakeRepository } from '../outbound/intake.repository';
import { InternalServices } from '../outbound/internal-services';
import { OfferKeyRepository } from '../outbound/offer-key.repository';
import { PaymentReader } from '../outbound/payment-reader';
import { ReturnReader } from '../outbound/return-reader';
import { RefundReader } from '../outbound/refund-reader';
import { WebhookRepository } from '../outbound/webhook.repository';
import { PartnerAuthentication } from '../partners/partner-authentication';
import { CoreModule } from '../core.module';
import { PublicStatusChanges } from '../use-cases/public-status-changes';
import { DeliverWebhooks } from '../webhooks/deliver-webhooks';
import { ListeningPartners } from '../webhooks/listening-partners';
import { RetrySchedule } from '../webhooks/retry-schedule';
import { StatusEvents } from '../webhooks/status-events';
import { WebhookEndpoints } from '../webhooks/webhook-endpoints';
import { WebhookSecrets } from '../webhooks/webhook-secrets';
import { ApplePaySessions } from './apple-pay-sessions';
import { CreatePayments } from './create-payments';
import { IdempotentRequests } from './idempotent-requests';
import { Intake } from './intake';
import { KeyHousekeeping } from './key-housekeeping';
import { Networks } from './networks';
import { OfferVerifier } from './offer';
import { OfferKeys } from './offer-keys';
import { OfferKeysController } from './offer-keys.controller';
import { PartnerDisputes } from './partner-disputes';
import { PartnerPayments } from './partner-payments';
import { PartnerReturns } from './partner-returns';
import { PartnerRefunds } from './partner-refunds';
import { Quotes } from './quotes';
import { TestClocks } from './test-clocks';

const REPOSITORIES = [
  ApiKeyRepository,
  IdempotencyRepository,
  IntakeRepository,
  OfferKeyRepository,
  WebhookRepository,
  PaymentReader,
  RefundReader,
  ReturnReader,
  DisputeReader,
  LiabilityRepository,
];

const WEBHOOKS = [
  ListeningPartners,
  WebhookSecrets,
  WebhookEndpoints,
  DeliverWebhooks,
  { provide: PublicStatusChanges, useClass: StatusEvents },
  {
    provide: RetrySchedule,
    useFactory: (config: EdgeConfig, random: RandomSource): RetrySchedule =>
      new RetrySchedule(config.enquiryProfile, random),
    inject: [EdgeConfig, RandomSource],
  },
];

/** The partner API, webhooks and the operators' reads. Global, because the core tells partners through it. */
@Global()
@Module({
  imports: [CoreModule],
  controllers: [
    PaymentsController,
    RefundsController,
    ReturnsController,
    DisputesController,
    IntakeController,
    ApplePaySessionsController,
    WebhookEndpointsController,
    OfferKeysController,
    OperatorsController,
    BalancesController,
    PeopleRefundsController,
    ReviewsController,
    DisputeLiabilityController,
    OpenApiController,
    ...(IS_SANDBOX ? [TestHelpersController] : []),
  ],
  providers: [
    { provide: EdgeConfig, useFactory: readEdgeConfig },
    {
      provide: Sealer,
      useFactory: (config: EdgeConfig, random: RandomSource): Sealer => new Sealer(config.sealKey, random),
      inject: [EdgeConfig, RandomSource],
    },
    ...REPOSITORIES,
    ...WEBHOOKS,
    InternalServices,
    PartnerAuthentication,
    ApiKeyGuard,
    OperatorAuthentication,
    OperatorReads,
    PartnerBalances,
    PeopleRefunds,
    UnknownOutcomes,
    DisputeLiability,
    OperatorGuard,
    OpenApiDocument,
    IdempotentRequests,
    KeyHousekeeping,
    Networks,
    Intake,
    ApplePaySessions,
    Quotes,
    OfferKeys,
    OfferVerifier,
    CreatePayments,
    PartnerPayments,
    PartnerRefunds,
    ...(IS_SANDBOX ? [TestClocks] : []),
    PartnerReturns,
    PartnerDisputes,
  ],
  exports: [PublicStatusChanges],
})
export class EdgeModule {}
