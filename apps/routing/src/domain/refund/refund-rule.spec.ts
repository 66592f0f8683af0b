import { movesItsShares, nextRateDay } from './refund-rule';

describe('the rules of refunds', () => {
  it('move the shares as they are where the gateway bears the move', () => {
    expect(movesItsShares({ rule: 'R1', bearer: null })).toBe(true);
    expect(movesItsShares({ rule: 'R4', bearer: 'gateway' })).toBe(true);
    expect(movesItsShares({ rule: 'R2', bearer: null })).toBe(false);
    expect(movesItsShares({ rule: 'R4', bearer: 'payee' })).toBe(false);
  });

  it.each([
    ['2026-11-26T10:00:00.000Z', '2026-11-27T01:15:00.000Z'],
    // The last second of a day in Beijing, and the first of the next one.
    ['2026-11-26T15:59:59.999Z', '2026-11-27T01:15:00.000Z'],
    ['2026-11-26T16:00:00.000Z', '2026-11-28T01:15:00.000Z'],
  ])('know when the rate of the day after %s is there', (now, then) => {
    expect(nextRateDay(new Date(now)).toISOString()).toBe(then);
  });
});
