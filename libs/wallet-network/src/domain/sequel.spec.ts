import { aStanding } from '../../testing/standing-builder';
import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { Outcome } from '../outcome';
import type { Answer } from './decision';
import { lookBack } from './sequel';
import type { Circumstances } from './enquiry-plan';
import type { Standing } from './standing';

const DAY = 86_400_000;
const amount = { amount: '10200', currency: 'USD' };
const at: Circumstances = {
  nowMs: 1_000,
  rules: {
    callTimeoutMs: 5_000,
    idempotencyLifeMs: DAY,
    enquiry: { delaysMs: [3_000], giveUpAfterMs: DAY, cancelAtEnd: false },
  },
  undoLifeMs: DAY,
  factor: 1,
};
const held: Standing = aStanding({ asked: amount, state: 'PROCESSED' });
const dispute = (status: NetworkDispute['status']): NetworkDispute => ({
  network_reference: `dsp_${status}`,
  status,
  amount,
  category: 'not_received',
  reason_code: '13.1',
  received_at: '2026-11-28T10:00:00.000Z',
});
const captured = (disputes?: NetworkDispute[]): Extract<Outcome, { kind: 'PROCESSED' }> => ({
  kind: 'PROCESSED',
  networkReference: 'pay_1',
  amount,
  counterparty: 'visa',
  ...(disputes !== undefined && { disputes }),
});

describe('a hold or collection that was processed, and is asked about once more', () => {
  it('tells every dispute that the network knows, and stays processed', () => {
    const disputes = [dispute('won'), dispute('lost')];
    const change = lookBack(held, captured(disputes), at);
    expect(change).toMatchObject({ dueMs: null, tell: { outcome: 'PROCESSED', amount, disputes } });
    expect(change.state).toBeUndefined();
  });

  it.each(['open', 'under_review'] as const)('is asked again a day later while a dispute is %s', (status) => {
    expect(lookBack(held, captured([dispute('won'), dispute(status)]), at).dueMs).toBe(at.nowMs + DAY);
  });

  it('tells nothing where nothing is disputed, or where the network says something else', () => {
    const answers: Answer[] = [captured(), captured([]), { kind: 'PENDING' }, { kind: 'NOT_FOUND' }];
    for (const answer of answers) expect(lookBack(held, answer, at)).toEqual({ dueMs: null, enquiries: 0 });
  });

  it('tells once what the network has taken back by itself, and goes on telling it beside a dispute', () => {
    const returned = { amount: '10200', currency: 'USD' };
    const back = { ...captured(), returned };
    expect(lookBack(held, back, at)).toMatchObject({
      returned,
      dueMs: null,
      tell: { outcome: 'PROCESSED', returned },
    });
    expect(lookBack({ ...held, returned }, back, at)).toEqual({ dueMs: null, enquiries: 0 });
    const disputed = lookBack({ ...held, returned }, { ...captured([dispute('won')]), returned }, at);
    expect(disputed.tell).toMatchObject({ returned, disputes: [dispute('won')] });
  });

  it('is asked again where nothing was learnt, as the notification will not come again', () => {
    expect(lookBack(held, { kind: 'UNKNOWN' }, at)).toEqual({ dueMs: at.nowMs + 3_000, enquiries: 1 });
  });

  it('keeps saying that another amount was confirmed than asked', () => {
    const other = { ...captured([dispute('open')]), amount: { amount: '9000', currency: 'USD' } };
    expect(lookBack(held, other, at).tell).toMatchObject({ amountConflict: true });
  });
});
