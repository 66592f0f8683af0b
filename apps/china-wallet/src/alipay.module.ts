import { Module } from '@nestjs/common';
import { MessagingModule } from '@gateway/messaging';
import { PersistenceModule } from '@gateway/persistence';
import { PlatformModule, readConfig } from '@gateway/platform';
import { WalletNetworkModule, WalletRuntimeConfig } from '@gateway/wallet-network';
import { AlipayClients } from './alipay.clients';
import { AlipayConfig } from './alipay.config';
import { loadCredentials } from './alipay.credentials';
import { ALIPAY_DESCRIPTION } from './alipay.description';
import { AlipayIntake } from './alipay.intake';
import { AlipayNetwork } from './alipay.network';

const SERVICE = 'china-wallet';
const config = readConfig(AlipayConfig);
const runtime = readConfig(WalletRuntimeConfig);

/** The Alipay side: the wallet runtime with Alipay's adapter, intake and clients. */
@Module({
  imports: [
    PlatformModule,
    PersistenceModule.forService(() => ({ url: runtime.databaseUrl, applicationName: SERVICE })),
    MessagingModule.forRoot({ service: SERVICE }),
    WalletNetworkModule.forNetwork({
      service: SERVICE,
      id: ALIPAY_DESCRIPTION.id,
      network: AlipayNetwork,
      intake: AlipayIntake,
      config: runtime,
      providers: [
        {
          provide: AlipayClients,
          useFactory: async (): Promise<AlipayClients> => new AlipayClients(config, await loadCredentials(config)),
        },
      ],
    }),
  ],
})
export class AlipayModule {}
