import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Contract } from '@gateway/contracts/contract';

/** Who stands for the placeholder in a contract's file name: `wallet.network.events.v1` is one topic per network. */
export interface TopicMembers {
  network: readonly string[];
  service: readonly string[];
}

const CONTRACT_FILE = /^(.+\.v\d+)\.(js|ts)$/;
const load = createRequire(__filename);

/** All topics of an installation: every contract file, found by pattern, once per member. No list is edited for a new topic. */
export function allContracts(members: TopicMembers): Contract[] {
  const folder = path.resolve(__dirname, '../../../contracts/src');
  return contractsIn(folder, members);
}

/** The topics of wallet networks alone. */
export function networkContracts(networks: readonly string[]): Contract[] {
  return allContracts({ network: networks, service: [] }).filter(({ topic }) => topic.startsWith('wallet.'));
}

export function contractsIn(folder: string, members: TopicMembers): Contract[] {
  const files = readdirSync(folder).filter((file) => CONTRACT_FILE.test(file) && !file.endsWith('.d.ts'));
  const stems = [...new Set(files.map((file) => CONTRACT_FILE.exec(file)![1]!))].sort();
  return stems.flatMap((stem) => contractsOf(path.join(folder, stem), stem, members));
}

function contractsOf(file: string, stem: string, members: TopicMembers): Contract[] {
  const exported = Object.values(load(file) as Record<string, unknown>);
  const placeholder = (['network', 'service'] as const).find((name) => stem.split('.').includes(name));
  if (!placeholder) return exported.filter(isContract);
  const families = exported.filter((value) => typeof value === 'function') as ((member: string) => unknown)[];
  return members[placeholder].flatMap((member) => families.map((family) => family(member)).filter(isContract));
}

function isContract(value: unknown): value is Contract {
  return typeof value === 'object' && value !== null && 'topic' in value && 'partitions' in value && 'schema' in value;
}
