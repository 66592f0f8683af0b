import path from 'node:path';
import type { RuntimeStatus, ServiceDatabase } from '@gateway/local-runtime';
import type { Operators } from './demo-people';
import type { Installation } from './installation';
import { type ServiceManifest, urlOf } from './service-manifest';
import type { ServiceProcess } from './service-process';
import type { GatewayState, GatewayStatus, ServiceStatus } from './state-file';

/** What a launcher knows while it runs. */
export interface LauncherView {
  readonly installation: Installation;
  readonly state: GatewayState;
  readonly startedAt: string;
  readonly runtime?: RuntimeStatus;
  readonly operators: Operators;
  readonly databases: Readonly<Record<string, ServiceDatabase>>;
  readonly processes: readonly ServiceProcess[];
  readonly ready: ReadonlySet<string>;
  readonly timings: Readonly<Record<string, number>>;
}

/** The launcher's knowledge in the form that tools read. */
export function describeGateway(view: LauncherView): GatewayStatus {
  const { installation, runtime } = view;
  const { config, partner } = installation;
  const urlOfService = (name: string): string => {
    const service = installation.services.find((candidate) => candidate.name === name);
    return service ? urlOf(service) : '';
  };
  return {
    state: view.state,
    launcher: { pid: process.pid, started_at: view.startedAt },
    data: config.dataDir,
    logs: path.join(config.dataDir, 'logs'),
    partner_api: { url: urlOfService('routing'), partner_id: partner.partnerId, api_key: partner.key },
    simulator: {
      url: urlOfService('simulator'),
      control_url: `${urlOfService('simulator')}/control`,
      control_token: installation.simulatorControlToken,
    },
    ports: config.ports,
    operators: view.operators.people,
    internal_token: installation.internalToken,
    kafka: {
      kind: runtime?.kafka.kind ?? 'embedded',
      brokers: installation.runtime.kafkaBrokers.join(','),
      topic_prefix: config.topicPrefix,
      cluster_id: runtime?.kafka.clusterId,
      pid: runtime?.kafka.pid,
    },
    postgres: {
      kind: runtime?.postgres.kind ?? 'embedded',
      address: runtime?.postgres.address ?? '',
      admin_url: installation.runtime.databaseUrl,
      pid: runtime?.postgres.pid,
    },
    services: Object.fromEntries(
      installation.services.map((service) => [service.name, describeService(view, service)]),
    ),
    timings: view.timings,
  };
}

function describeService(view: LauncherView, service: ServiceManifest): ServiceStatus {
  const running = view.processes.find(({ name }) => name === service.name);
  return {
    url: urlOf(service),
    metrics: `${urlOf(service)}/metrics`,
    ready: view.ready.has(service.name),
    restarts: running?.restarts ?? 0,
    pid: running?.pid,
    database_url: view.databases[service.name]?.runtimeUrl ?? '',
    log: view.installation.logOf(service),
  };
}
