import { Module } from '@nestjs/common';
import { MessagingModule } from '@gateway/messaging';
import { PersistenceModule } from '@gateway/persistence';
import { Clock, PlatformModule, readConfig, Readiness } from '@gateway/platform';
import { WalletNetworkModule, WalletRuntimeConfig } from '@gateway/wallet-network';
import { ApplePayClients } from './applepay.clients';
import { ApplePayConfig } from './applepay.config';
import { loadCredentials } from './applepay.credentials';
import { APPLE_PAY_DESCRIPTION } from './applepay.description';
import { ApplePayIntake } from './applepay.intake';
import { DisputeSweepTimer } from './dispute-sweep.timer';
import { DisputeSweep } from './disputes/dispute-sweep';
import { ForgetTokens } from './forget-tokens.timer';
import { MerchantSessionsController } from './merchant-session/merchant-sessions.controller';
import { CardTokenRepository } from './outbound/card-token.repository';
import { DisputeSweepRepository } from './outbound/dispute-sweep.repository';
import { ApplePayNetwork } from './applepay.network';

const SERVICE = 'us-wallet';
const config = readConfig(ApplePayConfig);
const runtime = readConfig(WalletRuntimeConfig);

/** The card side: the wallet runtime with Apple Pay's adapter, intake and clients. */
@Module({
  imports: [
    PlatformModule,
    PersistenceModule.forService(() => ({ url: runtime.databaseUrl, applicationName: SERVICE })),
    MessagingModule.forRoot({ service: SERVICE }),
    WalletNetworkModule.forNetwork({
      service: SERVICE,
      id: APPLE_PAY_DESCRIPTION.id,
      network: ApplePayNetwork,
      intake: ApplePayIntake,
      config: runtime,
      controllers: [MerchantSessionsController],
      providers: [
        CardTokenRepository,
        ForgetTokens,
        DisputeSweepRepository,
        DisputeSweep,
        DisputeSweepTimer,
        {
          provide: ApplePayClients,
          useFactory: async (clock: Clock, readiness: Readiness): Promise<ApplePayClients> => {
            const clients = new ApplePayClients(config, await loadCredentials(config), clock);
            readiness.register('decryption', async () => clients.state());
            return clients;
          },
          inject: [Clock, Readiness],
        },
      ],
    }),
  ],
})
export class ApplePayModule {}
