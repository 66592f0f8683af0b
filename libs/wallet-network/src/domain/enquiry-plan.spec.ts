import { aStanding } from '../../testing/standing-builder';
import type { OperationRules } from '../description';
import { follow } from './decision';
import { nextEnquiryMs, withProfile, type Circumstances } from './enquiry-plan';
import type { Standing } from './standing';

const rules: OperationRules = {
  callTimeoutMs: 5_000,
  idempotencyLifeMs: 840_000,
  enquiry: { delaysMs: [3_000], giveUpAfterMs: 60_000, cancelAtEnd: true },
  whilePayerActs: { delaysMs: [3_000, 30_000], giveUpAfterMs: 840_000, cancelAtEnd: true },
};
const at = (nowMs: number): Circumstances => ({ nowMs, rules, undoLifeMs: 86_400_000, factor: 1 });
const order = { type: 'confirm_in_app', value: 'https://pay.example/1' };
const sent: Standing = aStanding({ operation: 'collect', asked: { amount: '36021', currency: 'CNY' } });

describe('the enquiry plan of a product', () => {
  it('a payer-presented code is asked about for a minute and then taken back', () => {
    const waiting: Standing = { ...sent, state: 'UNKNOWN', planStartMs: 0, enquiries: 19 };
    expect(nextEnquiryMs(waiting, 20, at(59_000))).toBe(60_000);
    expect(follow(waiting, 'enquiry', { kind: 'UNKNOWN' }, at(60_000)).undo).toMatchObject({
      reason: 'NO_ANSWER_IN_TIME',
    });
  });

  it('an order that waits for the payer is asked about until it closes, ever more rarely', () => {
    const change = follow(sent, 'call', { kind: 'PENDING', nextAction: order }, at(0));
    expect(change.tell?.nextAction).toEqual(order);
    const waiting: Standing = { ...sent, state: 'PENDING', planStartMs: 0, payerAction: order };
    expect(nextEnquiryMs(waiting, 5, at(60_000))).toBe(90_000);
    expect(follow(waiting, 'enquiry', { kind: 'PENDING' }, at(60_000)).undo).toBeUndefined();
    expect(follow(waiting, 'enquiry', { kind: 'PENDING' }, at(840_000)).undo).toMatchObject({
      reason: 'PAYER_DID_NOT_CONFIRM',
    });
  });

  it('goes on showing the payer what to do when an enquiry does not say it again', () => {
    const waiting: Standing = { ...sent, state: 'PENDING', planStartMs: 0, payerAction: order };
    expect(follow(waiting, 'enquiry', { kind: 'PENDING' }, at(3_000)).tell?.nextAction).toEqual(order);
  });

  it('is shortened as a whole in the short profile, and asks at least every ten seconds', () => {
    const long: OperationRules = { ...rules, enquiry: { ...rules.enquiry, delaysMs: [500, 3_000, 3_600_000] } };
    const description = {
      id: 'x',
      country: 'CN',
      currencies: ['CNY'],
      funding: {},
      canCredit: true,
      operations: { collect: rules, credit: long },
      counterparties: { payer: null, payee: 'bank' },
      holdMarginMs: 0,
      limits: {},
    };
    const { collect, credit } = withProfile(description, 10).operations;
    expect(collect).toMatchObject({ callTimeoutMs: 5_000, whilePayerActs: { giveUpAfterMs: 84_000 } });
    expect(collect?.enquiry.giveUpAfterMs).toBe(20_000);
    expect(credit?.enquiry.delaysMs).toEqual([100, 300, 10_000]);
  });
});
