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
    const found = await this.resolutions.queue(this.database, after, limit + 1);
    const data = await Promise.all(found.slice(0, limit).map((item) => this.view(item)));
    return { object: 'list', data, has_more: found.length > limit };
  }

  private async view(item: ReviewItem): Promise<object> {
    const { amount, currency, plan_start, due, ...rest } = item;
    const evidence = await this.resolutions.evidenceOf(this.database, item.instruction_id, LAST_ANSWERS);
    return {
      ...rest,
      object: 'review',
      amount: { amount: amount.toString(), currency },
      since: plan_start,
      asked_again_at: due,
      evidence,
      allowed: item.resolution === null ? FINDINGS : ['approve', 'reject'],
    };
  }
}
