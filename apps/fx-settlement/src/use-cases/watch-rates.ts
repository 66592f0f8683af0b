import { rateEvents } from '@gateway/contracts/fx.rate.events.v1';
import type { RatePublished } from '@gateway/contracts/fx.rate.events.v1';
import { NOTHING, OutboxTransactions } from '@gateway/messaging';
import type { Emitted } from '@gateway/messaging';
import { Clock } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { isWorthPublishing } from '../domain/rate-policy';
import type { PublishedState, RateAssessment, SourceRate } from '../domain/rate-policy';
import { RateBoard } from './rate-board';
import { RatePublication } from './rate-publication';
import type { PublishedRate } from './rate-publication';
import { RateSources } from './rate-source';
import type { RateSource } from './rate-source';

const PARTITION = 0;

/** Asks the sources, keeps the board fresh and publishes the rate when it has changed enough. */
@Injectable()
export class WatchRates {
  private readonly logger = new Logger(WatchRates.name);
  private lastSeen: PublishedState | undefined;
  private lastVerdict = '';
  /** Sources that were away when last asked: said once, not at every round. */
  private readonly away = new Set<string>();

  constructor(
    private readonly sources: RateSources,
    private readonly board: RateBoard,
    private readonly publication: RatePublication,
    private readonly transactions: OutboxTransactions,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers whether the source was reached. One that is away leaves its last rate on the board, where it goes stale by
   * its own time.
   */
  async refreshPricing(): Promise<boolean> {
    const reached = await this.ask(this.sources.pricing, (rate) => this.board.setPricing(rate));
    const assessment = this.board.assess(this.clock.now());
    this.tell(assessment);
    const rate = this.board.current();
    if (rate !== undefined) await this.publish(rate, assessment);
    return reached;
  }

  refreshComparison(): Promise<boolean> {
    return this.ask(this.sources.comparison, (rate) => this.board.setComparison(rate));
  }

  private async ask(source: RateSource, keep: (rate: SourceRate) => void): Promise<boolean> {
    try {
      keep(await source.fetch());
      this.away.delete(source.name);
      return true;
    } catch (error) {
      if (!this.away.has(source.name)) {
        this.logger.warn({ event: 'rate_source_away', source: source.name, error: messageOf(error) });
      }
      this.away.add(source.name);
      return false;
    }
  }

  /** The cheap check comes first, against what this process last saw; the one under the lock decides. */
  private async publish(rate: SourceRate, assessment: RateAssessment): Promise<void> {
    const firm = assessment.verdict === 'FIRM';
    if (!isWorthPublishing(this.lastSeen, rate.mid, firm, this.clock.now())) return;
    this.lastSeen = await this.transactions.run(async (tx) => {
      const last = await this.publication.lockLast(tx);
      const now = this.clock.now();
      if (last !== undefined && !isWorthPublishing(last, rate.mid, firm, now)) return { result: last, emit: NOTHING };
      const state = { mid: rate.mid, firm, publishedAt: now };
      return { result: state, emit: await this.append(rate, assessment, state, tx) };
    });
  }

  private async append(rate: SourceRate, assessment: RateAssessment, state: PublishedState, tx: Tx): Promise<Emitted> {
    const { firm, publishedAt } = state;
    const place = await this.publication.append(rate, { firm, publishedAt, comparisonBps: assessment.distanceBps }, tx);
    return { records: [recordOf(rate, firm, place)] };
  }

  /** Says a change of the verdict once, so that a long outage is not a flood. */
  private tell(assessment: RateAssessment): void {
    const verdict = `${assessment.verdict}${assessment.alert ? ' alert' : ''}`;
    if (verdict === this.lastVerdict) return;
    this.lastVerdict = verdict;
    const line = { event: 'rate_assessed', verdict: assessment.verdict, distance_bps: assessment.distanceBps };
    if (assessment.verdict === 'FIRM' && !assessment.alert) this.logger.log(line);
    else this.logger.warn({ ...line, alert: true });
  }
}

function recordOf(rate: SourceRate, firm: boolean, place: PublishedRate): Emitted['records'][number] {
  const data: RatePublished = {
    pair: 'USD/CNY',
    source: rate.source,
    mid: rate.mid.toString(),
    as_of: rate.asOf.toISOString(),
    firm,
    sequence: Number(place.sequence),
  };
  return {
    contract: rateEvents,
    data,
    partition: PARTITION,
    sequence: Number(place.sequence),
    incarnation: place.incarnation,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
