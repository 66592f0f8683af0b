import { Module, type Provider } from '@nestjs/common';
import { PersistenceModule } from '@gateway/persistence';
import { PlatformModule, readConfig } from '@gateway/platform';
import { AcquirerController } from './acquirer/acquirer.controller';
import { AcquirerDesk } from './acquirer/acquirer-desk';
import { AcquirerNetwork, AcquirerTimers } from './acquirer/acquirer.network';
import { AcquirerWebhooks } from './acquirer/acquirer-webhooks';
import { CardActions } from './acquirer/card-actions';
import { CardDisputes } from './acquirer/card-disputes';
import { CardPayments } from './acquirer/card-payments';
import { DisputeRequests } from './acquirer/dispute-requests';
import { AcquirerDisputesController } from './acquirer/disputes.controller';
import { EmptyBodies } from './acquirer/empty-bodies';
import { TokenExchange } from './acquirer/token-exchange';
import { AmsController } from './ams/ams.controller';
import { AmsNetwork, AmsTimers } from './ams/ams.network';
import { AmsNotifications } from './ams/ams-notifications';
import { AmsPayments } from './ams/ams-payments';
import { AmsRefunds } from './ams/ams-refunds';
import { AppleController } from './apple/apple.controller';
import { AppleKeyStore } from './apple/apple-keys';
import { SessionEndpoint } from './apple/session-endpoint';
import { SessionKeyStore } from './apple/session-keys';
import { TokenMaker } from './apple/token-maker';
import { BooksController } from './control/books.controller';
import { ControlGuard } from './control/control.guard';
import { CredentialsController } from './control/credentials.controller';
import { DisputesControlController } from './control/disputes.controller';
import { HappeningNetworks, Happenings } from './control/happenings';
import { WorldController } from './control/world.controller';
import { Desk } from './faults/desk';
import { NotificationSender } from './faults/notification-sender';
import { Pace } from './faults/pace';
import { Timekeeper } from './faults/timekeeper';
import { AlipayKeyStore } from './open-platform/alipay-keys';
import { OpenPlatformController } from './open-platform/open-platform.controller';
import { OpenPlatformV3Controller } from './open-platform/open-platform-v3.controller';
import { OpenPlatformNetwork, TransferTimers } from './open-platform/open-platform.network';
import { TransferNotifications } from './open-platform/transfer-notifications';
import { Transfers } from './open-platform/transfers';
import { AmsStore } from './outbound/ams.store';
import { BooksStore } from './outbound/books.store';
import { CardDisputesStore } from './outbound/card-disputes.store';
import { CardPaymentsStore } from './outbound/card-payments.store';
import { CardTokensStore } from './outbound/card-tokens.store';
import { DeferredRequestsStore } from './outbound/deferred-requests.store';
import { FaultsStore } from './outbound/faults.store';
import { IdempotencyKeysStore } from './outbound/idempotency-keys.store';
import { NotificationsStore } from './outbound/notifications.store';
import { PartnerEventsStore } from './outbound/partner-events.store';
import { SettingsStore } from './outbound/settings.store';
import { TransfersStore } from './outbound/transfers.store';
import { PartnerController } from './partner/partner.controller';
import { AcquirerParts, AmsParts, NetworkTies, OpenPlatformParts, SimulatedWorld } from './simulated-world';
import { SimulatorConfig } from './simulator.config';
import { RateFeed } from './treasury/rate-feed';
import { TreasuryController } from './treasury/treasury.controller';

const POOL_SIZE = 16;

const CONFIG: Provider = { provide: SimulatorConfig, useFactory: () => readConfig(SimulatorConfig) };
const STORES = [
  AmsStore,
  BooksStore,
  CardDisputesStore,
  CardPaymentsStore,
  CardTokensStore,
  DeferredRequestsStore,
  FaultsStore,
  IdempotencyKeysStore,
  NotificationsStore,
  PartnerEventsStore,
  SettingsStore,
  TransfersStore,
];
const FAULTS = [Desk, NotificationSender, Pace, Timekeeper];
const APPLE = [AppleKeyStore, SessionEndpoint, SessionKeyStore, TokenMaker];
const ACQUIRER = [
  AcquirerDesk,
  AcquirerNetwork,
  AcquirerTimers,
  AcquirerWebhooks,
  CardActions,
  CardDisputes,
  CardPayments,
  DisputeRequests,
  EmptyBodies,
  TokenExchange,
];
const ALIPAY = [
  AlipayKeyStore,
  AmsNetwork,
  AmsNotifications,
  AmsPayments,
  AmsRefunds,
  AmsTimers,
  OpenPlatformNetwork,
  TransferNotifications,
  Transfers,
  TransferTimers,
];
const WORLD = [AcquirerParts, AmsParts, OpenPlatformParts, NetworkTies, SimulatedWorld];

/** The outside world: one server, one database, shared with nobody. */
@Module({
  imports: [
    PlatformModule,
    PersistenceModule.forService(() => ({
      url: readConfig(SimulatorConfig).databaseUrl,
      applicationName: 'simulator',
      poolSize: POOL_SIZE,
    })),
  ],
  controllers: [
    AcquirerController,
    AcquirerDisputesController,
    AmsController,
    AppleController,
    BooksController,
    CredentialsController,
    DisputesControlController,
    OpenPlatformController,
    OpenPlatformV3Controller,
    PartnerController,
    TreasuryController,
    WorldController,
  ],
  providers: [
    CONFIG,
    ...STORES,
    ...FAULTS,
    ...APPLE,
    ...ACQUIRER,
    ...ALIPAY,
    RateFeed,
    ControlGuard,
    HappeningNetworks,
    Happenings,
    ...WORLD,
  ],
})
export class SimulatorModule {}
