import type { Outcome } from '../outcome';
import { soundAnswer } from './network-exchange';

describe('an answer of an adapter', () => {
  const proof: Extract<Outcome, { kind: 'PROCESSED' }> = {
    kind: 'PROCESSED',
    networkReference: 'net-1',
    amount: { amount: '10200', currency: 'USD' },
    counterparty: 'visa',
  };

  it('is a certain yes with its reference, its amount in a currency, and who owes it', () => {
    expect(soundAnswer(proof)).toBe(proof);
  });

  it.each([
    ['no reference', { networkReference: '' }],
    ['no counterparty', { counterparty: '' }],
    ['no amount', { amount: undefined as never }],
    ['an amount with a point', { amount: { amount: '102.00', currency: 'USD' } }],
    ['an amount in no currency', { amount: { amount: '10200', currency: undefined as never } }],
    ['a currency that is none', { amount: { amount: '10200', currency: 'usd' } }],
    ['something that came back in no currency', { returned: { amount: '10200', currency: '' } }],
  ])('with %s is nothing certain', (_what, change) => {
    expect(soundAnswer({ ...proof, ...change })).toEqual({ kind: 'UNKNOWN', networkCode: 'UNSOUND_ANSWER' });
  });
});
