import { Module } from '@nestjs/common';
import { walletEvents } from '@gateway/contracts/wallet.network.events.v1';
import { MessagingModule } from '@gateway/messaging';
import { PersistenceModule } from '@gateway/persistence';
import { PlatformModule, readConfig } from '@gateway/platform';
import { CoreModule } from './core.module';
import { EdgeModule } from './edge/edge.module';
import { readEdgeConfig } from './edge.config';
import { RoutingConfig } from './routing.config';

const config = readConfig(RoutingConfig);
const networks = readEdgeConfig().networks.map(({ id }) => id);

/** routing: the only place that knows a payment is a sequence of steps, and the partners' door. */
@Module({
  imports: [
    PlatformModule,
    PersistenceModule.forService(() => ({ url: config.databaseUrl, applicationName: 'routing' })),
    MessagingModule.forRoot({ service: 'routing', families: [[walletEvents, networks]] }),
    CoreModule,
    EdgeModule,
  ],
})
export class RoutingModule {}
