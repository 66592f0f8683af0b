import type { Instruction } from '@gateway/wallet-network';
import {
  outcomeOfCancel,
  outcomeOfCancelled,
  outcomeOfCancelledPayment,
  outcomeOfPay,
  outcomeOfPaymentInquiry,
  outcomeOfRefund,
  outcomeOfRefundInquiry,
  outcomeOfTransfer,
} from './alipay.mapping';
import type { AmsAnswer, AmsCall } from './ams/ams-client';
import type { TransferAnswer } from './open-platform/transfer-client';

const instruction: Instruction = {
  instructionId: 'pay_1-collect',
  paymentId: 'pay_1',
  partnerId: 'prt_1',
  operation: 'collect',
  amount: { amount: '36021', currency: 'CNY' },
  purpose: 'goods',
  bopCode: '121010',
  networkReference: null,
  attempt: 1,
};

const ams = (resultStatus: 'S' | 'F' | 'U', resultCode: string, more: Partial<AmsAnswer> = {}): AmsCall => ({
  kind: 'answered',
  answer: { result: { resultStatus, resultCode }, ...more },
});
const PAID: Partial<AmsAnswer> = { paymentId: 'P1', paymentAmount: { currency: 'CNY', value: '36021' } };
const transfer = (answer: TransferAnswer): ReturnType<typeof outcomeOfTransfer> =>
  outcomeOfTransfer({ kind: 'answered', answer }, instruction);

describe('answers of AMS pay', () => {
  it('S is PROCESSED with the payment id and the confirmed amount', () => {
    const paid = ams('S', 'SUCCESS', { paymentId: 'P1', paymentAmount: { currency: 'CNY', value: '36021' } });
    expect(outcomeOfPay(paid, instruction)).toMatchObject({
      kind: 'PROCESSED',
      networkReference: 'P1',
      amount: instruction.amount,
    });
  });

  it('a settlement in another currency than CNY is told as the confirmed amount, so that it becomes a conflict', () => {
    const paid = ams('S', 'SUCCESS', { paymentId: 'P1', grossSettlementAmount: { currency: 'HKD', value: '98' } });
    expect(outcomeOfPay(paid, instruction)).toMatchObject({ amount: { amount: '98', currency: 'HKD' } });
  });

  it.each(['paymentId', 'paymentAmount'] as const)('S without its %s proves nothing', (name) => {
    const unproven = { ...PAID, [name]: undefined };
    expect(outcomeOfPay(ams('S', 'SUCCESS', unproven), instruction).kind).toBe('UNKNOWN');
    for (const more of [
      { paymentStatus: 'SUCCESS' },
      { paymentStatus: 'CANCELLED', paymentTime: '2026-11-28T10:00:00+08:00' },
    ])
      expect(outcomeOfPaymentInquiry(ams('S', 'SUCCESS', { ...unproven, ...more }), instruction).kind).toBe('UNKNOWN');
  });

  it('PAYMENT_IN_PROCESS is PENDING with the link that the payer confirms with', () => {
    const waiting = ams('U', 'PAYMENT_IN_PROCESS', { normalUrl: 'https://pay.example/1' });
    expect(outcomeOfPay(waiting, instruction)).toEqual({
      kind: 'PENDING',
      nextAction: { type: 'confirm_in_app', value: 'https://pay.example/1' },
    });
  });

  it('S that carries an order code is PENDING: the code was made, nobody has paid', () => {
    const codeDetails = [{ codeValue: 'https://qr.example/1', codeValueType: 'QRCODE' }];
    expect(outcomeOfPay(ams('S', 'SUCCESS', { paymentId: 'P1', orderCodeForm: { codeDetails } }), instruction)).toEqual(
      {
        kind: 'PENDING',
        networkReference: 'P1',
        nextAction: { type: 'scan_code', value: 'https://qr.example/1' },
      },
    );
  });

  it.each([
    ['U', 'UNKNOWN_EXCEPTION'],
    ['F', 'REPEAT_REQ_INCONSISTENT'],
    ['F', 'A_CODE_THAT_NOBODY_KNOWS'],
  ] as const)('%s %s is UNKNOWN, never a failure', (status, code) => {
    expect(outcomeOfPay(ams(status, code), instruction)).toEqual({ kind: 'UNKNOWN', networkCode: code });
  });

  it('no answer, an unsigned one or an unreadable one is UNKNOWN', () => {
    expect(outcomeOfPay({ kind: 'silent', code: 'NO_ANSWER' }, instruction).kind).toBe('UNKNOWN');
  });

  it('a refused connection is NOT_SUBMITTED: nothing left', () => {
    expect(outcomeOfPay({ kind: 'never_left' }, instruction).kind).toBe('NOT_SUBMITTED');
  });

  it('a final failure is DECLINED with our reason', () => {
    expect(outcomeOfPay(ams('F', 'USER_BALANCE_NOT_ENOUGH'), instruction)).toMatchObject({
      kind: 'DECLINED',
      reason: 'INSUFFICIENT_FUNDS',
    });
  });
});

describe('answers of AMS inquiryPayment', () => {
  it.each([
    ['SUCCESS', 'PROCESSED'],
    ['FAIL', 'DECLINED'],
    ['CANCELLED', 'DECLINED'],
    ['PROCESSING', 'PENDING'],
    ['SOMETHING_NEW', 'UNKNOWN'],
  ])('paymentStatus %s is %s, whatever result says', (paymentStatus, kind) => {
    expect(outcomeOfPaymentInquiry(ams('S', 'SUCCESS', { ...PAID, paymentStatus }), instruction).kind).toBe(kind);
  });

  it('CANCELLED of what had been paid is a yes that has been taken back', () => {
    const money = { value: instruction.amount.amount, currency: instruction.amount.currency };
    const paymentTime = '2026-11-28T10:00:00+08:00';
    const fields = { ...PAID, paymentStatus: 'CANCELLED', paymentTime, paymentAmount: money };
    expect(outcomeOfPaymentInquiry(ams('S', 'SUCCESS', fields), instruction)).toMatchObject({
      kind: 'PROCESSED',
      amount: instruction.amount,
      returned: instruction.amount,
      undone: true,
    });
  });

  it('ORDER_NOT_EXIST is NOT_FOUND, which proves nothing', () => {
    expect(outcomeOfPaymentInquiry(ams('F', 'ORDER_NOT_EXIST'), instruction)).toEqual({ kind: 'NOT_FOUND' });
  });
});

describe('answers of AMS on the way back', () => {
  it('a cancel after its window asks for a refund instead', () => {
    expect(outcomeOfCancel(ams('F', 'CANCEL_WINDOW_EXCEED'), instruction)).toBeNull();
  });

  it('a cancel of an order that AMS does not know is NOT_FOUND, which proves nothing: the order may still arrive', () => {
    expect(outcomeOfCancel(ams('F', 'ORDER_NOT_EXIST'), instruction)).toEqual({ kind: 'NOT_FOUND' });
  });

  it('a cancel of what nobody could tell of gives back what had been paid, nothing where it had not, and is UNKNOWN while the payment does not say', () => {
    const cancelled = outcomeOfCancel(ams('S', 'SUCCESS'), instruction);
    if (cancelled?.kind !== 'PROCESSED') throw new Error('a cancel that succeeds is certain');
    const gaveBack = (call: Parameters<typeof outcomeOfCancelled>[0]): unknown => outcomeOfCancelled(call, cancelled);
    expect(gaveBack(ams('S', 'SUCCESS', { paymentStatus: 'CANCELLED' }))).toMatchObject({ amount: { amount: '0' } });
    expect(gaveBack(ams('S', 'SUCCESS', { paymentTime: '2026-11-28T10:00:00+08:00' }))).toEqual(cancelled);
    const silences: AmsCall[] = [
      { kind: 'silent', code: 'NO_ANSWER' },
      { kind: 'never_left' },
      ams('U', 'UNKNOWN_EXCEPTION'),
      ams('F', 'ACCESS_DENIED'),
      // It says that it was cancelled, and then that it was not.
      ams('S', 'SUCCESS', { ...PAID, paymentStatus: 'SUCCESS', paymentTime: '2026-11-28T10:00:00+08:00' }),
      ams('S', 'SUCCESS', { ...PAID, paymentStatus: 'PROCESSING' }),
    ];
    for (const silence of silences) expect(gaveBack(silence)).toMatchObject({ kind: 'UNKNOWN' });
  });

  const REFUNDED: Partial<AmsAnswer> = { refundId: 'R1', refundAmount: { currency: 'CNY', value: '1000' } };

  it('a refund is as large as its answer says, and one without its number or its size proves nothing', () => {
    const refunded = { kind: 'PROCESSED', networkReference: 'R1', amount: { amount: '1000', currency: 'CNY' } };
    expect(outcomeOfRefund(ams('S', 'SUCCESS', REFUNDED))).toMatchObject(refunded);
    const found = ams('S', 'SUCCESS', { ...REFUNDED, refundStatus: 'SUCCESS' });
    expect(outcomeOfRefundInquiry(found)).toMatchObject(refunded);
    for (const name of ['refundId', 'refundAmount'] as const)
      expect(outcomeOfRefund(ams('S', 'SUCCESS', { ...REFUNDED, [name]: undefined })).kind).toBe('UNKNOWN');
  });

  it.each([
    ['SUCCESS', 'PROCESSED'],
    ['FAIL', 'DECLINED'],
    ['PROCESSING', 'UNKNOWN'],
    ['SOMETHING_NEW', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('refundStatus %s of an inquiry is %s: that the query worked says nothing of the refund', (refundStatus, kind) => {
    expect(outcomeOfRefundInquiry(ams('S', 'SUCCESS', { ...REFUNDED, refundStatus })).kind).toBe(kind);
  });

  it('a refund that nobody knows is NOT_FOUND where it was asked about, and UNKNOWN where it was to be made', () => {
    expect(outcomeOfRefundInquiry(ams('F', 'ORDER_NOT_EXIST'))).toEqual({ kind: 'NOT_FOUND' });
    expect(outcomeOfRefund(ams('F', 'ORDER_NOT_EXIST')).kind).toBe('UNKNOWN');
  });

  it('a release that is found done has given back what had been paid, and nothing where nobody knows of a payment', () => {
    const release = (processedAt: Date | null): Instruction => ({
      ...instruction,
      operation: 'release',
      target: {
        instructionId: 'pay_1-collect',
        operation: 'collect',
        networkReference: null,
        amount: instruction.amount,
        processedAt,
      },
    });
    const said = (paymentTime?: string): AmsAnswer => ({
      result: { resultCode: 'SUCCESS', resultStatus: 'S' },
      ...PAID,
      ...(paymentTime !== undefined && { paymentTime }),
    });
    const amountOf = (answer: AmsAnswer, of: Instruction): unknown =>
      (outcomeOfCancelledPayment(answer, of) as { amount?: { amount: string } }).amount?.amount;
    expect(amountOf(said(), release(null))).toBe('0');
    expect(amountOf(said('2026-11-28T10:00:00+08:00'), release(null))).toBe('36021');
    expect(amountOf(said(), release(new Date()))).toBe('36021');
  });
});

describe('answers of transfers', () => {
  it('SUCCESS is PROCESSED with the amount in fen', () => {
    expect(transfer({ code: '10000', status: 'SUCCESS', order_id: 'O1', trans_amount_minor: '70615' })).toMatchObject({
      kind: 'PROCESSED',
      networkReference: 'O1',
      amount: { amount: '70615', currency: 'CNY' },
    });
  });

  it('REFUND was done, and has come back whole', () => {
    const amount = { amount: '70615', currency: 'CNY' };
    expect(transfer({ code: '10000', status: 'REFUND', order_id: 'O1', trans_amount_minor: '70615' })).toMatchObject({
      kind: 'PROCESSED',
      amount,
      returned: amount,
    });
  });

  it.each([
    [{ code: '20000', sub_code: 'isp.unknow-error' }, 'UNKNOWN'],
    [{ code: '40004', sub_code: 'SYSTEM_ERROR' }, 'UNKNOWN'],
    [{ code: '40004', sub_code: 'ORDER_NOT_EXIST' }, 'NOT_FOUND'],
    [{ code: '40004', sub_code: 'PAYEE_ACC_STATUS_ERROR' }, 'DECLINED'],
    [{ code: '40004', sub_code: 'PAYER_BALANCE_NOT_ENOUGH' }, 'NOT_SUBMITTED'],
    [{ code: '40002', sub_code: 'isv.invalid-parameter' }, 'NOT_SUBMITTED'],
    [{ code: '10000', status: 'DEALING' }, 'PENDING'],
    [{ code: '10000', status: 'FAIL', error_code: 'PAYEE_NOT_EXIST' }, 'DECLINED'],
    [{ code: '10000' }, 'UNKNOWN'],
    [{ code: '10000', status: 'SUCCESS' }, 'UNKNOWN'],
    [{ code: '10000', status: 'REFUND' }, 'UNKNOWN'],
  ] as const)('%j is %s', (answer, kind) => {
    expect(transfer(answer).kind).toBe(kind);
  });
});

it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'a word of theirs that every object knows (%s) is no outcome',
  (word) => {
    expect(outcomeOfPay(ams('F', word), instruction).kind).toBe('UNKNOWN');
    expect(outcomeOfPaymentInquiry(ams('S', 'SUCCESS', { paymentStatus: word }), instruction).kind).toBe('UNKNOWN');
    expect(transfer({ code: '40004', sub_code: word }).kind).toBe('UNKNOWN');
    expect(transfer({ code: '10000', status: word }).kind).toBe('UNKNOWN');
  },
);
