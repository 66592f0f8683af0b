import 'reflect-metadata';
import type { Contract } from '@gateway/contracts/contract';
import { EventPattern } from '@nestjs/microservices';

/** Topics alike, one per member (a network, a service), such as `walletEvents`; members are given to `MessagingModule`. */
export type ContractFamily = (member: string) => Contract;

/** What a handler declared with `@Consumes`; the strategy reads it from the handler's extras. */
export interface Consumed {
  sources: readonly (Contract | ContractFamily)[];
}

/**
 * Marks a method of a Nest controller as the handler of one or more topics: the records of all of them that wait
 * together are given in one call, so that several facts about one payment are folded together. The one decorator that
 * a handler needs. A topic has one handler per service. The method has the shape of `BatchHandler`.
 */
export function Consumes(...sources: readonly (Contract | ContractFamily)[]): MethodDecorator {
  const names = sources.map((source) => (typeof source === 'function' ? `${source.name}(*)` : source.topic));
  const consumed: Consumed = { sources };
  return EventPattern({ consumes: names.join(' ') }, { consumed });
}
