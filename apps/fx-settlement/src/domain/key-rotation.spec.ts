import { ROTATION, nextPeriod, signingKey } from './key-rotation';
import type { KeyPeriod } from './key-rotation';

const start = new Date('2026-11-25T10:00:00Z').getTime();
const at = (ms: number): Date => new Date(start + ms);
const HOUR = 3_600_000;

function rotate(keys: KeyPeriod[], now: Date): KeyPeriod[] {
  const period = nextPeriod(keys, now);
  return period === undefined ? keys : [...keys, { kid: `k${keys.length}`, ...period }];
}

describe('Keys that sign offers', () => {
  it('start with one that signs at once', () => {
    expect(nextPeriod([], at(0))?.signsFrom).toEqual(at(0));
  });

  it('are published at least 15 minutes before they sign, and there is always one that signs and is valid long enough', () => {
    let keys: KeyPeriod[] = [];
    const madeAt = new Map<string, number>();
    for (let minute = 0; minute < 5 * 24 * 60; minute++) {
      const now = at(minute * 60_000);
      keys = rotate(keys, now);
      for (const key of keys) if (!madeAt.has(key.kid)) madeAt.set(key.kid, now.getTime());
      const signing = signingKey(keys, now);
      expect(signing).toBeDefined();
      expect((signing?.validUntil.getTime() ?? 0) - now.getTime()).toBeGreaterThanOrEqual(ROTATION.offerLifeMs);
    }
    expect(keys.length).toBe(6);
    for (const key of keys.slice(1)) {
      expect(key.signsFrom.getTime() - (madeAt.get(key.kid) ?? 0)).toBeGreaterThanOrEqual(ROTATION.leadMs);
    }
  });

  it('wait out the lead after an outage that outlasted the period, while the old key goes on', () => {
    const [first] = rotate([], at(0));
    const keys = rotate(first === undefined ? [] : [first], at(30 * HOUR));
    expect(keys[1]?.signsFrom).toEqual(at(30 * HOUR + ROTATION.leadMs));
    expect(signingKey(keys, at(30 * HOUR))?.kid).toBe('k0');
    expect(signingKey(keys, at(30 * HOUR + ROTATION.leadMs))?.kid).toBe('k1');
  });

  it.each([
    ['too short for an offer', 48 * HOUR + 1],
    ['over', 49 * HOUR],
    ['long over', 400 * 24 * HOUR],
  ])('are followed at once where the life of the last one is %s: nobody waits without a key', (_, elapsed) => {
    const first = rotate([], at(0));
    expect(signingKey(first, at(elapsed))).toBeUndefined();
    const keys = rotate(first, at(elapsed));
    expect(signingKey(keys, at(elapsed))?.kid).toBe('k1');
    expect(rotate(keys, at(elapsed))).toHaveLength(2);
  });
});
