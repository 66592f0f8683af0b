import { RandomSource } from '@gateway/platform';
import { RetrySchedule } from './retry-schedule';

class Fixed extends RandomSource {
  constructor(private readonly value: number) {
    super();
  }
  bytes(count: number): Buffer {
    return Buffer.alloc(count, this.value);
  }
}

describe('the retry schedule', () => {
  it('waits 5 s, 5 min, 30 min and so on, a fifth earlier or later, and ends after ten attempts', () => {
    const early = new RetrySchedule('normal', new Fixed(0));
    expect([1, 2, 3].map((attempts) => early.waitAfter(attempts))).toEqual([4_000, 240_000, 1_440_000]);
    const late = new RetrySchedule('normal', new Fixed(255));
    expect(late.waitAfter(1)).toBe(6_000);
    expect(late.waitAfter(9)).toBeGreaterThan(24 * 3_600_000);
    expect(late.waitAfter(10)).toBeNull();
  });

  it('is short where tests ask for it', () => {
    expect(new RetrySchedule('short', new Fixed(128)).waitAfter(1)).toBeLessThan(300);
  });
});
