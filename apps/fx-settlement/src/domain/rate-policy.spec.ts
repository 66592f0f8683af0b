import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rate } from '@gateway/money';
import { readEcbFile } from './ecb-file';
import { assessRate, isWorthPublishing } from './rate-policy';
import type { RateAssessment, SourceRate } from './rate-policy';

const rate = (scaled: bigint): Rate => Rate.ofScaled('USD', 'CNY', scaled);
const now = new Date('2026-11-25T10:00:00Z');
const treasury: SourceRate = { source: 'treasury', mid: rate(713_280_000n), asOf: now };
const ecb = (scaled: bigint): SourceRate => ({ source: 'ecb', mid: rate(scaled), asOf: now });
const policy = { maxAgeMs: 60_000, comparisonMaxAgeMs: 86_400_000 };
const later = (ms: number): Date => new Date(now.getTime() + ms);

describe('assessRate', () => {
  it('is firm up to the source’s maximum age and stale one millisecond later', () => {
    expect(assessRate(treasury, ecb(713_280_000n), policy, later(60_000)).verdict).toBe('FIRM');
    expect(assessRate(treasury, ecb(713_280_000n), policy, later(60_001)).verdict).toBe('STALE');
    expect(assessRate(undefined, ecb(713_280_000n), policy, now).verdict).toBe('NO_RATE');
  });

  it('alerts from 50 and stops from 200 basis points of the comparison', () => {
    const at = (pricing: bigint): RateAssessment =>
      assessRate({ ...treasury, mid: rate(pricing) }, ecb(700_000_000n), policy, now);
    expect(at(703_400_000n)).toEqual({ verdict: 'FIRM', distanceBps: 49, alert: false });
    expect(at(703_500_000n)).toEqual({ verdict: 'FIRM', distanceBps: 50, alert: true });
    expect(at(713_900_000n)).toEqual({ verdict: 'FIRM', distanceBps: 199, alert: true });
    expect(at(714_000_000n).verdict).toBe('TOO_FAR_FROM_COMPARISON');
    expect(at(686_000_000n).verdict).toBe('TOO_FAR_FROM_COMPARISON');
  });

  it('does not trust a stamp from the future', () => {
    expect(assessRate({ ...treasury, asOf: later(60_001) }, undefined, policy, now).verdict).toBe('STALE');
  });

  it('goes on without the comparison or with an old one, with the alert raised', () => {
    const old = { ...ecb(600_000_000n), asOf: later(-86_400_001) };
    for (const comparison of [undefined, old]) {
      expect(assessRate(treasury, comparison, policy, now)).toEqual({
        verdict: 'FIRM',
        distanceBps: null,
        alert: true,
      });
    }
  });
});

describe('isWorthPublishing', () => {
  const last = { mid: rate(700_000_000n), firm: true, publishedAt: now };
  it('publishes the first rate, a move of a basis point, another firmness, and once a minute', () => {
    expect(isWorthPublishing(undefined, rate(1n), true, now)).toBe(true);
    expect(isWorthPublishing(last, rate(700_000_000n), true, later(59_999))).toBe(false);
    expect(isWorthPublishing(last, rate(700_000_000n), true, later(60_000))).toBe(true);
    expect(isWorthPublishing(last, rate(700_069_999n), true, now)).toBe(false);
    expect(isWorthPublishing(last, rate(700_070_000n), true, now)).toBe(true);
    expect(isWorthPublishing(last, rate(700_000_000n), false, now)).toBe(true);
  });
});

describe('readEcbFile', () => {
  const header = 'Date,USD,JPY,CNY,';
  it('crosses the newest day that has both currencies, past N/A and trailing commas', () => {
    const file = [
      header,
      '2026-04-14,1.2,N/A,N/A,',
      '2026-04-13,1.1684,186.75,7.9827,',
      '2026-04-10,1.1711,1,8,',
      '',
    ].join('\r\n');
    expect(readEcbFile(file)).toMatchObject({ date: '2026-04-13' });
    expect(readEcbFile(file)?.mid.toString()).toBe('6.83216364');
  });

  it('reads the XML feed, three cubes deep', () => {
    const day = `<Cube time='2026-11-25'>\n<Cube currency='USD' rate='1.1642'/>\n<Cube currency="CNY" rate="8.3040"/>\n</Cube>`;
    const cross = readEcbFile(`<?xml version="1.0"?>\n<gesmes:Envelope><Cube>\n${day}\n</Cube></gesmes:Envelope>`);
    expect([cross?.date, cross?.mid.toString()]).toEqual(['2026-11-25', '7.13279505']);
  });

  it.each([
    '',
    'Date,USD,\n2026-04-13,1.1,',
    `${header}\n2026-04-13,N/A,1,N/A,`,
    `${header}\n13/04/2026,1,1,1,`,
    '<html>',
  ])('finds nothing in %j', (text) => expect(readEcbFile(text)).toBeUndefined());

  const folder = join(process.env['GATEWAY_VECTORS'] ?? join(process.cwd(), '../shared/vectors'), 'fx/ecb');
  const whenPresent = existsSync(folder) ? it : it.skip;
  whenPresent.each(['eurofxref.csv', 'eurofxref-hist.csv'])(
    'reads the real file %s (skipped where the vectors are absent)',
    (name) => {
      const cross = readEcbFile(readFileSync(join(folder, name), 'utf8'));
      expect([cross?.date, cross?.mid.toString()]).toEqual(['2026-04-13', '6.83216364']);
    },
  );
});
