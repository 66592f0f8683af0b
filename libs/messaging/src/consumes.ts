import 'reflect-metadata';
import type { Contract } from '@gateway/contracts/contract';
import { Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

/** Topics alike, one per member (a network, a service), such as `walletEvents`; members are given to `MessagingModule`. */
export type ContractFamily = (member: string) => Contract;

/**
 * How a handler takes the records of `history` contracts.
 *
 * - `acting`: in sequence per key, each exactly once; repeats are dropped, gaps wait in `parked`.
 * - `storing`: as they come; the handler inserts them with `ON CONFLICT DO NOTHING` and reports gaps itself.
 */
export type ReadingMode = 'acting' | 'storing';

/** What a handler declared with `@Consumes` or `@ConsumesToStore`; the strategy reads it from the handler's extras. */
export interface Consumed {
  sources: readonly (Contract | ContractFamily)[];
  mode: ReadingMode;
}

/** Nest's own filter replaces unknown errors by a plain object; the strategy needs the original to judge it. */
@Catch()
export class HandOnErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Marks a method of a Nest controller as the handler of one or more topics: the records of all of them that wait
 * together are given in one call, so that several facts about one payment are folded together. The one decorator that
 * a handler needs. A topic has one handler per service. The method has the shape of `BatchHandler`.
 */
export function Consumes(...sources: readonly (Contract | ContractFamily)[]): MethodDecorator {
  return consuming({ sources, mode: 'acting' });
}

/** Like `Consumes` for a reader that only stores: it gets every record as it comes and dedupes by itself. */
export function ConsumesToStore(...sources: readonly (Contract | ContractFamily)[]): MethodDecorator {
  return consuming({ sources, mode: 'storing' });
}

function consuming(consumed: Consumed): MethodDecorator {
  const names = consumed.sources.map((source) => (typeof source === 'function' ? `${source.name}(*)` : source.topic));
  const pattern = EventPattern({ consumes: names.join(' ') }, { consumed });
  return (target, key, descriptor) => {
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    UseFilters(HandOnErrors)(target, key, descriptor);
    return pattern(target, key, descriptor);
  };
}
