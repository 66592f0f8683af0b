import { anOrder } from '../../testing/payment-builder';
import { PAYMENT_STATES, type PaymentState } from './payment-state';
import { outcomeIsUnknown, publicStatusOf } from './public-status';

const { payment } = anOrder();
const standing = (state: PaymentState, changes: Partial<typeof payment.standing> = {}): typeof payment => ({
  ...payment,
  state,
  standing: { ...payment.standing, ...changes },
});

describe('what a partner sees', () => {
  it('is one of six words for every state', () => {
    const seen = Object.fromEntries(PAYMENT_STATES.map((state) => [state, publicStatusOf(standing(state))]));
    expect(seen).toEqual({
      CREATED: 'processing',
      SCREENING: 'processing',
      SCREENED: 'processing',
      RESERVED: 'processing',
      HELD: 'processing',
      AUTHORISING: 'processing',
      AUTH_UNKNOWN: 'processing',
      AUTHORISED: 'processing',
      CREDITING: 'processing',
      CREDIT_UNKNOWN: 'processing',
      CREDITED: 'completed',
      CAPTURING: 'completed',
      CAPTURE_UNKNOWN: 'completed',
      REVERSING: 'processing',
      REVERSAL_UNKNOWN: 'processing',
      IN_REVIEW: 'processing',
      COMPLETED: 'completed',
      REJECTED: 'declined',
      DECLINED: 'declined',
      EXPIRED: 'canceled',
      REVERSED: 'failed',
      BLOCKED: 'processing',
      CAPTURE_LOST: 'completed',
    });
  });

  it('asks for action only while the order waits for the payer', () => {
    const nextAction = { type: 'confirm_in_app', value: 'https://example.com/order' };
    expect(publicStatusOf(standing('AUTHORISING', { nextAction }))).toBe('requires_action');
    expect(publicStatusOf(standing('CREDITING', { nextAction }))).toBe('processing');
  });

  it('tells a cancelled payment from one that failed', () => {
    expect(publicStatusOf(standing('REVERSED', { cause: 'CANCELED' }))).toBe('canceled');
    expect(publicStatusOf(standing('REVERSED', { cause: 'REVERSED' }))).toBe('failed');
  });

  it('never goes back from completed: a capture under review is our affair', () => {
    const parts = { ...payment.standing.parts, credit: 'processed' as const };
    expect(publicStatusOf(standing('IN_REVIEW', { parts }))).toBe('completed');
    expect(outcomeIsUnknown(standing('IN_REVIEW', { parts }))).toBe(false);
  });

  it('says unknown where proof is awaited, and never about blocked money', () => {
    expect(outcomeIsUnknown(standing('CREDIT_UNKNOWN'))).toBe(true);
    expect(outcomeIsUnknown(standing('IN_REVIEW'))).toBe(true);
    expect(outcomeIsUnknown(standing('IN_REVIEW', { cause: 'BLOCKED' }))).toBe(false);
    expect(outcomeIsUnknown(standing('CREDITING'))).toBe(false);
  });
});
