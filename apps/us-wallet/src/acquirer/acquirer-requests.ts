import type { AmountOnWire } from '@gateway/contracts/contract';
import { EVIDENCE_FIELDS, type DisputeEvidence, type EvidenceField } from '@gateway/contracts/wallet.network.disputes';
import type { PaymentData } from '../apple-pay/payment-data';
import type { TokenFields } from '../apple-pay/payment-token';

/** Where payments are booked at the acquirer; absent where the account has one channel and one balance. */
export interface AcquirerAccount {
  processingChannelId?: string;
  currencyAccountId?: string;
}

/** What a hold, a collection or a credit is made from; the card comes beside it. */
export interface PaymentOrder {
  operation: 'hold' | 'collect' | 'credit';
  /** Ours: reference and idempotency key at the acquirer. */
  instructionId: string;
  paymentId: string;
  bopCode: string;
  amount: AmountOnWire;
}

/** A capture, void, refund or reversal of a payment. */
export type ActionOrder = Pick<PaymentOrder, 'instructionId' | 'amount'>;

/** The card of a payment: as source of the money, or as its destination. */
export type CardParty = { type: 'token'; token: string } | NetworkToken;

/** A device's account number with what proves this one use of it. */
interface NetworkToken {
  type: 'network_token';
  token_type: 'applepay';
  token: string;
  expiry_month: number;
  expiry_year: number;
  cryptogram: string;
  eci?: string;
}

/** Whom payouts are sent by: the gateway's legal entity, as the schemes ask for it. */
const PAYOUT_SENDER = { type: 'corporate', company_name: 'Wallet Gateway' };

/** What is inside of a token that the gateway decrypted. The indicator is passed on as the scheme gave it, or not at all. */
export function networkToken({ number, expiry, cryptogram, eci }: PaymentData): CardParty {
  return {
    type: 'network_token',
    token_type: 'applepay',
    token: number,
    expiry_month: expiry.month,
    expiry_year: expiry.year,
    cryptogram,
    ...(eci !== null && { eci }),
  };
}

/**
 * Body of `POST /payments`. It is the same however often one instruction is sent, as the acquirer refuses another body
 * under the same key. Persons are named by references only: their data stays with compliance.
 */
export function paymentBody(order: PaymentOrder, card: CardParty, account: AcquirerAccount): object {
  switch (order.operation) {
    case 'hold':
      return { source: card, ...base(order, account), capture: false, authorization_type: 'Final' };
    case 'collect':
      return accountFundingBody(order, card, account);
    case 'credit':
      return payoutBody(order, card, account);
  }
}

/** An account funding transaction: single message, money for another person. */
function accountFundingBody(order: PaymentOrder, card: CardParty, account: AcquirerAccount): object {
  return {
    source: card,
    ...base(order, account),
    capture: true,
    processing: { aft: true },
    sender: { type: 'individual', reference: order.paymentId },
    recipient: { reference: order.paymentId },
  };
}

function payoutBody(order: PaymentOrder, card: CardParty, account: AcquirerAccount): object {
  return {
    source: { type: 'currency_account', ...(account.currencyAccountId && { id: account.currencyAccountId }) },
    destination: card,
    ...base(order, account),
    sender: { ...PAYOUT_SENDER, reference: order.paymentId },
  };
}

/** Body of a capture, void, refund or reversal; a void has no amount, it undoes the whole hold. */
export function actionBody(order: ActionOrder, withAmount: boolean): object {
  return {
    ...(withAmount && { amount: amountOf(order) }),
    reference: order.instructionId,
  };
}

/** What the acquirer calls each field of evidence. */
const EVIDENCE_NAMES: Readonly<Record<EvidenceField, string>> = {
  proof_of_delivery: 'proof_of_delivery_or_service_text',
  invoice_or_receipt: 'invoice_or_receipt_text',
  customer_communication: 'customer_communication_text',
  refund_or_cancellation_policy: 'refund_or_cancellation_policy_text',
  additional: 'additional_evidence_text',
};

/** Body of `PUT /disputes/{id}/evidence`. */
export function evidenceBody(evidence: DisputeEvidence): object {
  const given = EVIDENCE_FIELDS.filter((field) => evidence[field] !== undefined);
  return Object.fromEntries(given.map((field) => [EVIDENCE_NAMES[field], evidence[field]]));
}

/** Body of `POST /tokens`: the encrypted token as it came; only the acquirer can open it. */
export function tokenBody(fields: TokenFields): object {
  return { type: 'applepay', token_data: fields };
}

/** Body of `POST /metadata/card`: what a card is, and which payouts it takes. */
export function cardMetadataBody(source: { type: 'token'; token: string } | { type: 'card'; number: string }): object {
  return { source, format: 'card_payouts' };
}

function base(order: PaymentOrder, account: AcquirerAccount): object {
  return {
    amount: amountOf(order),
    currency: order.amount.currency,
    reference: order.instructionId,
    metadata: { payment_id: order.paymentId, bop_code: order.bopCode },
    ...(account.processingChannelId && { processing_channel_id: account.processingChannelId }),
  };
}

/** The acquirer wants a JSON integer; our limits lie far below what a double holds exactly. */
function amountOf({ amount }: ActionOrder): number {
  return Number(amount.amount);
}
