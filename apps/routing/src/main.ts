import 'reflect-metadata';
import { BatchStrategy } from '@gateway/messaging';
import { readConfig, startService } from '@gateway/platform';
import { configureHttp } from './inbound/http/configure-http';
import { RoutingConfig } from './routing.config';
import { RoutingModule } from './routing.module';

const { port, logLevel } = readConfig(RoutingConfig);

void startService({
  service: 'routing',
  module: RoutingModule,
  port,
  logLevel,
  strategy: BatchStrategy,
  configure: configureHttp,
});
