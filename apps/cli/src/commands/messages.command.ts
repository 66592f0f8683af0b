import type { Contract } from '@gateway/contracts/contract';
import { RuntimeRefusal } from '@gateway/local-runtime';
import { decideParked, DecisionRefused, listParked, replayRecords, type ParkedDecision } from '@gateway/messaging';
import { type CliConfig, UsageError } from '../cli.config';
import { Installation } from '../launcher/installation';
import type { GatewayStatus } from '../launcher/state-file';
import type { Terminal } from '../terminal';
import { inDatabase } from './in-database';
import { lookAtGateway } from './running-gateway';

/** What the options of these commands say. */
interface MessageOptions {
  args?: readonly string[];
  key?: string;
  since?: string;
  by?: string;
  approvedBy?: string;
  reason?: string;
}

/** Sends records of a topic once more, from its writer's outbox. */
export async function replay(config: CliConfig, terminal: Terminal, options: MessageOptions): Promise<void> {
  const topic = options.args?.[0] ?? '';
  const installation = new Installation(config, terminal.say);
  const contract = contractOf(installation, topic);
  const writer = serviceOf(installation, contract);
  const since = options.since === undefined ? undefined : instantOf(options.since);
  const gateway = await running(config);
  const replayed = await inDatabase(urlOf(gateway, writer), (database) =>
    replayRecords(database, { topic: contract.topic, key: options.key, since }),
  );
  terminal.answer(
    { topic: contract.topic, writer, ...replayed },
    `${replayed.records} records of ${contract.topic} go out again within seconds, from the outbox of ${writer}.`,
  );
}

/** Everything that waits beside the stream, in all services. */
export async function parked(config: CliConfig, terminal: Terminal): Promise<void> {
  const gateway = await running(config);
  const found = await Promise.all(
    messagingServices(gateway).map(async (service) => {
      const rows = await inDatabase(urlOf(gateway, service), listParked);
      return rows.map((row) => ({ service, ...row }));
    }),
  );
  const lines = found.flat().map(({ service, id, topic, key, kind, needs_person, reason }) => {
    const who = needs_person ? 'needs a person' : kind;
    return `  ${service} ${id}  ${who}  ${topic}  ${key}\n    ${reason}`;
  });
  terminal.answer({ parked: found.flat() }, lines.length === 0 ? 'Nothing is parked.' : lines.join('\n'));
}

/** Has a parked record tried again. */
export async function retryParked(config: CliConfig, terminal: Terminal, options: MessageOptions): Promise<void> {
  await decide(config, terminal, 'retry', options);
}

/** Drops a parked record: with a reason and two people. */
export async function dropParked(config: CliConfig, terminal: Terminal, options: MessageOptions): Promise<void> {
  await decide(config, terminal, 'drop', options);
}

async function decide(
  config: CliConfig,
  terminal: Terminal,
  decision: ParkedDecision['decision'],
  options: MessageOptions,
): Promise<void> {
  const [service = '', number = ''] = options.args ?? [];
  if (!/^[1-9]\d{0,17}$/.test(number)) throw new UsageError(`The number of the parked record is no number: ${number}`);
  const { by, approvedBy, reason } = options;
  if (!by || !reason) throw new UsageError('Say who decides (--by) and why (--reason).');
  const gateway = await running(config);
  if (!messagingServices(gateway).includes(service))
    throw new UsageError(`There is no service ${service}. Use one of: ${messagingServices(gateway).join(', ')}.`);
  const wanted = { id: BigInt(number), decision, reason, requestedBy: by, approvedBy };
  await inDatabase(urlOf(gateway, service), (database) => decideParked(database, wanted)).catch((error: unknown) => {
    throw error instanceof DecisionRefused ? new UsageError(error.message) : error;
  });
  terminal.answer({ service, id: number, decision }, decision === 'retry' ? 'It is tried again.' : 'It is dropped.');
}

async function running(config: CliConfig): Promise<GatewayStatus> {
  const found = await lookAtGateway(config);
  if (found) return found;
  throw new RuntimeRefusal('The gateway does not run: "npm run gw -- up" starts it.');
}

function messagingServices(gateway: GatewayStatus): string[] {
  return Object.keys(gateway.services).filter((service) => !service.endsWith('simulator'));
}

/** A network's topics name the network; its service writes them. */
function serviceOf({ services }: Installation, { writer }: Contract): string {
  return services.find(({ network }) => network?.id === writer)?.name ?? writer;
}

function contractOf({ contracts }: Installation, topic: string): Contract {
  const contract = contracts.find((one) => one.topic === topic);
  if (contract) return contract;
  throw new UsageError(`There is no topic ${topic}. Use one of:\n  ${contracts.map((one) => one.topic).join('\n  ')}`);
}

function urlOf(gateway: GatewayStatus, service: string): string {
  return gateway.services[service]?.database_url ?? '';
}

function instantOf(text: string): Date {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) throw new UsageError(`--since is no time (2026-01-31T10:00:00Z): ${text}`);
  return instant;
}
