import { Rate } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { PublishedState, SourceRate } from '../domain/rate-policy';
import { RatePublication } from '../use-cases/rate-publication';
import type { PublishedRate } from '../use-cases/rate-publication';

const PAIR = 'USD/CNY';
const LOCK = 'SELECT pair FROM rate_stream WHERE pair = $1 FOR UPDATE';
const LAST = `
  SELECT mid, firm, published_at FROM published_rate WHERE pair = $1
  ORDER BY incarnation DESC, sequence DESC LIMIT 1`;
const NEXT = 'UPDATE rate_stream SET sequence = sequence + 1 WHERE pair = $1 RETURNING incarnation, sequence';
const APPEND = `
  INSERT INTO published_rate (pair, incarnation, sequence, source, mid, firm, as_of, comparison_bps, published_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

@Injectable()
export class PostgresRatePublication extends RatePublication {
  async lockLast(tx: Tx): Promise<PublishedState | undefined> {
    await tx.query(LOCK, [PAIR]);
    const [row] = await tx.query<{ mid: string; firm: boolean; published_at: Date }>(LAST, [PAIR]);
    const mid = Rate.parse('USD', 'CNY', row?.mid);
    return row === undefined || mid === undefined ? undefined : { mid, firm: row.firm, publishedAt: row.published_at };
  }

  async append(
    rate: SourceRate,
    state: { readonly firm: boolean; readonly comparisonBps: number | null; readonly publishedAt: Date },
    tx: Tx,
  ): Promise<PublishedRate> {
    const [next] = await tx.query<PublishedRate>(NEXT, [PAIR]);
    if (next === undefined) throw new Error(`no rate stream for ${PAIR}`);
    const place = [PAIR, next.incarnation, next.sequence, rate.source, rate.mid.toString(), state.firm];
    await tx.query(APPEND, [...place, rate.asOf, state.comparisonBps, state.publishedAt]);
    return next;
  }
}
