import { SystemRandom } from '@gateway/platform';
import { makeCardNumber, markerDigitsOf, SCHEMES, schemeOf, type Scheme } from './card-numbers';
import { CARD_MARKERS, cardMarker } from '../faults/markers';

describe('card numbers of the simulated issuers', () => {
  const random = new SystemRandom();

  it.each(Object.keys(SCHEMES) as Scheme[])('of %s carry their scheme and every marker', (scheme) => {
    for (const { digits, operation, behaviour } of Object.values(CARD_MARKERS)) {
      const number = makeCardNumber(scheme, digits, random);
      expect(schemeOf(number)).toBe(scheme);
      expect(markerDigitsOf(number)).toBe(digits);
      expect(cardMarker(markerDigitsOf(number), operation)?.behaviour).toBe(behaviour);
    }
  });

  it('that nobody issued have no scheme', () => {
    for (const number of ['', '4761730000000000', '1234567890123456', '47617300000000031', 'x']) {
      expect(schemeOf(number)).toBeUndefined();
    }
  });

  it('of other issuers carry no marker', () => {
    expect(schemeOf('4242424242424242')).toBe('visa');
    expect(markerDigitsOf('4242424242424242')).toBe('0000');
  });

  it('with an ordinary marker misbehave at no operation', () => {
    for (const operation of ['authorize', 'capture', 'payout', 'void', 'refund', 'token', 'metadata']) {
      expect(cardMarker('0000', operation)).toBeUndefined();
    }
  });
});
