import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { walletCommands } from '@gateway/contracts/wallet.network.commands.v1';
import { OutboxTransactions } from '@gateway/messaging';
import { Database } from '@gateway/persistence';
import { IdSource, InternalToken, RandomSource, readConfig, Sealer } from '@gateway/platform';
import { commandConsumerOf } from './inbound/command.consumer';
import { InstrumentsController } from './inbound/instruments.controller';
import { NotificationsController } from './inbound/notifications.controller';
import { ReviewsController } from './inbound/reviews.controller';
import { InstrumentIntake } from './instrument-intake';
import { InstructionRepository } from './outbound/instruction.repository';
import { InstrumentRepository } from './outbound/instrument.repository';
import { NotificationRepository } from './outbound/notification.repository';
import { ResolutionRepository } from './outbound/resolution.repository';
import { assembleRuntime, WalletRuntime } from './runtime-assembly';
import { AcceptCommands } from './use-cases/accept-commands';
import { ReceiveNotification } from './use-cases/receive-notification';
import { ReadReviews } from './use-cases/read-reviews';
import { ResolveUnknowns } from './use-cases/resolve-unknowns';
import { TakeInstrument } from './use-cases/take-instrument';
import { WalletNetwork } from './wallet-network';
import type { WalletNetworkOptions } from './wallet-network-options';
import { WalletRuntimeConfig } from './wallet-runtime.config';

/**
 * The adapter runtime of one wallet network: everything but the translation, which the network's own class does.
 * The app imports `PlatformModule`, `PersistenceModule` and `MessagingModule` beside it; this and its own providers are the rest.
 */
@Module({})
export class WalletNetworkModule {
  static forNetwork(options: WalletNetworkOptions): DynamicModule {
    return {
      module: WalletNetworkModule,
      imports: options.imports ?? [],
      controllers: [
        ...(options.controllers ?? []),
        commandConsumerOf(walletCommands(options.id)),
        InstrumentsController,
        NotificationsController,
        ReviewsController,
      ],
      providers: [
        ...(options.providers ?? []),
        { provide: WalletNetwork, useClass: options.network },
        { provide: InstrumentIntake, useClass: options.intake },
        ...configured(options),
        ...RUNTIME,
        runtimeOf(options),
      ],
      exports: [WalletNetwork, InstrumentIntake, WalletRuntimeConfig],
    };
  }
}

const RUNTIME: Provider[] = [
  InstructionRepository,
  InstrumentRepository,
  NotificationRepository,
  ResolutionRepository,
  TakeInstrument,
  ReadReviews,
  {
    provide: AcceptCommands,
    useFactory: (runtime: WalletRuntime) => runtime.acceptance,
    inject: [WalletRuntime],
  },
  {
    provide: ReceiveNotification,
    useFactory: (runtime: WalletRuntime) => runtime.notifications,
    inject: [WalletRuntime],
  },
  {
    provide: ResolveUnknowns,
    useFactory: (runtime: WalletRuntime) => runtime.resolutions,
    inject: [WalletRuntime],
  },
];

function configured(options: WalletNetworkOptions): Provider[] {
  return [
    { provide: WalletRuntimeConfig, useFactory: () => options.config ?? readConfig(WalletRuntimeConfig) },
    {
      provide: Sealer,
      useFactory: (config: WalletRuntimeConfig, random: RandomSource) => new Sealer(config.sealKey, random),
      inject: [WalletRuntimeConfig, RandomSource],
    },
    {
      provide: InternalToken,
      useFactory: (config: WalletRuntimeConfig): InternalToken => ({ value: config.internalToken }),
      inject: [WalletRuntimeConfig],
    },
  ];
}

function runtimeOf(options: WalletNetworkOptions): Provider {
  return {
    provide: WalletRuntime,
    useFactory: (
      config: WalletRuntimeConfig,
      network: WalletNetwork,
      database: Database,
      transactions: OutboxTransactions,
      ...[instructions, instruments, notifications, resolutions, ids]: [
        InstructionRepository,
        InstrumentRepository,
        NotificationRepository,
        ResolutionRepository,
        IdSource,
      ]
    ) =>
      assembleRuntime(
        { service: options.service, id: options.id, config },
        { network, database, transactions, instructions, instruments, notifications, resolutions, ids },
      ),
    inject: [
      WalletRuntimeConfig,
      WalletNetwork,
      Database,
      OutboxTransactions,
      InstructionRepository,
      InstrumentRepository,
      NotificationRepository,
      ResolutionRepository,
      IdSource,
    ],
  };
}
