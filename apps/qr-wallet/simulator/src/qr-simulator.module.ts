import { Module } from '@nestjs/common';
import { PersistenceModule } from '@gateway/persistence';
import { PlatformModule, readConfig } from '@gateway/platform';
import { ControlController, QrpayWorld } from './control.controller';
import { ControlGuard } from './control.guard';
import { Notifier } from './notifier';
import { Orders } from './orders';
import { BooksStore } from './outbound/books.store';
import { FaultsStore } from './outbound/faults.store';
import { KeysStore } from './outbound/keys.store';
import { NotificationsStore } from './outbound/notifications.store';
import { OrdersStore } from './outbound/orders.store';
import { RefundsStore } from './outbound/refunds.store';
import { TestClockStore } from './outbound/test-clock.store';
import { QrSimulatorConfig } from './qr-simulator.config';
import { QrpayBusiness, QrpayController } from './qrpay.controller';
import { Refunds } from './refunds';

/** QRPay as the outside world has it: a server and a database of its own. */
@Module({
  imports: [
    PlatformModule,
    PersistenceModule.forService(() => ({
      url: readConfig(QrSimulatorConfig).databaseUrl,
      applicationName: 'qr-simulator',
    })),
  ],
  controllers: [ControlController, QrpayController],
  providers: [
    { provide: QrSimulatorConfig, useFactory: () => readConfig(QrSimulatorConfig) },
    BooksStore,
    FaultsStore,
    KeysStore,
    NotificationsStore,
    OrdersStore,
    RefundsStore,
    TestClockStore,
    ControlGuard,
    Notifier,
    Orders,
    Refunds,
    QrpayBusiness,
    QrpayWorld,
  ],
})
export class QrSimulatorModule {}
