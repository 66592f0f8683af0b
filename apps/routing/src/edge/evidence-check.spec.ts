import { Problem } from '@gateway/platform';
import { checkEvidence, holdsCardNumber } from './evidence-check';

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Problem ? `${error.details.code} ${error.details.param}` : String(error);
  }
};

describe('evidence of a partner', () => {
  it('is taken field by field, and needs at least one', () => {
    const evidence = { proof_of_delivery: 'Carrier 12, tracking 9876543210, 2026-11-20' };
    expect(checkEvidence(evidence)).toEqual(evidence);
    expect(codeOf(() => checkEvidence({}))).toBe('EVIDENCE_EMPTY body');
  });

  it.each([
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    'card 00424242424242424200 of the payer',
    'order 12 4242 4242 4242 4242 of 11 2026',
    '4242.4242.4242.4242',
    '4242/4242/4242/4242',
    '4242  4242  4242  4242',
    '4242\u00a04242\u00a04242\u00a04242',
    '4242\u20114242\u20134242\u22124242',
    '\uff14\uff12\uff14\uff12'.repeat(4),
    '\u0664\u0662\u0664\u0662'.repeat(4),
  ])('with a card number in it (%s) is refused by its field', (text) => {
    expect(codeOf(() => checkEvidence({ additional: text }))).toBe('CARD_DATA_REFUSED additional');
  });

  it.each([
    'tracking 1Z9998887776665',
    '4242424242424243',
    'order 8000123412341234',
    '2026-11-20 12:30:45',
    '12345678901',
  ])('may name other numbers: %s', (text) => expect(holdsCardNumber(text)).toBe(false));
});
