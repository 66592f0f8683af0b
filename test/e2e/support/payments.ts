import { randomInt } from 'node:crypto';
import { until, type Gateway } from './gateway';
import type { PartnerClient, PaymentView } from './partner-client';
import type { TokenWish } from './simulator-client';

/** Wishes about one payment; everything has a default that completes. */
export interface PaymentWish {
  /** Minor units of the fixed side. */
  amount?: string;
  fixedSide?: 'source' | 'target';
  purpose?: 'goods' | 'services' | 'person_to_person';
  /** A shorter life of the quote than the usual one. */
  validForS?: number;
  /** The Apple Pay token on whichever side is the card's. */
  token?: TokenWish;
  /** The Alipay payee's identity, or the Alipay payer's code or mode. */
  alipay?: string;
  payerName?: string;
  payeeName?: string;
}

/** Everything a payment is made of, before it is made. */
export interface Prepared {
  request: Record<string, unknown>;
  quote: { id: string; offer: string; total_source_amount: { amount: string }; target_amount: { amount: string } };
}

export type Direction = 'us-to-china' | 'china-to-us';

/** A payment code of an Alipay payer; `marker` is four digits that the simulator knows. */
export function paymentCode(marker = '0000'): string {
  return `289999${marker}${String(randomInt(0, 99_999_999)).padStart(8, '0')}`;
}

/** Intake and quote for one payment in either direction. */
export async function prepare(
  gateway: Gateway,
  partner: PartnerClient,
  direction: Direction,
  wish: PaymentWish = {},
): Promise<Prepared> {
  const toChina = direction === 'us-to-china';
  const token = await gateway.simulator.appleToken(wish.token);
  const card = { network: 'applepay', use: toChina ? 'pay' : 'be_paid', token };
  const alipay = { network: 'alipay', ...(toChina ? payee(wish.alipay) : payer(wish.alipay)) };
  const [source, target] = toChina ? [card, alipay] : [alipay, card];
  const [sourceInstrument, targetInstrument, payerParty, payeeParty] = await Promise.all([
    partner.create('/v1/instruments', source),
    partner.create('/v1/instruments', target),
    partner.create('/v1/parties', person(wish.payerName ?? 'Ada Example', toChina ? 'US' : 'CN')),
    partner.create('/v1/parties', person(wish.payeeName ?? 'Bo Example', toChina ? 'CN' : 'US')),
  ]);
  const quote = await quoteFor(partner, direction, wish);
  const request = {
    offer: quote.offer,
    source_instrument: sourceInstrument.id,
    target_instrument: targetInstrument.id,
    payer: payerParty.id,
    payee: payeeParty.id,
    bop_code: '121010',
  };
  return { request, quote };
}

export async function quoteFor(
  partner: PartnerClient,
  direction: Direction,
  wish: PaymentWish = {},
): Promise<Prepared['quote']> {
  const toChina = direction === 'us-to-china';
  const fixedSide = wish.fixedSide ?? (toChina ? 'source' : 'target');
  const currency = (fixedSide === 'source') === toChina ? 'USD' : 'CNY';
  return partner.create('/v1/quotes', {
    source_network: toChina ? 'applepay' : 'alipay',
    target_network: toChina ? 'alipay' : 'applepay',
    fixed_side: fixedSide,
    amount: { amount: wish.amount ?? (toChina ? '10000' : '5000'), currency },
    purpose: wish.purpose ?? 'goods',
    ...(wish.validForS !== undefined && { valid_for_s: wish.validForS }),
  });
}

/** Prepares and starts a payment. */
export async function pay(
  gateway: Gateway,
  partner: PartnerClient,
  direction: Direction,
  wish: PaymentWish = {},
): Promise<PaymentView> {
  const { request } = await prepare(gateway, partner, direction, wish);
  return partner.create<PaymentView>('/v1/payments', request);
}

const FINAL = new Set(['completed', 'declined', 'canceled', 'failed']);
const OVER = new Set(['COMPLETED', 'REJECTED', 'DECLINED', 'EXPIRED', 'REVERSED', 'BLOCKED', 'CAPTURE_LOST']);

/** Waits until the payment's own state is final, not only its public status. */
export async function untilOver(partner: PartnerClient, id: string, withinMs = 60_000): Promise<PaymentView> {
  let last: PaymentView | undefined;
  try {
    return await until(
      `${id} is over`,
      async () => {
        last = await partner.payment(id);
        return FINAL.has(last.status) && OVER.has(stateOf(last)) ? last : null;
      },
      withinMs,
    );
  } catch (error) {
    throw new Error(`${(error as Error).message}; last seen: ${JSON.stringify(last)}`);
  }
}

export function stateOf(payment: PaymentView): string {
  return payment.history.at(-1)?.state ?? '';
}

/** How often each operation was executed at the networks, by operation. */
export async function executed(gateway: Gateway, paymentId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { operation } of await gateway.simulator.movements(paymentId))
    counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

function payee(identity = 'payee@example.com'): object {
  return { use: 'be_paid', account: { identity, identity_type: 'ALIPAY_LOGON_ID', name: 'Bo Example' } };
}

function payer(codeOrMode = paymentCode()): object {
  return codeOrMode === 'in_app' ? { use: 'pay', payer: { mode: 'in_app' } } : { use: 'pay', payment_code: codeOrMode };
}

function person(name: string, country: string): object {
  return { role: 'any', type: 'individual', name, country };
}
