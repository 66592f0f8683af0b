import type { QrpayCall, QrpayOrder, QrpayRefund } from './qrpay.client';
import {
  outcomeOfCancel,
  outcomeOfOrder,
  outcomeOfOrderEnquiry,
  outcomeOfRefund,
  outcomeOfRefundEnquiry,
} from './qrpay.mapping';

const amount = { minor: '5100', currency: 'USD' };
const order = (state: string, more: Partial<QrpayOrder> = {}): QrpayCall<QrpayOrder> => ({
  kind: 'answered',
  answer: { order_id: 'pay_1-collect', qrpay_id: 'qor_1', state, amount, ...more },
});
const refund = (state: string, reason?: string): QrpayCall<QrpayRefund> => ({
  kind: 'answered',
  answer: { refund_id: 'pay_1-refund', qrpay_id: 'qrf_1', state, amount, ...(reason !== undefined && { reason }) },
});
const refused = (status: number, code: string): QrpayCall<never> => ({ kind: 'refused', status, code });
const silent: QrpayCall<never> = { kind: 'silent', code: 'NO_ANSWER' };
const neverLeft: QrpayCall<never> = { kind: 'never_left' };

describe('answers of QRPay', () => {
  it('PAID is PROCESSED with its id, its amount and who owes it', () => {
    expect(outcomeOfOrder(order('PAID'))).toEqual({
      kind: 'PROCESSED',
      networkReference: 'qor_1',
      amount: { amount: '5100', currency: 'USD' },
      counterparty: 'qrpay',
    });
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'a word that every object knows (%s) is nothing of theirs',
    (word) => {
      expect(outcomeOfOrder(order(word)).kind).toBe('UNKNOWN');
      expect(outcomeOfOrder(order('REFUSED', { reason: word }))).toMatchObject({ kind: 'DECLINED', reason: 'OTHER' });
    },
  );

  it('a cancel gives back what had been paid, and nothing of an order that nobody knows as paid', () => {
    const gaveBack = (isKnownPaid: boolean, more: Partial<QrpayOrder> = {}): unknown =>
      (outcomeOfCancel(order('CANCELLED', more), isKnownPaid) as { amount?: { amount: string } }).amount?.amount;
    expect(gaveBack(true)).toBe('5100');
    expect(gaveBack(false, { paid_at: '2026-11-28T10:00:00.000Z' })).toBe('5100');
    expect(gaveBack(false)).toBe('0');
  });

  it.each(['SETTLED', 'paid', ''])('an order in the state "%s" is UNKNOWN: nobody has told what that is', (state) => {
    expect(outcomeOfOrder(order(state)).kind).toBe('UNKNOWN');
  });

  it('a refusal for a reason that is not listed is still a certain no', () => {
    expect(outcomeOfOrder(order('REFUSED', { reason: 'NEW_REASON' }))).toMatchObject({
      kind: 'DECLINED',
      reason: 'OTHER',
      networkCode: 'NEW_REASON',
    });
  });

  it.each([outcomeOfOrder, outcomeOfRefund, outcomeOfCancel])(
    'silence is UNKNOWN, and what never left NOT_SUBMITTED',
    (outcomeOf) => {
      expect(outcomeOf(silent)).toEqual({ kind: 'UNKNOWN', networkCode: 'NO_ANSWER' });
      expect(outcomeOf(neverLeft)?.kind).toBe('NOT_SUBMITTED');
      expect(outcomeOf(refused(503, 'BUSY'))?.kind).toBe('NOT_SUBMITTED');
      expect(outcomeOf(refused(409, 'ANYTHING'))?.kind).toBe('UNKNOWN');
    },
  );

  it('an unknown id is NOT_FOUND to a question and to a cancel, and no answer to anything else', () => {
    expect(outcomeOfOrderEnquiry(refused(404, 'ORDER_UNKNOWN'))).toEqual({ kind: 'NOT_FOUND' });
    expect(outcomeOfRefundEnquiry(refused(404, 'REFUND_UNKNOWN'))).toEqual({ kind: 'NOT_FOUND' });
    expect(outcomeOfCancel(refused(404, 'ORDER_UNKNOWN'))).toEqual({ kind: 'NOT_FOUND' });
    expect(outcomeOfRefund(refused(404, 'ORDER_UNKNOWN')).kind).toBe('UNKNOWN');
  });

  it.each([silent, neverLeft, refused(503, 'BUSY')])('a question without an answer teaches nothing', (call) => {
    expect(outcomeOfOrderEnquiry(call).kind).toBe('UNKNOWN');
    expect(outcomeOfRefundEnquiry(call).kind).toBe('UNKNOWN');
  });

  it('a cancel: done, too late (then a refund is made), of an order that had ended, and one that changed nothing', () => {
    expect(outcomeOfCancel(order('CANCELLED'))?.kind).toBe('PROCESSED');
    expect(outcomeOfCancel(refused(409, 'CANCEL_TOO_LATE'))).toBeNull();
    expect(outcomeOfCancel(refused(409, 'ORDER_FINAL'))).toMatchObject({ kind: 'DECLINED', reason: 'ALREADY_FINAL' });
    expect(outcomeOfCancel(order('PAID'))?.kind).toBe('UNKNOWN');
  });

  it('a refund: done, refused, and in a state that nobody has told of', () => {
    expect(outcomeOfRefund(refund('DONE')).kind).toBe('PROCESSED');
    expect(outcomeOfRefund(refund('REFUSED', 'MORE_THAN_PAID'))).toMatchObject({ kind: 'DECLINED', reason: 'OTHER' });
    expect(outcomeOfRefund(refund('QUEUED')).kind).toBe('UNKNOWN');
  });
});
