import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RuntimePorts } from '@gateway/local-runtime';
import { Database } from '@gateway/persistence';
import { provisionPartner, type PartnerToProvision } from '../../../apps/routing/src/provision';
import { PartnerClient, type Answer } from './partner-client';
import { SimulatorClient } from './simulator-client';

export { until } from './until';

/** What `gw status --json` tells, as far as the stories need it. */
export interface GatewayStatus {
  data: string;
  logs: string;
  postgres: { admin_url: string };
  ports: RuntimePorts;
  partner_api: { url: string; api_key: string };
  simulator: { url: string; control_url: string; control_token: string };
  internal_token: string;
  operators: { id: string; token: string }[];
  kafka: { brokers: string; topic_prefix: string };
  services: Record<string, { url: string; database_url: string; pid?: number }>;
}

/** The running system that a story plays on. Stories share it and are kept apart by partner. */
export class Gateway {
  readonly status: GatewayStatus;
  readonly simulator: SimulatorClient;

  constructor() {
    this.status = readStatus();
    this.simulator = new SimulatorClient(this.status.simulator);
  }

  /** The process of each service as it is now: a service that was started again has another one. */
  pids(): Record<string, number | undefined> {
    return Object.fromEntries(Object.entries(readStatus().services).map(([name, { pid }]) => [name, pid]));
  }

  /** Services that speak over Kafka: all but the outside world. */
  messagingServices(): string[] {
    return Object.keys(this.status.services).filter((service) => !service.endsWith('simulator'));
  }

  /** A partner of this story's own. */
  async newPartner(contract: Pick<PartnerToProvision, 'disputes'> = {}): Promise<PartnerClient> {
    const partnerId = `prt_${randomBytes(8).toString('hex')}`;
    const key = `sk_test_${randomBytes(8).toString('hex')}_${randomBytes(24).toString('hex')}`;
    await this.inDatabaseOf('routing', (database) =>
      provisionPartner(database, { partnerId, name: 'Story', key, ...contract }),
    );
    return new PartnerClient(this.status.partner_api.url, key, partnerId);
  }

  async inDatabaseOf<T>(service: string, work: (database: Database) => Promise<T>): Promise<T> {
    const url = this.status.services[service]?.database_url ?? '';
    const database = await Database.connect({ url, applicationName: 'story', poolSize: 1 });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  /** What a named person does at the operator API. */
  async asOperator(id: string, method: string, path: string, body?: object): Promise<Answer> {
    const token = this.status.operators.find((person) => person.id === id)?.token ?? '';
    return new PartnerClient(this.status.partner_api.url, token, id).send(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
    );
  }

  /** A read of a service's internal side. */
  async internal<T>(service: string, path: string): Promise<T> {
    const response = await fetch(`${this.status.services[service]?.url}${path}`, {
      headers: { authorization: `Bearer ${this.status.internal_token}` },
    });
    if (!response.ok) throw new Error(`${service}${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}

function readStatus(): GatewayStatus {
  const file = process.env.GATEWAY_STATUS;
  if (file === undefined)
    throw new Error('GATEWAY_STATUS is not set: stories need a running system (npm run test:e2e).');
  return JSON.parse(readFileSync(file, 'utf8')) as GatewayStatus;
}
