import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { FINDINGS } from '../domain/resolution';
import { ResolutionRepository, type ReviewItem } from '../outbound/resolution.repository';

const DEFAULT_LIMIT = 20;
const LAST_ANSWERS = 5;

/** The queue of unknown outcomes that wait for a person: since when, what the network said, and what may be done. */
@Injectable()
export class ReadReviews {
  constructor(
    private readonly database: Database,
    private readonly resolutions: ResolutionRepository,
  ) {}

  async page(after: string, limit = DEFAULT_LIMIT): Promise<object> {
    const found = await this.resolutions.queue(this.database, after, limit + 1, LAST_ANSWERS);
    return { object: 'list', data: found.slice(0, limit).map(viewOf), has_more: found.length > limit };
  }
}

function viewOf({ amount, currency, plan_start, due, evidence, ...rest }: ReviewItem): object {
  return {
    ...rest,
    object: 'review',
    amount: { amount: amount.toString(), currency },
    since: plan_start,
    asked_again_at: due,
    evidence: evidence.map(({ at, ...said }) => ({ ...said, at: new Date(at) })),
    allowed: rest.resolution === null ? FINDINGS : ['approve', 'reject'],
  };
}
