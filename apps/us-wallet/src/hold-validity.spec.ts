import { HOLD_VALIDITY, holdExpiry, reversibleUntil } from './hold-validity';

const HELD = new Date('2026-11-25T10:00:00.000Z');
const after = (hours: number): Date => new Date(HELD.getTime() + hours * 3_600_000);

describe('how long a hold can be captured', () => {
  it.each(['visa', 'mastercard', 'amex'] as const)('%s: seven days, as the acquirer commits to', (scheme) => {
    expect(holdExpiry(scheme, HELD, null)).toEqual(after(7 * 24));
  });

  it('the acquirer’s own word counts where it ends sooner, and never where it ends later', () => {
    expect(holdExpiry('visa', HELD, after(30))).toEqual(after(30));
    expect(holdExpiry('visa', HELD, after(10 * 24))).toEqual(after(7 * 24));
  });

  it('has both a rule of its own and one of the acquirer for every scheme', () => {
    for (const scheme of ['visa', 'mastercard', 'amex'] as const) {
      const told = HOLD_VALIDITY.filter((one) => one.scheme === scheme).map(({ acquirer }) => acquirer);
      expect(new Set(told)).toEqual(new Set([null, 'checkout']));
    }
  });

  it('nothing is known of a hold before the first rule: it is over at once', () => {
    const early = new Date('2020-01-01T00:00:00.000Z');
    expect(holdExpiry('visa', early, null)).toEqual(early);
  });
});

describe('how long an account funding can be reversed', () => {
  it('a day for Visa and Mastercard, which are the schemes that pull', () => {
    expect(reversibleUntil('visa', HELD)).toEqual(after(24));
    expect(reversibleUntil('mastercard', HELD)).toEqual(after(24));
    expect(reversibleUntil('amex', HELD)).toEqual(HELD);
    expect(reversibleUntil(null, HELD)).toEqual(HELD);
  });
});
