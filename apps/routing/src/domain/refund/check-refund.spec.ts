import { Money } from '@gateway/money';
import { anOrder } from '../../../testing/payment-builder';
import type { Dispute } from '../disputes/dispute';
import type { Payment } from '../payment';
import type { PaymentState } from '../payment-state';
import { PAYMENT_STATES } from '../payment-state';
import {
  checkRefund,
  forbiddenForGood,
  forbiddenNow,
  leftToRefund,
  refundableSides,
  termsOfRefund,
  whatCameBack,
  type RefundSurroundings,
} from './check-refund';
import { createRefund, refundInstructionId, refundOfInstruction, type Refund } from './refund';
import type { RefundState } from './refund-state';
import { refundableUntil } from './refund-window';

const NOW = new Date('2026-11-26T10:00:00.000Z');
const usd = (minor: bigint): Money => Money.of(minor, 'USD');

function paymentIn(state: PaymentState, change: Parameters<typeof anOrder>[0] = {}): Payment {
  return { ...anOrder(change).payment, state };
}

/** A completed payment of USD 102.00, of which the network has given so much back by itself. */
function takenBack(minor: bigint): Payment {
  const payment = paymentIn('COMPLETED');
  const told = minor.toString();
  payment.standing.takenBack = { told, whole: false, booked: told, bookings: 1, settled: '0', settlements: 0 };
  return payment;
}

function refundIn(state: RefundState, payment: Payment, source: bigint, target: bigint, number = 0): Refund {
  const { id, partition, order } = payment;
  const refund = createRefund(`rfd_01K0TEST00000000000000000${number}`, NOW, {
    paymentId: id,
    partnerId: order.partnerId,
    partition,
    actor: order.actor,
    rule: 'R1',
    source: usd(source),
    target: Money.of(target, 'CNY'),
    reason: null,
    reference: null,
    returnId: null,
    bearer: null,
    byHand: false,
    requestedBy: 'key',
  });
  return { ...refund, state };
}

describe('a wanted refund', () => {
  it('is of the principal: the fee stays where no contract says otherwise', () => {
    const sides = refundableSides(paymentIn('COMPLETED'));
    expect([sides.source.minor, sides.target.minor]).toEqual([10_000n, 70_615n]);
  });

  it('is refused for every payment that is not completed', () => {
    const refused = PAYMENT_STATES.filter(
      (state) => checkRefund(paymentIn(state), [], null, { now: NOW }) === 'PAYMENT_NOT_REFUNDABLE',
    );
    expect(refused).toEqual(PAYMENT_STATES.filter((state) => state !== 'COMPLETED'));
  });

  it('counts refunds under way, owed and completed, and forgets those that were refused', () => {
    const payment = paymentIn('COMPLETED');
    const others = (state: RefundState): Refund[] => [refundIn(state, payment, 6_000n, 42_369n)];
    for (const state of ['FUNDING', 'SENDING', 'SEND_UNKNOWN', 'IN_REVIEW', 'OWED', 'COMPLETED'] as const) {
      expect(checkRefund(payment, others(state), usd(4_001n), { now: NOW })).toBe('REFUND_EXCEEDS');
    }
    expect(checkRefund(payment, others('REFUSED'), usd(10_000n), { now: NOW })).toMatchObject({ source: usd(10_000n) });
  });

  it("is refused a millisecond after the window of the payer's network", () => {
    const payment = paymentIn('COMPLETED');
    const until = refundableUntil(payment);
    expect(until.toISOString()).toBe('2027-11-25T10:00:00.000Z');
    expect(checkRefund(payment, [], null, { now: until })).not.toBe('REFUND_WINDOW_CLOSED');
    expect(checkRefund(payment, [], null, { now: new Date(until.getTime() + 1) })).toBe('REFUND_WINDOW_CLOSED');
  });

  it('is left to people after the window, and to nobody else before', () => {
    const payment = paymentIn('COMPLETED');
    const late = new Date(refundableUntil(payment).getTime() + 1);
    expect(checkRefund(payment, [], null, { now: NOW, byHand: true })).toBe('REFUND_WINDOW_OPEN');
    expect(checkRefund(payment, [], null, { now: late, byHand: true })).toMatchObject({ source: usd(10_000n) });
  });

  it('names its bearer under R4 and under no other rule, and is at the original rate out of a returned credit', () => {
    expect(termsOfRefund('R2', null, false)).toEqual({ rule: 'R2', bearer: null });
    expect(termsOfRefund('R2', 'payer', false)).toBe('BEARER_NOT_CHOSEN');
    expect(termsOfRefund('R4', null, false)).toBe('BEARER_MISSING');
    expect(termsOfRefund('R4', 'payee', false)).toEqual({ rule: 'R4', bearer: 'payee' });
    expect(termsOfRefund('R4', null, true)).toEqual({ rule: 'R1', bearer: null });
  });

  it('out of a returned credit takes as much as came back, and no more than is left', () => {
    const payment = paymentIn('COMPLETED');
    const part = Money.of(28_246n, 'CNY');
    expect(whatCameBack(payment, [], part)).toEqual(part);
    expect(whatCameBack(payment, [refundIn('COMPLETED', payment, 7_000n, 49_431n)], part)).toBeNull();
  });
});

describe('a refund of a payment of which the network has taken back a part by itself', () => {
  it('is bounded by what was taken, less what was taken back and refunded, and takes all of that where none is named', () => {
    const payment = takenBack(4_000n);
    expect(checkRefund(payment, [], null, { now: NOW })).toMatchObject({ source: usd(6_200n) });
    expect(checkRefund(payment, [], usd(6_200n), { now: NOW })).toMatchObject({ source: usd(6_200n) });
    expect(checkRefund(payment, [], usd(6_201n), { now: NOW })).toBe('REFUND_EXCEEDS');
    expect(checkRefund(payment, [], Money.of(70_615n, 'CNY'), { now: NOW })).toBe('REFUND_EXCEEDS');
    const others = [refundIn('SENDING', payment, 6_000n, 42_369n)];
    expect(checkRefund(payment, others, usd(201n), { now: NOW })).toBe('REFUND_EXCEEDS');
    expect(checkRefund(payment, others, null, { now: NOW })).toMatchObject({ source: usd(200n) });
    expect(leftToRefund(payment, others).minor).toBe(200n);
  });

  it('is of the whole principal where what was taken back is no more than the fee', () => {
    expect(checkRefund(takenBack(200n), [], null, { now: NOW })).toMatchObject({ source: usd(10_000n) });
    expect(checkRefund(takenBack(201n), [], usd(10_000n), { now: NOW })).toBe('REFUND_EXCEEDS');
  });

  it('is refused where nothing is left', () => {
    const payment = takenBack(10_100n);
    const others = [refundIn('COMPLETED', payment, 100n, 706n)];
    for (const wanted of [null, usd(1n)]) {
      expect(checkRefund(payment, others, wanted, { now: NOW })).toBe('REFUND_EXCEEDS');
    }
  });

  it('out of a returned credit takes what is left, if that is less than came back', () => {
    const most = Money.of(50_000n, 'CNY');
    expect(whatCameBack(takenBack(1_000n), [], most)).toEqual(most);
    expect(whatCameBack(takenBack(5_000n), [], most)).toBeNull();
  });

  it('that was asked for before is not sent where it does not fit any more beside those that have left', () => {
    const payment = takenBack(5_000n);
    const first = refundIn('FUNDING', payment, 3_000n, 21_184n, 1);
    const second = refundIn('FUNDING', payment, 3_000n, 21_184n, 2);
    const around = { payment, disputes: [], refunds: [first, second] };
    expect([forbiddenNow(first, around), forbiddenNow(second, around)]).toEqual([null, null]);
    first.state = 'SENDING';
    expect(forbiddenNow(second, around)).toBe('REFUND_EXCEEDS');
    first.state = 'REFUSED';
    expect(forbiddenNow(second, around)).toBeNull();
    payment.standing.parts = { ...payment.standing.parts, source: 'taken_back' };
    expect(forbiddenNow(second, around)).toBe('TAKEN_BACK');
  });
});

describe('a refund that is owed', () => {
  const around = (payment: Payment, refunds: Refund[], ...states: Dispute['state'][]): RefundSurroundings => ({
    payment,
    disputes: states.map((state) => ({ state }) as Dispute),
    refunds,
  });

  it('is forbidden for good by a dispute that is lost, and not by one that is open or won', () => {
    const payment = paymentIn('COMPLETED');
    const owed = refundIn('OWED', payment, 4_000n, 28_246n);
    const by = (...states: Dispute['state'][]): unknown => forbiddenForGood(owed, around(payment, [owed], ...states));
    expect([by(), by('OPEN'), by('WON'), by('LOST'), by('LOST', 'OPEN')]).toEqual([
      null,
      null,
      null,
      'DISPUTE_LOST',
      'DISPUTE_LOST',
    ]);
  });

  it('is forbidden for good where all was taken back, or so much that it does not fit beside those that stay', () => {
    const payment = takenBack(5_000n);
    const owed = refundIn('OWED', payment, 3_000n, 21_184n, 1);
    const other = refundIn('COMPLETED', payment, 3_000n, 21_184n, 2);
    const by = (): unknown => forbiddenForGood(owed, around(payment, [owed, other]));
    const states = ['SENDING', 'IN_REVIEW', 'REFUSED', 'WITHDRAWN', 'COMPLETED', 'PAID_BY_HAND', 'OWED'] as const;
    const forbidden = states.filter((state) => {
      other.state = state;
      return by() !== null;
    });
    expect(forbidden).toEqual(['COMPLETED', 'PAID_BY_HAND', 'OWED']);
    expect(forbiddenForGood(owed, around(payment, [owed]))).toBeNull();
    payment.standing.parts = { ...payment.standing.parts, source: 'taken_back' };
    expect(forbiddenForGood(owed, around(payment, [owed]))).toBe('TAKEN_BACK');
  });
});

describe('the refund windows', () => {
  const at = (sourceNetwork: string, legalEntity: string, createdAt: string): string =>
    refundableUntil(anOrder({ sourceNetwork, legalEntity, createdAt: new Date(createdAt) }).payment).toISOString();

  it('are data by network and contract: 365 days, and 18 months for the China entity', () => {
    expect(at('alipay', 'gateway-us', '2026-01-31T00:00:00.000Z')).toBe('2027-01-31T00:00:00.000Z');
    expect(at('alipay', 'gateway-cn', '2026-01-31T00:00:00.000Z')).toBe('2027-07-31T00:00:00.000Z');
    expect(at('alipay', 'gateway-cn', '2026-08-31T00:00:00.000Z')).toBe('2028-02-29T00:00:00.000Z');
    expect(at('unheard-of', 'gateway-us', '2026-01-01T00:00:00.000Z')).toBe('2026-06-30T00:00:00.000Z');
  });

  it('are dated: a payment falls under the latest row that had begun', () => {
    const payment = anOrder({ createdAt: new Date('2026-06-15T00:00:00.000Z') }).payment;
    const windows = [
      { network: 'applepay', legalEntity: null, from: '2026-01-01', days: 30 },
      { network: 'applepay', legalEntity: null, from: '2026-06-15', days: 60 },
      { network: 'applepay', legalEntity: null, from: '2026-06-16', days: 90 },
    ];
    expect(refundableUntil(payment, windows).toISOString()).toBe('2026-08-14T00:00:00.000Z');
  });
});

describe("a refund's instruction ids", () => {
  it('are derived, short enough for every network, and lead back to the refund', () => {
    const id = 'rfd_01K0TEST000000000000000000';
    const { standing } = refundIn('OWED', paymentIn('COMPLETED'), 1n, 7n);
    const elsewhere = { ...standing, elsewhere: { instrument: 'ins_x', attempt: 2, notAfter: '' } };
    const derivations = [
      refundInstructionId({ id, standing }, 'fund'),
      refundInstructionId({ id, standing }, 'send'),
      refundInstructionId({ id, standing: elsewhere }, 'send'),
    ];
    expect(derivations).toEqual([`${id}-fund`, `${id}-refund`, `${id}-other2`]);
    for (const derived of derivations) {
      expect(derived.length).toBeLessThanOrEqual(40);
      expect(refundOfInstruction(derived)).toBe(id);
    }
    expect(refundOfInstruction('pay_01K0TEST000000000000000000-release')).toBeNull();
  });
});
