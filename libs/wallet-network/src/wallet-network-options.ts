import type { DynamicModule, ForwardReference, Provider, Type } from '@nestjs/common';
import type { InstrumentIntake } from './instrument-intake';
import type { WalletNetwork } from './wallet-network';
import type { WalletRuntimeConfig } from './wallet-runtime.config';

/** What one wallet network tells the runtime; everything else is the same for all of them. */
export interface WalletNetworkOptions {
  /** Service name: consumer group, audit writer, `audit.<service>.v1`. E.g. `us-wallet`. */
  service: string;
  /** Network id, as in `describe().id`: the topics `wallet.<id>.commands.v1` and `wallet.<id>.events.v1`. E.g. `applepay`. */
  id: string;
  /** The adapter. May inject the network's own providers, and `Clock`, `IdSource`, `RandomSource`, `Database`. */
  network: Type<WalletNetwork>;
  /** Verifies and exchanges raw values of instruments; the same may be injected. */
  intake: Type<InstrumentIntake>;
  imports?: (Type | DynamicModule | Promise<DynamicModule> | ForwardReference)[];
  providers?: Provider[];
  /** The network's own HTTP edges, beside `/internal/v1/instruments` and `/notifications/*`, which the runtime brings. */
  controllers?: Type[];
  /** Replaces the environment; for tests and the benchmark. */
  config?: WalletRuntimeConfig;
}
