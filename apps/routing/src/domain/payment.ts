import type { Money } from '@gateway/money';
import type { Cause, PaymentState } from './payment-state';
import type { Parts } from './parts';
import type { RouteDecision } from './route/decide-route';
import type { TakenBack } from './taken-back';

export type Funding = 'hold' | 'collect';
export type Purpose = 'goods' | 'services' | 'person_to_person';

/** What a partner ordered, as the verified offer says it. Amounts never come from the request. */
export interface PaymentOrder {
  partnerId: string;
  /** Who ordered: `partner:<id>` or `key:<key id>`; for the audit. */
  actor: string;
  /** The legal entity of the group that the payment acts for. */
  legalEntity: string;
  quoteId: string;
  /** The offer as signed (compact JWS); fx-settlement checks it against its own row. */
  offer: string;
  offerExpiresAt: Date;
  sourceNetwork: string;
  targetNetwork: string;
  purpose: Purpose;
  bopCode: string;
  /** How the source is funded, as the instrument's capabilities say for this purpose. */
  funding: Funding;
  /** No credit is sent with less than this left on the hold. */
  holdMarginMs: number;
  sourceInstrument: string;
  /** Made from a one-time token: refused by a unique index when used again. */
  sourceInstrumentSingleUse: boolean;
  targetInstrument: string;
  payerParty: string;
  payeeParty: string;
  /** Principal without fee. */
  principal: Money;
  /** In the source currency. */
  fee: Money;
  /** Principal and fee: what the payer pays. */
  totalSource: Money;
  target: Money;
  mid: string;
  customerRate: string;
  reference: string | null;
  metadata: Record<string, string> | null;
  /** Why it goes this way; kept with the payment, and null where it was not read again: nothing is decided by it. */
  route: RouteDecision | null;
}

/** Whether a refused payment may pass another day or with another amount (soft), or never with this instrument (hard). */
export type DeclineClass = 'soft' | 'hard';

/** What the payer has to do while an order waits. */
export interface NextAction {
  type: string;
  value: string;
  expires_at?: string;
}

/** What is known of a payment's parts: the memory that the state alone cannot hold. */
export interface Standing {
  parts: Parts;
  cause: Cause | null;
  /** Our reason code behind the cause, for the partner (never says whom a list names). */
  reason: string | null;
  /** Of a refusal by a network that says so. */
  declineClass?: DeclineClass;
  /** Highest outcome version taken in, per part. */
  versions: Partial<Record<VersionedPart, number>>;
  /** Which reservation of this payment is current; raised when a long review released the first one. */
  reservationAttempt: number;
  /** Which undo of the source is current; raised when one found nothing and the source was taken after all. */
  releaseAttempt: number;
  /** Whether the current undo has ended without undoing anything, or was refused: a further one needs a new id. */
  nothingReleased: boolean;
  /** Who owes the source's money, from the source's outcome. */
  counterparty: string | null;
  /** Of the source's money: what its network has given back by itself; absent where it has given back nothing. */
  takenBack?: TakenBack;
  /** Whether the books have seen both that the source was taken and that it was given back, at once: they see it no more. */
  isSettled?: true;
  /** Until when the hold can be captured (ISO 8601). */
  holdExpiresAt: string | null;
  /** Until when a collection can be taken back as if it had not been (ISO 8601); absent where its network does not say. */
  cancelableUntil?: string;
  /** The credit's `not_after`, fixed when it is sent so that a repeat is the same command. */
  creditNotAfter: string | null;
  nextAction: NextAction | null;
  /** When the payment came into its state (ISO 8601, business time). */
  since: string;
  /** How often routing has asked again since the payment was made. */
  asks: number;
  /** Whether the alarm about the hold's margin has been raised. */
  marginTold: boolean;
}

/** Whose outcomes carry versions of their own: the seven instructions that a payment can give. */
export type VersionedPart = 'screening' | 'reserve' | 'unreserve' | 'source' | 'credit' | 'capture' | 'release';

/** A payment as the state machine sees it. `state` is assigned by the state table alone. */
export interface Payment {
  readonly id: string;
  /** Of every topic, fixed when the payment is made. */
  readonly partition: number;
  readonly createdAt: Date;
  readonly order: Readonly<PaymentOrder>;
  state: PaymentState;
  /** Of the last event published; the next one is this plus one. */
  sequence: number;
  standing: Standing;
  /** When routing asks again (business time); null once final. */
  due: Date | null;
}

/** Identity that the caller gives to a new payment. */
export interface NewPaymentIdentity {
  id: string;
  partition: number;
  createdAt: Date;
}

/** A payment before its first fact. Throws RangeError where the offer's amounts do not fit together. */
export function createPayment(identity: NewPaymentIdentity, order: PaymentOrder): Payment {
  if (!order.principal.plus(order.fee).equals(order.totalSource)) {
    throw new RangeError('principal and fee are not the total that the payer pays');
  }
  if (!order.principal.isPositive || !order.target.isPositive) throw new RangeError('amounts must be positive');
  return {
    ...identity,
    order,
    state: 'CREATED',
    sequence: 0,
    due: null,
    standing: {
      parts: { screening: 'none', reservation: 'none', source: 'none', credit: 'none', capture: 'none' },
      cause: null,
      reason: null,
      versions: {},
      reservationAttempt: 1,
      releaseAttempt: 1,
      nothingReleased: false,
      counterparty: null,
      holdExpiresAt: null,
      creditNotAfter: null,
      nextAction: null,
      since: identity.createdAt.toISOString(),
      asks: 0,
      marginTold: false,
    },
  };
}
