import { areSettled, type Books, compareBooks } from './books';

function books(accounts: Record<string, string>, balanced = true): Books {
  const list = Object.entries(accounts).map(([name, balance]) => {
    const [account = '', currency = ''] = name.split(' ');
    return { account, currency, balance };
  });
  return { balanced, currencies: [], accounts: list };
}

describe('the books before and after the demo', () => {
  const before = books({ '1100 USD': '500', '2000 USD': '70' });

  it('differ by what was booked between them, on new accounts too', () => {
    const after = books({ '1100 USD': '10700', '2000 USD': '70', '1200 CNY': '-70614' });
    const changes = compareBooks(before, after).map(({ account, change }) => [account, change]);
    expect(changes).toEqual([
      ['1100', '10200'],
      ['1200', '-70614'],
      ['2000', '0'],
    ]);
  });

  it('are settled when payments that only pass through an account have left it as they found it', () => {
    expect(areSettled(before, books({ '1100 USD': '10700', '2000 USD': '70' }))).toBe(true);
  });

  it('are not settled while something is left on the way', () => {
    expect(areSettled(before, books({ '2000 USD': '10070' }))).toBe(false);
    expect(areSettled(before, books({ '2000 USD': '70', '1110 USD': '10200' }))).toBe(false);
  });

  it('are not settled when debits and credits differ', () => {
    expect(areSettled(before, books({ '2000 USD': '70' }, false))).toBe(false);
  });
});
