import 'reflect-metadata';
import { BatchStrategy } from '@gateway/messaging';
import { readConfig, startService } from '@gateway/platform';
import type { FastifyInstance } from 'fastify';
import { installRequestHooks } from './inbound/http/request-hooks';
import { RoutingConfig } from './routing.config';
import { RoutingModule } from './routing.module';

const { port, logLevel } = readConfig(RoutingConfig);

void startService({
  service: 'routing',
  module: RoutingModule,
  port,
  logLevel,
  strategy: BatchStrategy,
  configure: (app) => installRequestHooks(app.getHttpAdapter().getInstance() as unknown as FastifyInstance),
});
