import { Money } from '@gateway/money';
import { anOrder } from '../../../testing/payment-builder';
import type { Payment } from '../payment';
import { createRefund, type Refund } from '../refund/refund';
import type { RefundState } from '../refund/refund-state';
import { createDispute, type Dispute, type DisputeOrder } from './dispute';
import { ownEvidence } from './own-evidence';

const at = new Date('2026-11-28T10:00:00Z');

function payment(scheme = 'visa'): Payment {
  const { payment: made } = anOrder({ id: 'pay_1', createdAt: at, quoteId: 'qte_1' });
  made.standing.counterparty = scheme;
  return made;
}

function dispute(more: Partial<DisputeOrder> = {}): Dispute {
  return createDispute('dsp_1', at, {
    paymentId: 'pay_1',
    partnerId: 'prt_demo',
    partition: 0,
    networkReference: 'dsp_a',
    amount: Money.of(10_200n, 'USD'),
    fee: null,
    category: 'fraudulent',
    reasonCode: '10.4',
    receivedAt: at,
    liability: { bearer: 'gateway', clause: 'none' },
    authentication: { eci: '05', cryptogram: true },
    ...more,
  });
}

function refund(id: string, of: Payment, share: bigint, state: RefundState = 'COMPLETED'): Refund {
  const { principal, target } = of.order;
  const made = createRefund(id, at, {
    paymentId: of.id,
    partnerId: 'prt_demo',
    partition: 0,
    actor: 'partner:prt_demo',
    rule: 'R1',
    source: Money.of((principal.minor * share) / 10n, principal.currency),
    target: Money.of((target.minor * share) / 10n, target.currency),
    reason: null,
    reference: null,
    requestedBy: id,
    returnId: null,
    bearer: null,
    byHand: false,
  });
  made.state = state;
  return made;
}

describe('what the gateway answers a dispute with by itself', () => {
  it.each([
    ['visa', '05'],
    ['visa', '06'],
    ['mastercard', '02'],
    ['amex', '05'],
  ])('fraud where %s says %s: the indicator, and that a cryptogram was there', (scheme, eci) => {
    const authentication = { eci, cryptogram: true };
    const evidence = ownEvidence(dispute({ authentication }), payment(scheme), []);
    expect(evidence?.additional).toContain(`indicator ${eci}`);
    expect(evidence?.additional).toContain('cryptogram present');
  });

  it.each<[string, Partial<DisputeOrder>, string]>([
    ['the network has downgraded the indicator', { authentication: { eci: '07', cryptogram: true } }, 'visa'],
    ['there was no cryptogram', { authentication: { eci: '05', cryptogram: false } }, 'visa'],
    ['the network gave no indicator', { authentication: { cryptogram: true } }, 'visa'],
    ['nothing is known of it', { authentication: null }, 'visa'],
    ['another scheme uses that indicator otherwise', { authentication: { eci: '02', cryptogram: true } }, 'visa'],
    ['it is not about fraud', { category: 'not_received' }, 'visa'],
  ])('nothing where %s', (_, order, scheme) => {
    expect(ownEvidence(dispute(order), payment(scheme), [])).toBeNull();
  });

  it('a full refund, in whatever parts, by the references that the network knows', () => {
    const paid = payment();
    const refunds = [refund('rfd_1', paid, 4n), refund('rfd_2', paid, 6n)];
    const evidence = ownEvidence(dispute({ category: 'credit_not_issued' }), paid, refunds);
    expect(evidence?.additional).toContain('rfd_1-refund');
    expect(evidence?.additional).toContain('rfd_2-refund');
    expect(evidence?.additional?.length).toBeLessThanOrEqual(500);
  });

  it('not a refund in part, and none that has not gone out', () => {
    const paid = payment();
    const order = { category: 'credit_not_issued' } as const;
    expect(ownEvidence(dispute(order), paid, [refund('rfd_1', paid, 4n)])).toBeNull();
    expect(ownEvidence(dispute(order), paid, [refund('rfd_1', paid, 10n, 'SENDING')])).toBeNull();
  });
});
