import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';

/** A sweep that this process does: nobody else while its lease lasts. */
export interface ClaimedSweep {
  lease: string;
  /** Disputes that have changed since then are asked for (business time). */
  from: Date;
  /** When it began: the next one starts from here, less the overlap. */
  began: Date;
}

/** Machine time in which one page is asked for and taken in; longer than the call's own deadline. */
const LEASE_SECONDS = 30;

/** When disputes were last asked for, and who does it now. The row is the lease. */
@Injectable()
export class DisputeSweepRepository {
  constructor(private readonly database: Database) {}

  /** Null while it is not time, or somebody else does it. */
  async claim(): Promise<ClaimedSweep | null> {
    const [row] = await this.database.query<{ lease: string; from: Date; began: Date }>(
      `UPDATE dispute_sweep SET lease = nextval('lease_number'),
         lease_until = clock_timestamp() + $1 * interval '1 second', due = clock_now() + period
       WHERE due <= clock_now() AND lease_until < clock_timestamp()
       RETURNING lease::text, swept_until - overlap AS "from", clock_now() AS began`,
      [LEASE_SECONDS],
      'dispute-sweep-claim',
    );
    return row ?? null;
  }

  /** Lengthens the lease for one more page. @returns false where somebody else has taken it over. */
  async keep({ lease }: ClaimedSweep): Promise<boolean> {
    const kept = await this.database.query(
      `UPDATE dispute_sweep SET lease_until = clock_timestamp() + $2 * interval '1 second' WHERE lease = $1 RETURNING 1`,
      [lease, LEASE_SECONDS],
      'dispute-sweep-keep',
    );
    return kept.length === 1;
  }

  /** All pages have been read. One that fails leaves its start where it was, and the next one begins there. */
  async finish({ lease, began }: ClaimedSweep): Promise<void> {
    await this.database.query(
      `UPDATE dispute_sweep SET swept_until = $2, lease_until = '-infinity' WHERE lease = $1`,
      [lease, began],
      'dispute-sweep-finish',
    );
  }
}
