import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Contract } from '@gateway/contracts/contract';
import type { TopicDeclaration } from '@gateway/local-runtime';
import { loadModule } from './load-module';

const CONTRACTS = path.resolve(__dirname, '../../../../libs/contracts/src');
/** Dead letters wait for a person: one partition, three months. */
const DEAD_LETTER_RETENTION_MS = 90 * 86_400_000;

/** Who stands for the placeholder in a contract's file name: `wallet.network.…` is one topic per network. */
export interface TopicMembers {
  readonly network: readonly string[];
  readonly service: readonly string[];
}

/** All contracts of an installation: every contract file, found by pattern, once per member. */
export function findContracts(members: TopicMembers): Contract[] {
  return contractFiles().flatMap((file) => contractsIn(file, members));
}

/** Their topics, each with its dead letters. */
export function declareTopics(contracts: readonly Contract[], prefix: string): TopicDeclaration[] {
  return contracts.flatMap(({ topic, partitions, retentionMs }) => [
    { topic: `${prefix}${topic}`, partitions, settings: { 'retention.ms': String(retentionMs) } },
    { topic: `${prefix}${topic}.dlq`, partitions: 1, settings: { 'retention.ms': String(DEAD_LETTER_RETENTION_MS) } },
  ]);
}

function contractFiles(): string[] {
  return readdirSync(CONTRACTS)
    .filter((file) => /\.v\d+\.(js|ts)$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => file.replace(/\.(js|ts)$/, ''));
}

function contractsIn(file: string, members: TopicMembers): Contract[] {
  const exported = Object.values(loadModule(path.join(CONTRACTS, file)) as Record<string, unknown>);
  const placeholder = (['network', 'service'] as const).find((name) => file.split('.').includes(name));
  if (!placeholder) return exported.filter(isContract);
  const families = exported.filter((value) => typeof value === 'function') as ((member: string) => unknown)[];
  return members[placeholder].flatMap((member) => families.map((family) => family(member)).filter(isContract));
}

function isContract(value: unknown): value is Contract {
  return typeof value === 'object' && value !== null && 'topic' in value && 'partitions' in value && 'schema' in value;
}
