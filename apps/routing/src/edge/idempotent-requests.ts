import { Database } from '@gateway/persistence';
import { Problem, Sealer } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import {
  IdempotencyRepository,
  nameOfKey,
  type KeyedRequest,
  type StoredKey,
  type TakenKey,
} from '../outbound/idempotency.repository';
import { answerOfProblem, type Answer } from './answer';
import { problem } from './problems';

/** A keyed request with the id that its answer names. */
export interface IdempotentRequest extends KeyedRequest {
  requestId: string;
}

/** Longer than the deadline of any call that a request makes. */
const LEASE_MS = 15_000;
const RETRY_AFTER_S = 1;

/**
 * Handles a POST once per key, for every route but the hot one: take the key, do the work, keep the answer. Refusals are
 * kept like successes. What ended without an answer (busy, unavailable, a defect) gives its key back, and one that died
 * under way is taken over when its lease ends: then the answer is that of who has taken it, and a key has one.
 */
@Injectable()
export class IdempotentRequests {
  constructor(
    private readonly database: Database,
    private readonly keys: IdempotencyRepository,
    private readonly sealer: Sealer,
  ) {}

  /** @throws Problem `IDEMPOTENCY_CONFLICT`, `IDEMPOTENCY_KEY_IN_USE`, or what the work throws */
  async once(request: IdempotentRequest, work: () => Promise<Answer>): Promise<Answer> {
    const lease = await this.keys.take(this.database, request, LEASE_MS);
    if (lease === null) return this.replay(request);
    const { partnerId, key } = request;
    const taken = { partnerId, key, lease };
    const answer = await work().catch((error: unknown) => this.refusal(request, taken, error));
    const sealed = this.sealer.seal(answer.body, nameOfKey(request));
    const isStored = await this.keys.storeAnswer(this.database, taken, { status: answer.status, answer: sealed });
    return isStored ? answer : this.replay(request);
  }

  private async refusal(request: IdempotentRequest, taken: TakenKey, error: unknown): Promise<Answer> {
    if (error instanceof Problem && error.details.status < 500) return answerOfProblem(error, request.requestId);
    await this.keys.giveBack(this.database, taken);
    throw error;
  }

  private async replay(request: IdempotentRequest): Promise<Answer> {
    const stored = (await this.keys.find(this.database, [request])).get(nameOfKey(request));
    if (stored === undefined) throw inUse();
    requireSameRequest(request, stored);
    if (stored.status === null || stored.answer === null) throw inUse();
    return replayOf(stored.status, stored.answer, request, this.sealer);
  }
}

/** @throws Problem `IDEMPOTENCY_CONFLICT` where the key came with another route or body before */
export function requireSameRequest(request: KeyedRequest, stored: Pick<StoredKey, 'route' | 'fingerprint'>): void {
  if (stored.route !== request.route || stored.fingerprint !== request.fingerprint) {
    throw problem('IDEMPOTENCY_CONFLICT', { param: 'Idempotency-Key' });
  }
}

/** The kept answer, byte for byte. */
export function replayOf(status: number, answer: Buffer, request: KeyedRequest, sealer: Sealer): Answer {
  return { status, body: sealer.open(answer, nameOfKey(request)), replayed: true };
}

/** The refusal of a repeat that came too early. */
export function inUse(): Problem {
  return problem('IDEMPOTENCY_KEY_IN_USE', { param: 'Idempotency-Key', retryAfterS: RETRY_AFTER_S });
}

/** A request in one text: its repeat has the same, another request under a key that was given back has not. */
export function nameOfRequest(request: KeyedRequest): string {
  return `${nameOfKey(request)} ${request.route} ${request.fingerprint}`;
}
