import { Clock } from '@gateway/platform';

/** A clock that stands where a test puts it. */
export class FixedClock extends Clock {
  constructor(public at: Date) {
    super();
  }

  nowMs(): number {
    return this.at.getTime();
  }
}
