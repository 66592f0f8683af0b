import { Module, type DynamicModule } from '@nestjs/common';
import { readConfig } from '@gateway/platform';
import { InstrumentIntake } from './instrument-intake';
import { WalletNetwork } from './wallet-network';
import type { WalletNetworkOptions } from './wallet-network-options';
import { WalletRuntimeConfig } from './wallet-runtime.config';

/** The adapter runtime of one wallet network: everything but the translation, which the network's own class does. */
@Module({})
export class WalletNetworkModule {
  static forNetwork(options: WalletNetworkOptions): DynamicModule {
    return {
      module: WalletNetworkModule,
      imports: options.imports ?? [],
      controllers: options.controllers ?? [],
      providers: [
        ...(options.providers ?? []),
        { provide: WalletRuntimeConfig, useFactory: () => options.config ?? readConfig(WalletRuntimeConfig) },
        { provide: WalletNetwork, useClass: options.network },
        { provide: InstrumentIntake, useClass: options.intake },
      ],
      exports: [WalletNetwork, InstrumentIntake],
    };
  }
}
