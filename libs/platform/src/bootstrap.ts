import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readiness } from './health/readiness';
import { keepHeapSmall } from './heap-growth';
import { createHttpAdapter } from './http/http-adapter';
import { ProblemFilter } from './http/problem.filter';
import { JsonLogger } from './json-logger';

const STOP_WITHIN_MS = 15_000;
const LOOPBACK = '127.0.0.1';

/** What a service tells the bootstrap. */
export interface ServiceStart {
  service: string;
  module: Type;
  port: number;
  host?: string;
  logLevel?: string;
  bodyLimitBytes?: number;
  /** Injection token of the message strategy, where the service consumes topics. */
  strategy?: Type<CustomTransportStrategy>;
  /** Last touches on the HTTP application before it listens (OpenAPI, pipes). */
  configure?: (app: NestFastifyApplication) => void | Promise<void>;
}

/**
 * Starts one service: HTTP on Fastify, problem documents, health and metrics, the message strategy, and an orderly
 * stop on SIGTERM, SIGINT or when the launcher's channel closes (a service never outlives who started it).
 */
export async function startService(start: ServiceStart): Promise<NestFastifyApplication> {
  keepHeapSmall();
  const logger = new JsonLogger(start.service, start.logLevel);
  // Nothing has begun that would need an order to end in.
  const endAtOnce = (): never => process.exit(1);
  process.once('disconnect', endAtOnce);
  const adapter = createHttpAdapter(start.bodyLimitBytes);
  const app = await NestFactory.create<NestFastifyApplication>(start.module, adapter, {
    logger,
    rawBody: true,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  await start.configure?.(app);
  if (start.strategy) {
    app.connectMicroservice({ strategy: app.get(start.strategy, { strict: false }) });
    await app.startAllMicroservices();
  }
  process.off('disconnect', endAtOnce);
  stopInOrder(app, logger);
  // A container's other containers cannot reach its loopback address: the image sets LISTEN_HOST.
  await app.listen(start.port, start.host ?? process.env.LISTEN_HOST ?? LOOPBACK);
  logger.log({ event: 'started', port: start.port });
  process.send?.({ event: 'started' });
  return app;
}

function stopInOrder(app: NestFastifyApplication, logger: JsonLogger): void {
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    logger.log({ event: 'stopping', why });
    app.get(Readiness, { strict: false }).stop();
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  process.once('disconnect', () => stop('launcher is gone'));
}
