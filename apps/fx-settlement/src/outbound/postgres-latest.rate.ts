import { Rate } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { LatestRate } from '../use-cases/latest-rate';

const LATEST = `
  SELECT mid FROM published_rate WHERE pair = 'USD/CNY' ORDER BY incarnation DESC, sequence DESC LIMIT 1`;

@Injectable()
export class PostgresLatestRate extends LatestRate {
  async mid(tx: Tx): Promise<Rate> {
    const [row] = await tx.query<{ mid: string }>(LATEST, [], 'latest-rate');
    const mid = Rate.parse('USD', 'CNY', row?.mid);
    if (mid === undefined) throw new Error('no rate of USD/CNY has been published');
    return mid;
  }
}
