import { randomInt, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { ProblemFilter, SystemClock } from '@gateway/platform';
import type { Instruction, RawNotification } from '@gateway/wallet-network';
import { migrations } from '../../../apps/qr-wallet/simulator/src/migrations';
import { QrSimulatorModule } from '../../../apps/qr-wallet/simulator/src/qr-simulator.module';
import { QrpayConfig } from '../../../apps/qr-wallet/src/qrpay.config';
import { QrpayContract } from '../../../apps/qr-wallet/src/qrpay.contract';
import type { QrpayCredentials } from '../../../apps/qr-wallet/src/qrpay.credentials';
import { QrpayNetwork } from '../../../apps/qr-wallet/src/qrpay.network';
import { NotificationReceiver } from '../simulator/notification-receiver';

const CONTROL_TOKEN = 'control-token-of-the-tests';
const PATIENCE_MS = 60_000;

/** A movement in the books of QRPay's simulator. */
export interface QrpayMovement {
  operation: string;
  reference: string;
  amount: string;
  sign: number;
}

/** A code as a payer's app shows it; `marker` says how that payer's account behaves. */
export function payerCode(marker = '0000'): string {
  return `51${marker}${String(randomInt(0, 1_000_000)).padStart(6, '0')}${String(randomInt(0, 1_000_000)).padStart(6, '0')}`;
}

/** The QRPay adapter with its simulator, a database of that one's own, and an address that takes its notifications. */
export class QrpaySide {
  private constructor(
    readonly url: string,
    readonly network: QrpayNetwork,
    readonly credentials: QrpayCredentials,
    private readonly parts: { app: NestFastifyApplication; database: TestDatabase; receiver: NotificationReceiver },
    private readonly clock: SystemClock,
  ) {}

  static async start(): Promise<QrpaySide> {
    const database = await createTestDatabase(migrations);
    Object.assign(process.env, { DATABASE_URL: database.url, SIMULATOR_CONTROL_TOKEN: CONTROL_TOKEN });
    const app = await NestFactory.create<NestFastifyApplication>(QrSimulatorModule, new FastifyAdapter(), {
      logger: false,
      rawBody: true,
      abortOnError: false,
    });
    app.useGlobalFilters(new ProblemFilter());
    await app.listen(0, '127.0.0.1');
    const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
    const receiver = await NotificationReceiver.listen();
    const credentials = await control<QrpayCredentials>(url, 'GET', '/qrpay/credentials');
    const config = Object.assign(new QrpayConfig(), { simulatorUrl: url, notifyBaseUrl: receiver.url });
    const clock = new SystemClock();
    const network = new QrpayNetwork(new QrpayContract(config, credentials), clock);
    return new QrpaySide(url, network, credentials, { app, database, receiver }, clock);
  }

  async stop(): Promise<void> {
    await this.parts.app.close();
    await this.parts.receiver.close();
    await this.parts.database.drop();
  }

  control<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    return control(this.url, method, path, body);
  }

  fault(operation: string, match: string, behaviour: string): Promise<unknown> {
    return this.control('POST', '/faults', { operation, match, behaviour });
  }

  /** Both clocks, so that they agree as they do in one database. */
  async travel(ms: number): Promise<void> {
    this.clock.setOffsetMs(ms);
    await this.control('POST', '/clock', { offset_ms: ms });
  }

  instruct(secret: Record<string, string> = { mode: 'shown', payer_code: payerCode() }): Instruction {
    const paymentId = `pay_${randomUUID().replaceAll('-', '').slice(0, 26).toUpperCase()}`;
    return {
      instructionId: `${paymentId}-collect`,
      paymentId,
      partnerId: 'prt_demo',
      operation: 'collect',
      amount: { amount: '5100', currency: 'USD' },
      purpose: 'goods',
      bopCode: '121010',
      instrument: { instrumentId: 'ins_test', partnerId: 'prt_demo', secret, scheme: 'qrpay' },
      networkReference: null,
      attempt: 1,
    };
  }

  async movements(reference: string): Promise<QrpayMovement[]> {
    return (await this.control<{ movements: QrpayMovement[] }>('GET', `/books/${reference}`)).movements;
  }

  /** The notification that QRPay itself sends about an order. */
  async notificationOf(orderId: string): Promise<RawNotification> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const sent = this.parts.receiver.about(orderId)[0];
      if (sent) {
        const headers = Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name, String(value)]));
        return { headers, path: sent.url, rawBody: Buffer.from(sent.body) };
      }
      if (Date.now() > end) throw new Error(`no notification about ${orderId}`);
      await sleep(25);
    }
  }
}

async function control<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${url}/control${path}`, {
    method,
    headers: {
      authorization: `Bearer ${CONTROL_TOKEN}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
