import { cancelDeadline, madeAt } from './collection-window';

describe('cancel window of a collection', () => {
  it.each([
    ['2026-11-25T10:00:00Z', '2026-11-25T16:15:00.000Z'],
    ['2026-11-25T15:59:59.999Z', '2026-11-25T16:15:00.000Z'],
    ['2026-11-25T16:00:00Z', '2026-11-26T16:15:00.000Z'],
  ])('of one made at %s ends at %s: 00:15 in Beijing on the next day', (made, deadline) => {
    expect(cancelDeadline(new Date(made)).toISOString()).toBe(deadline);
  });

  it('begins when the payment says that it was made, in the zone that it names', () => {
    const said = (times: object): string | undefined =>
      madeAt({ result: { resultCode: 'SUCCESS', resultStatus: 'S' }, ...times })?.toISOString();
    const paymentTime = '2026-11-26T00:00:05+08:00';
    expect(said({ paymentTime })).toBe('2026-11-25T16:00:05.000Z');
    expect(said({ paymentTime, paymentCreateTime: '2026-11-25T23:59:55+08:00' })).toBe('2026-11-25T15:59:55.000Z');
    expect(said({ paymentTime: '2026-11-26 00:00:05' })).toBeUndefined();
    expect(said({ paymentTime: '2026-13-26T00:00:05+08:00' })).toBeUndefined();
    expect(said({})).toBeUndefined();
  });
});
