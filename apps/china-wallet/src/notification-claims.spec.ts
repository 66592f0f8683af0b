import { claimOfAms, claimOfTransfer } from './notification-claims';

describe('what a notification of Alipay claims', () => {
  it.each([
    ['S', 'done'],
    ['F', 'not_done'],
  ] as const)('of a collection with %s: %s, with the fields that matter', (resultStatus, claim) => {
    const body = {
      notifyType: 'PAYMENT_RESULT',
      result: { resultStatus, resultCode: 'SUCCESS', resultMessage: 'hello' },
      paymentId: '2026',
      paymentAmount: { currency: 'CNY', value: '100' },
      payerInfo: 'nobody',
    };
    expect(claimOfAms(body)).toEqual({
      claim,
      fields: {
        type: 'PAYMENT_RESULT',
        status: resultStatus,
        code: 'SUCCESS',
        id: '2026',
        amount: '100',
        currency: 'CNY',
      },
    });
  });

  it('of a collection that is pending or unknown: nothing', () => {
    expect(claimOfAms({ notifyType: 'PAYMENT_PENDING', result: { resultStatus: 'S' } })).toBeNull();
    expect(claimOfAms({ result: { resultStatus: 'U' } })).toBeNull();
    expect(claimOfAms({})).toBeNull();
  });

  it('of a transfer: done, not done, or nothing', () => {
    expect(claimOfTransfer({ status: 'SUCCESS', order_id: '1' })?.claim).toBe('done');
    expect(claimOfTransfer({ status: 'FAIL' })).toEqual({ claim: 'not_done', fields: { status: 'FAIL' } });
    for (const status of ['REFUND', 'DEALING', 'constructor', 7]) expect(claimOfTransfer({ status })).toBeNull();
  });
});
