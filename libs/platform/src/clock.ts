/**
 * Business time (design section 7): expiry, plans, windows. It equals `clock_now()` in SQL. Machine time (leases,
 * heartbeats, deadlines of calls) is never read from it.
 */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract nowMs(): number;

  now(): Date {
    return new Date(this.nowMs());
  }
}

/** The machine's clock plus the test clock's offset, which is zero outside test environments. */
export class SystemClock extends Clock {
  private offsetMs = 0;

  nowMs(): number {
    return Date.now() + this.offsetMs;
  }

  setOffsetMs(offsetMs: number): void {
    this.offsetMs = offsetMs;
  }
}
