import type { Contract } from '@gateway/contracts/contract';
import type { Tx } from '@gateway/persistence';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Consumed, ContractFamily, ReadingMode } from '../consumes';
import { NOTHING, type BatchHandler, type Emitted, type InboundRecord } from '../message';
import type { FamilyMembers } from '../settings';

/** How this service reads one topic. */
export interface TopicReader {
  contract: Contract;
  mode: ReadingMode;
  handle: BatchHandler;
  /** Whether records are taken in sequence per key (acting readers of histories). */
  inSequence: boolean;
}

/** A handler as Nest registers it: its answer may be wrapped in a promise and an Observable. */
export type RegisteredHandler = (data: InboundRecord[], tx: Tx) => unknown;

/** Awaits a Nest handler whatever it wraps its answer in; its errors come out as they were thrown. */
export function awaiting(handler: RegisteredHandler): BatchHandler {
  return async (records, tx) => {
    const answer: unknown = await handler(records, tx);
    const emitted: unknown = isObservable(answer) ? await lastValueFrom(answer, { defaultValue: undefined }) : answer;
    return (emitted as Emitted | undefined) ?? NOTHING;
  };
}

/**
 * All topics of a service with their readers, by topic.
 * @throws Error where a topic has two handlers, or a family no members
 */
export function readersOf(
  handlers: readonly { consumed: Consumed; handle: BatchHandler }[],
  families: readonly FamilyMembers[],
): Map<string, TopicReader> {
  const readers = new Map<string, TopicReader>();
  for (const { consumed, handle } of handlers) {
    for (const contract of consumed.sources.flatMap((source) => contractsOf(source, families))) {
      if (readers.has(contract.topic)) throw new Error(`topic ${contract.topic} has two handlers in this service`);
      const inSequence = contract.kind === 'history' && consumed.mode === 'acting';
      readers.set(contract.topic, { contract, mode: consumed.mode, handle, inSequence });
    }
  }
  return readers;
}

function contractsOf(source: Contract | ContractFamily, families: readonly FamilyMembers[]): Contract[] {
  if (typeof source !== 'function') return [source];
  const members = families.find(([family]) => family === source)?.[1];
  if (!members) throw new Error(`MessagingModule was given no members of ${source.name}`);
  return members.map((member) => source(member));
}
