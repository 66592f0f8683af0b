import type { ReservationCommand } from '@gateway/contracts/fx.reservation.commands.v1';
import { reservationCommands } from '@gateway/contracts/fx.reservation.commands.v1';
import type { ReservationOutcome } from '@gateway/contracts/fx.reservation.events.v1';
import type { MoneyEffect, PaymentEvent } from '@gateway/contracts/payments.payment.events.v1';
import { paymentEvents } from '@gateway/contracts/payments.payment.events.v1';
import type { Emitted, InboundRecord } from '@gateway/messaging';
import { Money, Rate } from '@gateway/money';
import type { Database } from '@gateway/persistence';
import { partitionOf } from '@gateway/platform';
import { priceOffer } from '../../../apps/fx-settlement/src/domain/offer-pricing';
import type { SignedQuote } from '../../../apps/fx-settlement/src/domain/quote';
import { PostgresQuoteStore } from '../../../apps/fx-settlement/src/outbound/postgres-quote.store';
import { digestOf } from '../../../apps/fx-settlement/src/use-cases/offer-in-command';

/** A payment of a test: its quote is stored, and it makes the records that routing would send about it. */
export interface TestPayment {
  readonly id: string;
  readonly quote: SignedQuote;
  readonly partition: number;
}

const PARTNER = 'prt_test';
const MID = Rate.ofScaled('USD', 'CNY', 713_280_000n);

function quoteOf(quoteId: string, toChina: boolean, minor: bigint): SignedQuote {
  const price = {
    markUpBps: 100,
    feeFixed: 0n,
    feeBps: toChina ? 200 : 0,
    commissionBps: 60,
    minimum: 1n,
    maximum: 10n ** 12n,
  };
  const priced = priceOffer({
    fixedSide: toChina ? 'source' : 'target',
    amount: Money.of(minor, 'USD'),
    sourceCurrency: toChina ? 'USD' : 'CNY',
    mid: MID,
    price,
  });
  if (!priced.ok) throw new Error(priced.refusal);
  const issuedAt = new Date();
  const payload = Buffer.from(JSON.stringify({ quote_id: quoteId })).toString('base64url');
  const offer = `e30.${payload}.c2ln`;
  const quote = {
    quoteId,
    partnerId: PARTNER,
    sourceNetwork: toChina ? 'applepay' : 'alipay',
    targetNetwork: toChina ? 'alipay' : 'applepay',
    purpose: 'goods',
    fixedSide: toChina ? ('source' as const) : ('target' as const),
    priced: priced.offer,
    markUpBps: 100,
    rate: { source: 'treasury', mid: MID, asOf: issuedAt },
    refundRule: 'R1' as const,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + 300_000),
  };
  return { quote, kid: 'kid_test', offer, digest: digestOf(offer) };
}

/** Stores a quote per payment; `toChina` payments hold a card, the others collect at Alipay. */
export async function makePayments(
  database: Database,
  prefix: string,
  count: number,
  options: { toChina?: (index: number) => boolean; minor?: (index: number) => bigint } = {},
): Promise<TestPayment[]> {
  const payments = Array.from({ length: count }, (_unused, index): TestPayment => {
    const id = `pay_${prefix}${index}`;
    const quote = quoteOf(`qte_${prefix}${index}`, options.toChina?.(index) ?? true, options.minor?.(index) ?? 10_000n);
    return { id, quote, partition: partitionOf(id, 6) };
  });
  await database.transaction((tx) =>
    new PostgresQuoteStore().insert(
      payments.map((payment) => payment.quote),
      tx,
    ),
  );
  return payments;
}

let records = 0;
function inbound<P>(contract: InboundRecord<P>['contract'], payment: TestPayment, data: P): InboundRecord {
  records += 1;
  const record: InboundRecord<P> = {
    contract,
    key: payment.id,
    partition: payment.partition,
    offset: records.toString(),
    id: `evt_${records}`,
    time: new Date().toISOString(),
    data,
  };
  return record;
}

export function reserve(payment: TestPayment, more: Partial<ReservationCommand> = {}): InboundRecord {
  return inbound(reservationCommands, payment, {
    instruction_id: `${payment.id}-reserve`,
    payment_id: payment.id,
    partner_id: PARTNER,
    operation: 'reserve',
    offer: payment.quote.offer,
    ...more,
  });
}

export function release(payment: TestPayment): InboundRecord {
  return inbound(reservationCommands, payment, {
    instruction_id: `${payment.id}-unreserve`,
    payment_id: payment.id,
    partner_id: PARTNER,
    operation: 'release',
    target_instruction_id: `${payment.id}-reserve`,
  });
}

const LEGS: Readonly<Record<MoneyEffect, string>> = {
  hold_funded: 'hold',
  collection_funded: 'collect',
  credited: 'credit',
  captured: 'capture',
  hold_released: 'release',
  return_started: 'release',
  return_confirmed: 'release',
  capture_lost: 'capture',
  late_credit: 'credit',
  blocked: 'collect',
  refund_funded: 'fund',
  refund_sent: 'refund',
  refund_sent_elsewhere: 'other1',
  refund_paid_by_hand: 'refund',
  refund_withdrawn: 'fund',
  credit_returned: 'credit',
  return_corrected: 'correct',
  dispute_opened: 'dispute',
  dispute_won: 'dispute',
  dispute_lost: 'dispute',
  return_kept: 'correct',
  source_taken_back: 'collect',
  take_back_settled: 'collect',
};

/** One event with these effects, in this order, as one transaction of routing would write it. */
export function fact(
  payment: TestPayment,
  effects: readonly MoneyEffect[],
  more: Partial<PaymentEvent> = {},
): InboundRecord {
  const { quote } = payment.quote;
  const toChina = quote.sourceNetwork === 'applepay';
  const onWire = (money: Money): { amount: string; currency: string } => ({
    amount: money.toDigits(),
    currency: money.currency.code,
  });
  const data: PaymentEvent = {
    payment_id: payment.id,
    partner_id: PARTNER,
    sequence: 1,
    incarnation: 0,
    state: 'CREDITING',
    public_status: 'processing',
    quote_id: quote.quoteId,
    purpose: 'goods',
    funding: toChina ? 'hold' : 'collect',
    source_network: quote.sourceNetwork,
    target_network: quote.targetNetwork,
    source_amount: onWire(quote.priced.source),
    target_amount: onWire(quote.priced.target),
    changes: effects.map((money) => {
      const onTarget = ['credited', 'late_credit', 'credit_returned', 'return_corrected', 'return_kept'].includes(
        money,
      );
      const sourceParty = toChina ? 'visa' : 'alipay';
      const targetParty = toChina ? 'alipay' : 'us_payout_bank';
      return {
        fact: money,
        from: 'CREDITING',
        to: 'CREDITING',
        at: '2026-11-25T10:00:00.000Z',
        instruction_id: `${payment.id}-${LEGS[money]}`,
        network: onTarget ? quote.targetNetwork : quote.sourceNetwork,
        counterparty: onTarget ? targetParty : sourceParty,
        amount: onWire(onTarget ? quote.priced.target : quote.priced.source),
        money,
      };
    }),
    ...more,
  };
  return inbound(paymentEvents, payment, data);
}

/** What a network has given back by itself, or what was left for us to give back: effects over parts, on legs of their own. */
export function partsGivenBack(
  payment: TestPayment,
  parts: readonly (readonly [effect: MoneyEffect, leg: string, minor: bigint])[],
): InboundRecord {
  const effects = parts.map(([effect]) => effect);
  const { changes } = fact(payment, effects).data as PaymentEvent;
  const inParts = changes.map((change, at) => {
    const [, leg, minor] = parts[at]!;
    const amount = { amount: minor.toString(), currency: payment.quote.quote.priced.source.currency.code };
    return { ...change, instruction_id: `${payment.id}-${leg}`, amount };
  });
  return fact(payment, effects, { changes: inParts });
}

/** The outcomes that a batch answered, as `outcome` or the reason of a refusal. */
export function outcomesOf(emitted: Emitted): string[] {
  return emitted.records.map(({ data }) => {
    const outcome = data as ReservationOutcome;
    return outcome.reason ?? outcome.outcome;
  });
}
