import { Money } from '@gateway/money';
import { anOrder } from '../../../testing/payment-builder';
import type { Payment } from '../payment';
import type { PaymentState } from '../payment-state';
import { PAYMENT_STATES } from '../payment-state';
import { checkRefund, refundableSides, termsOfRefund, whatCameBack } from './check-refund';
import { createRefund, refundInstructionId, refundOfInstruction, type Refund } from './refund';
import type { RefundState } from './refund-state';
import { refundableUntil } from './refund-window';

const NOW = new Date('2026-11-26T10:00:00.000Z');
const usd = (minor: bigint): Money => Money.of(minor, 'USD');

function paymentIn(state: PaymentState, change: Parameters<typeof anOrder>[0] = {}): Payment {
  return { ...anOrder(change).payment, state };
}

function refundIn(state: RefundState, payment: Payment, source: bigint, target: bigint): Refund {
  const { id, partition, order } = payment;
  const refund = createRefund('rfd_01K0TEST000000000000000000', NOW, {
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
