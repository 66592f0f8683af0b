import type { CliConfig } from '../cli.config';
import type { GatewayStatus } from '../launcher/state-file';
import type { Terminal } from '../terminal';
import { lookAtGateway } from './running-gateway';

/** What runs and where. Exit code 0 only when all of it is ready. */
export async function status(config: CliConfig, terminal: Terminal): Promise<void> {
  const found = await lookAtGateway(config);
  if (found?.state !== 'ready') process.exitCode = 1;
  if (!found)
    return terminal.answer(
      { state: 'stopped', data: config.dataDir },
      'The gateway does not run: "npm start" starts it.',
    );
  terminal.answer(found, describe(found, terminal));
}

function describe(found: GatewayStatus, terminal: Terminal): string {
  const mark = (ready: boolean): string => (ready ? terminal.paint('green', 'ready') : terminal.paint('red', 'away '));
  const parts = [
    `  ${'PostgreSQL'.padEnd(16)}${mark(found.postgres.kind === 'external' || found.postgres.pid !== undefined)}  ${found.postgres.address}`,
    `  ${'Kafka'.padEnd(16)}${mark(found.kafka.cluster_id !== undefined)}  ${found.kafka.brokers}`,
    ...Object.entries(found.services).map(([name, { ready, url, pid, restarts }]) => {
      const again = restarts > 0 ? `, started again ${restarts} times` : '';
      return `  ${name.padEnd(16)}${mark(ready)}  ${url}  (process ${pid ?? '-'}${again})`;
    }),
  ];
  const heading = `The gateway is ${terminal.paint('bold', found.state)} (launcher: process ${found.launcher.pid}, since ${found.launcher.started_at})`;
  return [heading, ...parts, describeAddresses(found)].join('\n');
}

/** The addresses that a person at the keyboard needs. */
export function describeAddresses(found: GatewayStatus): string {
  const lines = [
    ['Partner API', found.partner_api.url],
    ['API description', `${found.partner_api.url}/v1/openapi.json`],
    ['Demo API key', found.partner_api.api_key],
    ['Simulator', found.simulator.url],
    ['Kafka', found.kafka.brokers],
    ['PostgreSQL', found.postgres.address],
    ['Logs', found.logs],
  ];
  return lines.map(([name, value]) => `  ${String(name).padEnd(16)}${value}`).join('\n');
}
