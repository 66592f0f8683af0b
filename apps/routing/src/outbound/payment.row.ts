import { Money } from '@gateway/money';
import type { Funding, Payment, PaymentOrder, Purpose, Standing } from '../domain/payment';
import type { PaymentState } from '../domain/payment-state';
import { publicStatusOf } from '../domain/public-status';

/** A payment as LOCK_PAYMENTS returns it. */
export interface PaymentRow {
  payment_id: string;
  state: PaymentState;
  sequence: number;
  due: Date | null;
  standing: Standing;
  partner_id: string;
  partition: number;
  legal_entity: string;
  actor: string;
  quote_id: string;
  offer: string;
  offer_expires_at: Date;
  source_network: string;
  target_network: string;
  purpose: Purpose;
  bop_code: string;
  funding: Funding;
  hold_margin_ms: bigint;
  source_instrument: string;
  target_instrument: string;
  single_use: boolean;
  payer_party: string;
  payee_party: string;
  source_currency: string;
  principal_minor: bigint;
  fee_minor: bigint;
  total_source_minor: bigint;
  target_currency: string;
  target_minor: bigint;
  mid: string;
  customer_rate: string;
  reference: string | null;
  metadata: Record<string, string> | null;
  created_at: Date;
}

export function paymentOf(row: PaymentRow): Payment {
  return {
    id: row.payment_id,
    partition: row.partition,
    createdAt: row.created_at,
    order: orderOf(row),
    state: row.state,
    sequence: row.sequence,
    standing: row.standing,
    due: row.due,
  };
}

function orderOf(row: PaymentRow): PaymentOrder {
  return {
    partnerId: row.partner_id,
    actor: row.actor,
    legalEntity: row.legal_entity,
    quoteId: row.quote_id,
    offer: row.offer,
    offerExpiresAt: row.offer_expires_at,
    sourceNetwork: row.source_network,
    targetNetwork: row.target_network,
    purpose: row.purpose,
    bopCode: row.bop_code,
    funding: row.funding,
    holdMarginMs: Number(row.hold_margin_ms),
    sourceInstrument: row.source_instrument,
    sourceInstrumentSingleUse: row.single_use,
    targetInstrument: row.target_instrument,
    payerParty: row.payer_party,
    payeeParty: row.payee_party,
    principal: Money.of(row.principal_minor, row.source_currency),
    fee: Money.of(row.fee_minor, row.source_currency),
    totalSource: Money.of(row.total_source_minor, row.source_currency),
    target: Money.of(row.target_minor, row.target_currency),
    mid: row.mid,
    customerRate: row.customer_rate,
    reference: row.reference,
    metadata: row.metadata,
    route: null,
  };
}

/** What was ordered, as INSERT_PAYMENTS takes it. */
export function newRowOf({ id, partition, createdAt, order }: Payment): Record<string, unknown> {
  return {
    payment_id: id,
    partner_id: order.partnerId,
    partition,
    legal_entity: order.legalEntity,
    actor: order.actor,
    quote_id: order.quoteId,
    offer: order.offer,
    offer_expires_at: order.offerExpiresAt,
    source_network: order.sourceNetwork,
    target_network: order.targetNetwork,
    purpose: order.purpose,
    bop_code: order.bopCode,
    funding: order.funding,
    hold_margin_ms: order.holdMarginMs,
    source_instrument: order.sourceInstrument,
    target_instrument: order.targetInstrument,
    single_use_instrument: order.sourceInstrumentSingleUse ? order.sourceInstrument : null,
    payer_party: order.payerParty,
    payee_party: order.payeeParty,
    source_currency: order.totalSource.currency.code,
    principal_minor: order.principal.toDigits(),
    fee_minor: order.fee.toDigits(),
    total_source_minor: order.totalSource.toDigits(),
    target_currency: order.target.currency.code,
    target_minor: order.target.toDigits(),
    mid: order.mid,
    customer_rate: order.customerRate,
    reference: order.reference,
    metadata: order.metadata,
    route: order.route,
    created_at: createdAt,
  };
}

/** Where it stands, as INSERT_PROGRESS and UPDATE_PROGRESS take it. */
export function progressRowOf(payment: Payment, updatedAt: Date): Record<string, unknown> {
  return {
    payment_id: payment.id,
    state: payment.state,
    public_status: publicStatusOf(payment),
    sequence: payment.sequence,
    due: payment.due,
    standing: payment.standing,
    updated_at: updatedAt,
  };
}
