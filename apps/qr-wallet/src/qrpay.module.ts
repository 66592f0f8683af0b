import { Module } from '@nestjs/common';
import { MessagingModule } from '@gateway/messaging';
import { PersistenceModule } from '@gateway/persistence';
import { PlatformModule, readConfig } from '@gateway/platform';
import { WalletNetworkModule, WalletRuntimeConfig } from '@gateway/wallet-network';
import { QrpayConfig } from './qrpay.config';
import { QrpayContract } from './qrpay.contract';
import { loadCredentials } from './qrpay.credentials';
import { QRPAY_DESCRIPTION } from './qrpay.description';
import { QrpayIntake } from './qrpay.intake';
import { QrpayNetwork } from './qrpay.network';

const SERVICE = 'qr-wallet';
const config = readConfig(QrpayConfig);
const runtime = readConfig(WalletRuntimeConfig);

/** The QRPay side: the wallet runtime with QRPay's adapter and intake. */
@Module({
  imports: [
    PlatformModule,
    PersistenceModule.forService(() => ({ url: runtime.databaseUrl, applicationName: SERVICE })),
    MessagingModule.forRoot({ service: SERVICE }),
    WalletNetworkModule.forNetwork({
      service: SERVICE,
      id: QRPAY_DESCRIPTION.id,
      network: QrpayNetwork,
      intake: QrpayIntake,
      config: runtime,
      providers: [
        {
          provide: QrpayContract,
          useFactory: async (): Promise<QrpayContract> => new QrpayContract(config, await loadCredentials(config)),
        },
      ],
    }),
  ],
})
export class QrpayModule {}
