import { anOrder } from '../../testing/payment-builder';
import type { Parts } from './parts';
import type { Funding, Payment, Standing } from './payment';
import { wayBackDeadlines } from './way-back-deadlines';

const NOW = new Date('2026-11-25T10:00:00.000Z');
const SOON = '2026-11-25T16:15:00.000Z';
const PAST = '2026-11-25T09:59:59.999Z';

function payment(funding: Funding, parts: Partial<Parts>, more: Partial<Standing> = {}): Payment {
  const { payment: made } = anOrder({ funding });
  return { ...made, standing: { ...made.standing, ...more, parts: { ...made.standing.parts, ...parts } } };
}

describe('the way back that the clock still allows', () => {
  it('a hold can be voided until it ends, and only until it is captured', () => {
    const held = payment('hold', { source: 'funded' }, { holdExpiresAt: SOON });
    const until = new Date(SOON);
    expect(wayBackDeadlines(held, NOW)).toEqual({ voidableUntil: until, cancelableUntil: null, refundableUntil: null });
    const over = payment('hold', { source: 'funded' }, { holdExpiresAt: PAST });
    expect(wayBackDeadlines(over, NOW).voidableUntil).toBeNull();
    const captured = payment('hold', { source: 'funded', capture: 'processed' }, { holdExpiresAt: SOON });
    expect(wayBackDeadlines(captured, NOW)).toMatchObject({ voidableUntil: null, cancelableUntil: null });
    expect(wayBackDeadlines(captured, NOW).refundableUntil).not.toBeNull();
  });

  it('a collection can be cancelled while its network does that, and refunded all along', () => {
    const collected = payment('collect', { source: 'funded' }, { cancelableUntil: SOON });
    expect(wayBackDeadlines(collected, NOW)).toMatchObject({ voidableUntil: null, cancelableUntil: new Date(SOON) });
    const later = payment('collect', { source: 'funded' }, { cancelableUntil: PAST });
    expect(wayBackDeadlines(later, NOW).cancelableUntil).toBeNull();
    expect(wayBackDeadlines(later, NOW).refundableUntil).not.toBeNull();
    const untold = payment('collect', { source: 'funded' });
    expect(wayBackDeadlines(untold, NOW).cancelableUntil).toBeNull();
  });

  it('what was taken cannot be refunded any more once the window of its network is closed', () => {
    const taken = [
      payment('hold', { source: 'funded', capture: 'processed' }),
      payment('collect', { source: 'funded' }),
    ];
    for (const one of taken) {
      const last = wayBackDeadlines(one, NOW).refundableUntil!;
      expect(wayBackDeadlines(one, new Date(last.getTime() - 1)).refundableUntil).toEqual(last);
      expect(wayBackDeadlines(one, new Date(last.getTime() + 1)).refundableUntil).toBeNull();
    }
  });

  it.each(['none', 'asked', 'refused', 'withdrawing', 'withdrawn', 'returning', 'returned'] as const)(
    'there is none while the source is %s',
    (source) => {
      const closed = { voidableUntil: null, cancelableUntil: null, refundableUntil: null };
      expect(wayBackDeadlines(payment('hold', { source }, { holdExpiresAt: SOON }), NOW)).toEqual(closed);
      expect(wayBackDeadlines(payment('collect', { source }, { cancelableUntil: SOON }), NOW)).toEqual(closed);
    },
  );

  it('a hold whose capture was lost has none: nothing was taken', () => {
    const lost = payment('hold', { source: 'funded', capture: 'refused' }, { holdExpiresAt: SOON });
    expect(wayBackDeadlines(lost, NOW).refundableUntil).toBeNull();
  });
});
