import { Money } from '@gateway/money';
import { Clock } from '@gateway/platform';
import type { QuoteTerms } from '../../apps/fx-settlement/src/domain/reservation';
import { digestOf } from '../../apps/fx-settlement/src/use-cases/offer-in-command';
import type { PaymentOrder } from '../../apps/routing/src/domain/payment';
import { anOrder } from '../../apps/routing/testing/payment-builder';
import type { SeededRandom } from '../crash/seeded-random';

/** How the payer's money is taken, and which way it goes. */
export type WalkedWay = 'card hold' | 'wallet collection' | 'card collection';

export const START = Date.parse('2026-11-25T10:00:00.000Z');
export const DAY_MS = 86_400_000;
export const PAYMENT = 'pay_01K0WALK000000000000000000';
export const PARTNER = 'prt_test';

/** Stands still, but where somebody lets time pass. */
export class WalkedClock extends Clock {
  ms = START;
  override nowMs(): number {
    return this.ms;
  }
}

export function ruleOf(offer: string): string {
  const payload = Buffer.from(offer.split('.')[1] ?? '', 'base64url').toString('utf8');
  return (JSON.parse(payload) as { refund_rule: string }).refund_rule;
}

export function orderOf(way: WalkedWay, rule: string, random: SeededRandom): PaymentOrder {
  const quoteId = 'qte_walk';
  const payload = Buffer.from(JSON.stringify({ quote_id: quoteId, refund_rule: rule })).toString('base64url');
  const offer = `e30.${payload}.c2ln`;
  const [sourceCurrency, targetCurrency] = way === 'wallet collection' ? ['CNY', 'USD'] : ['USD', 'CNY'];
  const [principal, target] = way === 'wallet collection' ? [36_021n, 5_000n] : [10_000n, 70_615n];
  const fee = random.pick([0n, 200n]);
  return anOrder({
    offer,
    quoteId,
    createdAt: new Date(START),
    funding: way === 'card hold' ? 'hold' : 'collect',
    sourceNetwork: way === 'wallet collection' ? 'alipay' : 'applepay',
    targetNetwork: way === 'wallet collection' ? 'applepay' : 'alipay',
    principal: Money.of(principal, sourceCurrency),
    fee: Money.of(fee, sourceCurrency),
    totalSource: Money.of(principal + fee, sourceCurrency),
    target: Money.of(target, targetCurrency),
  }).payment.order;
}

export function termsOf(order: PaymentOrder): QuoteTerms {
  const { principal, fee, target } = order;
  return {
    quoteId: order.quoteId,
    partnerId: order.partnerId,
    sourceNetwork: order.sourceNetwork,
    targetNetwork: order.targetNetwork,
    rateSource: 'treasury',
    issuedAt: new Date(START),
    amounts: { principal, fee, target, atMid: Money.of((principal.minor * 99n) / 100n, principal.currency.code) },
    commission: Money.zero(target.currency),
    offerDigest: digestOf(order.offer),
  };
}
