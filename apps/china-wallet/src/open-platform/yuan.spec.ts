import * as fc from 'fast-check';
import { minorOfYuan, yuanOfMinor } from './yuan';

describe('amounts of the open platform', () => {
  it('come back as they were for every amount in fen', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (fen) => {
        expect(minorOfYuan(yuanOfMinor(fen.toString()))).toBe(fen.toString());
      }),
    );
  });

  it.each([
    ['5', '0.05'],
    ['50', '0.50'],
    ['70615', '706.15'],
  ])('writes %s fen as %s', (fen, yuan) => {
    expect(yuanOfMinor(fen)).toBe(yuan);
  });

  it.each(['', '1.234', '-1', '1e3', '01', ' 1', '1,00', 706.15, null])('does not read %p as an amount', (text) => {
    expect(minorOfYuan(text)).toBeUndefined();
  });
});
