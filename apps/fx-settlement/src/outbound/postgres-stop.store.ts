import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { QuotingStop } from '../domain/reservation';
import { StopStore } from '../use-cases/quote-store';
import type { StopRequest } from '../use-cases/quote-store';

/** A lifted stop matters as long as an offer that it withdrew could still be brought: far longer than any offer lives. */
const RECENT = `
  SELECT scope, subject, started_at, lifted_at FROM quoting_stop
  WHERE lifted_at IS NULL OR lifted_at > clock_now() - interval '7 days'`;

const START = `
  INSERT INTO quoting_stop (scope, subject, reason, started_by, started_at) VALUES ($1, $2, $3, $4, clock_now())
  ON CONFLICT (scope, subject) WHERE lifted_at IS NULL DO NOTHING RETURNING stop_id`;

const LIFT = `
  UPDATE quoting_stop SET lifted_by = $3, lifted_at = clock_now()
  WHERE scope = $1 AND subject = $2 AND lifted_at IS NULL RETURNING stop_id`;

interface StopRow {
  scope: QuotingStop['scope'];
  subject: string;
  started_at: Date;
  lifted_at: Date | null;
}

@Injectable()
export class PostgresStopStore extends StopStore {
  async recent(tx: Tx): Promise<QuotingStop[]> {
    const rows = await tx.query<StopRow>(RECENT, [], 'stops-recent');
    return rows.map(({ scope, subject, started_at, lifted_at }) => ({
      scope,
      subject,
      startedAt: started_at,
      liftedAt: lifted_at,
    }));
  }

  async start(stop: StopRequest, tx: Tx): Promise<boolean> {
    const rows = await tx.query(START, [stop.scope, stop.subject, stop.reason, stop.actor]);
    return rows.length === 1;
  }

  async lift(stop: Pick<StopRequest, 'scope' | 'subject' | 'actor'>, tx: Tx): Promise<boolean> {
    const rows = await tx.query(LIFT, [stop.scope, stop.subject, stop.actor]);
    return rows.length === 1;
  }
}
