import { Money } from '@gateway/money';
import fc from 'fast-check';
import { sharesOf, sumOf, type Sides } from './refund-shares';

const usd = (minor: bigint): Money => Money.of(minor, 'USD');
const cny = (minor: bigint): Money => Money.of(minor, 'CNY');
const WHOLE: Sides = { source: usd(10_000n), target: cny(70_615n) };
const inWords = (shares: Sides | string): string =>
  typeof shares === 'string' ? shares : `${shares.source.minor} ${shares.target.minor}`;

/** Asks for one refund after the other; the answers, and what was taken in the end. */
function refundsOf(whole: Sides, wanted: readonly (Money | null)[]): { answers: string[]; taken: Sides[] } {
  const taken: Sides[] = [];
  const answers = wanted.map((one) => {
    const shares = sharesOf(whole, sumOf(whole, taken), one);
    if (typeof shares !== 'string') taken.push(shares);
    return inWords(shares);
  });
  return { answers, taken };
}

describe('the shares of refunds under rule R1', () => {
  it('are the worked example: 40 %, the remainder, and not one cent more', () => {
    expect(refundsOf(WHOLE, [usd(4_000n), usd(6_000n), usd(1n)]).answers).toEqual([
      '4000 28246',
      '6000 42369',
      'REFUND_EXCEEDS',
    ]);
  });

  it('are the whole of both sides where no amount is named, and nothing is left then', () => {
    expect(refundsOf(WHOLE, [null, null]).answers).toEqual(['10000 70615', 'REFUND_EXCEEDS']);
    expect(refundsOf(WHOLE, [usd(1_234n), null]).taken.map(inWords)).toEqual(['1234 8714', '8766 61901']);
  });

  it('can be named on either side, and the sides stay together', () => {
    expect(refundsOf(WHOLE, [cny(28_246n), cny(42_369n)]).answers).toEqual(['4000 28246', '6000 42369']);
    expect(refundsOf(WHOLE, [usd(4_000n), cny(42_369n)]).answers).toEqual(['4000 28246', '6000 42369']);
  });

  it('are refused where the other side would be nothing, or the currency is of neither side', () => {
    expect(refundsOf(WHOLE, [cny(1n), cny(3n), cny(4n)]).answers).toEqual([
      'AMOUNT_TOO_SMALL',
      'AMOUNT_TOO_SMALL',
      '1 4',
    ]);
    expect(inWords(sharesOf(WHOLE, sumOf(WHOLE, []), Money.of(5n, 'EUR')))).toBe('UNKNOWN_CURRENCY');
  });

  const amount = fc.bigInt(1n, 1_000_000n);
  const wish = fc.record({ side: fc.constantFrom('source', 'target'), minor: fc.bigInt(1n, 400_000n) });

  it('never exceed the payment on either side, are positive on both, and stay within a unit of the proportion', () => {
    fc.assert(
      fc.property(amount, amount, fc.array(wish, { maxLength: 30 }), (source, target, wishes) => {
        const whole = { source: usd(source), target: cny(target) };
        const { taken } = refundsOf(
          whole,
          wishes.map(({ side, minor }) => (side === 'source' ? usd(minor) : cny(minor))),
        );
        const sum = sumOf(whole, taken);
        for (const one of taken) expect(one.source.isPositive && one.target.isPositive).toBe(true);
        expect(sum.source.minor <= source && sum.target.minor <= target).toBe(true);
        // |S_taken / S - T_taken / T| is at most half a unit of the side that was computed last.
        const gap = sum.source.minor * target - sum.target.minor * source;
        const half = source > target ? source : target;
        expect((gap < 0n ? -gap : gap) * 2n <= half).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('add up to the payment exactly once the last one takes what is left', () => {
    fc.assert(
      fc.property(amount, amount, fc.array(fc.bigInt(1n, 200_000n), { maxLength: 20 }), (source, target, parts) => {
        const whole = { source: usd(source), target: cny(target) };
        const { taken, answers } = refundsOf(whole, [...parts.map((part) => usd(part)), null]);
        const sum = sumOf(whole, taken);
        const done = !['REFUND_EXCEEDS', 'AMOUNT_TOO_SMALL'].includes(answers.at(-1) ?? '');
        if (done) expect([sum.source.minor, sum.target.minor]).toEqual([source, target]);
        else expect(sum.source.minor === source || sum.target.minor === target).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
