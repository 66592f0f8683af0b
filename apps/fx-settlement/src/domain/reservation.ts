import type { Money } from '@gateway/money';
import type { OfferAmounts } from './payment-book';

/** A quote's terms as a reservation and the books need them. */
export interface QuoteTerms {
  readonly quoteId: string;
  readonly partnerId: string;
  readonly sourceNetwork: string;
  readonly targetNetwork: string;
  readonly rateSource: string;
  readonly issuedAt: Date;
  readonly amounts: OfferAmounts;
  /** What the target network charges for the payout; reserved with it. */
  readonly commission: Money;
  /** SHA-256 of the signed offer, hexadecimal: what a reserve command carries must be this very offer. */
  readonly offerDigest: string;
}

/** `RELEASED` without an amount is the tombstone of a release that came before its reserve. */
export type ReservationState = 'GRANTED' | 'REFUSED' | 'RELEASED' | 'CONSUMED';

/** Why a reservation is refused, as the contract with routing names it. */
export type ReservationRefusal =
  | 'FLOAT_TOO_LOW'
  | 'EXPOSURE_LIMIT'
  | 'NET_DEBIT_CAP'
  | 'QUOTE_ALREADY_USED'
  | 'QUOTE_UNKNOWN'
  | 'QUOTE_WITHDRAWN'
  | 'RELEASED_BEFORE_RESERVE'
  | 'REFUND_NOT_FUNDED'
  | 'AMOUNT_TOO_SMALL';

/** One reserve instruction and what became of it. */
export interface Reservation {
  readonly instructionId: string;
  readonly paymentId: string;
  readonly partnerId: string;
  readonly network: string;
  /** What is set aside: payout and commission; null where nothing was. */
  readonly payout: Money | null;
  /** Of a funded refund: the rate at which it is valued, fixed here so that books are the same whenever they are built. */
  readonly mid?: string;
  state: ReservationState;
  reason: ReservationRefusal | null;
  /** Raised by one at every change, under the row's lock. */
  version: number;
}

/** A desk stop withdraws the unused offers of a rate source, a corridor (`applepay>alipay`) or a partner. */
export interface QuotingStop {
  readonly scope: 'source' | 'corridor' | 'partner';
  readonly subject: string;
  readonly startedAt: Date;
  readonly liftedAt: Date | null;
}

/** Whether a stop concerns an offer: it is in force, or it came after the offer, which then stays withdrawn. */
export function isWithdrawn(terms: QuoteTerms, stops: readonly QuotingStop[]): boolean {
  return stops.some(
    (stop) =>
      subjectOf(stop.scope, terms) === stop.subject && (stop.liftedAt === null || stop.startedAt >= terms.issuedAt),
  );
}

/** What a stop of this scope is compared with. */
export function subjectOf(
  scope: QuotingStop['scope'],
  of: Pick<QuoteTerms, 'rateSource' | 'sourceNetwork' | 'targetNetwork' | 'partnerId'>,
): string {
  const subjects: Record<QuotingStop['scope'], string> = {
    source: of.rateSource,
    corridor: `${of.sourceNetwork}>${of.targetNetwork}`,
    partner: of.partnerId,
  };
  return subjects[scope];
}

/** What is set aside for a payment. */
export function payoutOf(terms: QuoteTerms): Money {
  return terms.amounts.target.plus(terms.commission);
}
