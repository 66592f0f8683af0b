import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemFilter } from '@gateway/platform';
import { makeOwnDatabase, type OwnDatabase } from './own-database';
import { migrations } from '../../../apps/simulator/src/migrations';
import { SimulatorModule } from '../../../apps/simulator/src/simulator.module';

const CONTROL_TOKEN = 'control-token-of-the-tests';

/** A simulator on a free port with a database of its own. */
export class RunningSimulator {
  readonly controlToken = CONTROL_TOKEN;

  private constructor(
    readonly url: string,
    private readonly app: NestFastifyApplication,
    private readonly database: OwnDatabase,
  ) {}

  static async start(): Promise<RunningSimulator> {
    const database = await makeOwnDatabase(migrations);
    process.env['DATABASE_URL'] = database.url;
    process.env['SIMULATOR_CONTROL_TOKEN'] = CONTROL_TOKEN;
    const app = await NestFactory.create<NestFastifyApplication>(SimulatorModule, new FastifyAdapter(), {
      logger: false,
      rawBody: true,
      abortOnError: false,
    });
    app.useGlobalFilters(new ProblemFilter());
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new RunningSimulator(`http://127.0.0.1:${port}`, app, database);
  }

  /** Where its own data is. */
  get databaseUrl(): string {
    return this.database.url;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  async control<T = Record<string, unknown>>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<T> {
    const response = await fetch(`${this.url}/control${path}`, {
      method,
      headers: {
        authorization: `Bearer ${CONTROL_TOKEN}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }

  async fault(rule: Record<string, unknown>): Promise<void> {
    await this.control('POST', '/faults', rule);
  }

  /** Movements by operation, in order: what the network really did. */
  async movements(reference: string): Promise<{ operation: string; amount: string; sign: number }[]> {
    const books = await this.control<{ movements: { operation: string; amount: string; sign: number }[] }>(
      'GET',
      `/books/${reference}`,
    );
    return books.movements.map(({ operation, amount, sign }) => ({ operation, amount, sign }));
  }
}

/** An instruction id as the gateway derives it from a payment's id. */
export function newReference(step: string): string {
  return `pay_${randomUUID().replaceAll('-', '').slice(0, 26).toUpperCase()}-${step}`;
}

const PATIENCE_MS = 60_000;

/** Waits until `check` gives a value. A busy machine may take its time. */
export async function eventually<T>(check: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`it did not happen within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
