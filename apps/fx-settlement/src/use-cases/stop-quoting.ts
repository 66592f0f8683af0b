import type { Emitted } from '@gateway/messaging';
import { OutboxTransactions } from '@gateway/messaging';
import { partitionOf } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { StopStore } from './quote-store';
import type { StopRequest } from './quote-store';

const BUCKETS = 6;

/** Stops and resumes quoting. A stop withdraws every unused offer of its source, corridor or partner for good. */
@Injectable()
export class StopQuoting {
  constructor(
    private readonly stops: StopStore,
    private readonly transactions: OutboxTransactions,
  ) {}

  /** False where the same stop is in force already. */
  start(stop: StopRequest): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      const started = await this.stops.start(stop, tx);
      return { result: started, emit: started ? audited('quoting.stopped', stop, stop.reason) : { records: [] } };
    });
  }

  /** False where no such stop is in force. */
  lift(stop: Omit<StopRequest, 'reason'>): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      const lifted = await this.stops.lift(stop, tx);
      return { result: lifted, emit: lifted ? audited('quoting.resumed', stop, null) : { records: [] } };
    });
  }
}

function audited(action: string, stop: Omit<StopRequest, 'reason'>, reason: string | null): Emitted {
  const subjectId = `stop_${stop.scope}_${stop.subject}`;
  const actions = [{ action, detail: { scope: stop.scope, subject: stop.subject, reason } }];
  return { records: [], audit: [{ subjectId, bucket: partitionOf(subjectId, BUCKETS), actor: stop.actor, actions }] };
}
