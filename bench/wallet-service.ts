import 'reflect-metadata';
import { BatchStrategy, MessagingModule } from '@gateway/messaging';
import { PersistenceModule } from '@gateway/persistence';
import { PlatformModule, readConfig, startService } from '@gateway/platform';
import { inProcessClasses, WalletNetworkModule, WalletRuntimeConfig } from '@gateway/wallet-network';
import { Module } from '@nestjs/common';
import { IN_PROCESS_NETWORKS } from './in-process-networks';

/**
 * A wallet's service of the benchmark: the whole adapter runtime of libs/wallet-network over a network inside the
 * process, which answers after 5 ms. The service's name is the only argument.
 */
const service = process.argv[2] ?? '';
const settings = IN_PROCESS_NETWORKS[service];
if (settings === undefined) throw new Error(`no in-process network for ${service}`);
const runtime = readConfig(WalletRuntimeConfig);

@Module({
  imports: [
    PlatformModule,
    PersistenceModule.forService(() => ({ url: runtime.databaseUrl, applicationName: service })),
    MessagingModule.forRoot({ service }),
    WalletNetworkModule.forNetwork({
      service,
      id: settings.id,
      ...inProcessClasses(settings),
      config: runtime,
    }),
  ],
})
class BenchWalletModule {}

const { PORT: port, LOG_LEVEL: logLevel } = process.env;
void startService({
  service,
  module: BenchWalletModule,
  port: Number(port),
  strategy: BatchStrategy,
  ...(logLevel === undefined ? {} : { logLevel }),
});
