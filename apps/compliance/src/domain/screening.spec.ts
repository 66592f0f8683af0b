import { comparableName } from './person-name';
import { limitFor } from './payment-limit';
import { decide, type Subject } from './screening';

const clear: Subject = {
  payerIndex: 'payer',
  payeeIndex: 'payee',
  amounts: [{ amountMinor: 10_200n, currency: 'USD' }],
  day: '2026-11-25',
};

describe('a comparable name', () => {
  it.each([
    ['Zorvan Blakestone-Quill', 'blakestone quill zorvan'],
    ['QUILL, Zorvan  Blakestone', 'blakestone quill zorvan'],
    ['Zörvan Blakéstone.Quill', 'blakestone quill zorvan'],
    ['Ｚｏｒｖａｎ Blakestone Quill', 'blakestone quill zorvan'],
    ['虚构 被列名者', '虚构 被列名者'],
  ])('of %s is %s', (name, comparable) => {
    expect(comparableName(name).split(' ').sort()).toEqual(comparable.split(' ').sort());
  });
});

describe('a screening', () => {
  it('is CLEAR within the limit', () => {
    expect(decide(clear, new Set())).toEqual({ outcome: 'CLEAR' });
  });

  it.each(['payer', 'payee'])('is a HIT when the %s is listed, even over the limit', (listed) => {
    const over = { ...clear, amounts: [{ amountMinor: 10n ** 12n, currency: 'USD' }] };
    expect(decide(over, new Set([listed]))).toEqual({ outcome: 'HIT', rule: 'LISTED_NAME' });
  });

  it.each([
    [500_000n, 'CLEAR'],
    [500_001n, 'REJECTED'],
  ])('of USD minor %s is %s: the limit itself is allowed', (amountMinor, outcome) => {
    expect(decide({ ...clear, amounts: [{ amountMinor, currency: 'USD' }] }, new Set()).outcome).toBe(outcome);
  });

  it('is refused in a currency that has no limit', () => {
    expect(decide({ ...clear, amounts: [{ amountMinor: 1n, currency: 'EUR' }] }, new Set()).outcome).toBe('REJECTED');
  });

  it('names the party that is not there', () => {
    expect(decide({ ...clear, payeeIndex: null }, new Set())).toEqual({ outcome: 'PARTY_UNKNOWN', rule: 'PAYEE' });
  });
});

describe('dated limits', () => {
  const limits = [
    { currency: 'USD', maximumMinor: 1n, from: '2026-01-01', source: 'a' },
    { currency: 'USD', maximumMinor: 2n, from: '2026-06-01', source: 'b' },
  ];
  it.each([
    ['2025-12-31', null],
    ['2026-05-31', 1n],
    ['2026-06-01', 2n],
  ])('on %s are %s', (day, maximum) => {
    expect(limitFor('USD', day, limits)?.maximumMinor ?? null).toBe(maximum);
  });
});
