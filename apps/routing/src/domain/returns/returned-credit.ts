import { Money } from '@gateway/money';
import type { ReturnPart } from './return-fact';
import type { ReturnState } from './return-state';

/** What came back. Never changes. */
export interface ReturnOrder {
  readonly paymentId: string;
  readonly partnerId: string;
  /** Of the payment, and so of every topic. */
  readonly partition: number;
  /** The credit that came back: one of them makes one return. */
  readonly creditId: string;
  readonly amount: Money;
}

/** What is known of a returned credit beside its state. */
export interface ReturnStanding {
  /** Highest outcome version taken in, per part. */
  versions: Partial<Record<ReturnPart, number>>;
  /** The payee's other instrument, once the partner has named it. */
  instrument: string | null;
  /** Until when the second credit may start (ISO 8601), fixed so that a repeat is the same command. */
  notAfter: string | null;
  /** Key and fingerprint of the request that corrected it. */
  requestedBy: string | null;
  /** The refund that it has become. */
  refundId: string | null;
  /** Of what came back, in minor units: what was given to the partner when a refund did not take it; absent where nothing was. */
  kept?: { minor: string; bookings: number };
  /** Our reason code behind CORRECTION_FAILED. */
  reason: string | null;
  /** How often routing has asked again. */
  asks: number;
}

/** A credit that the payee's network has given back, as its table sees it. `state` is assigned by the table alone. */
export interface ReturnedCredit {
  readonly id: string;
  readonly createdAt: Date;
  readonly order: ReturnOrder;
  state: ReturnState;
  standing: ReturnStanding;
  /** When routing asks again (business time); null where nothing is waited for. */
  due: Date | null;
}

export function createReturn(id: string, createdAt: Date, order: ReturnOrder): ReturnedCredit {
  const standing: ReturnStanding = {
    versions: {},
    instrument: null,
    notAfter: null,
    requestedBy: null,
    refundId: null,
    reason: null,
    asks: 0,
  };
  return { id, createdAt, order, state: 'FOUND', standing, due: null };
}

/** What of it still waits for a choice: what the partner has been given is not there any more, even if its refund was refused. */
export function leftOfReturn({ order, standing }: Pick<ReturnedCredit, 'order' | 'standing'>): Money {
  const { amount } = order;
  return amount.minus(Money.of(BigInt(standing.kept?.minor ?? 0), amount.currency.code));
}

/** Gives a part of it, or the rest, to the partner; answers the leg of the booking, which is numbered from the second one on. */
export function giveToPartner({ id, standing }: Pick<ReturnedCredit, 'id' | 'standing'>, amount: Money): string {
  const { minor, bookings } = standing.kept ?? { minor: '0', bookings: 0 };
  standing.kept = { minor: (BigInt(minor) + amount.minor).toString(), bookings: bookings + 1 };
  return bookings === 0 ? correctionIdOf(id) : `${correctionIdOf(id)}-${bookings + 1}`;
}

/** The second credit's id, derived from the return's, so that a repeat carries the same; at most 40 characters. */
export function correctionIdOf(returnId: string): string {
  return `${returnId}-credit`;
}

const CORRECTION = /^(ret_[0-9A-Z]{26})-credit$/;

/** The return that an instruction id belongs to, or null where it belongs to none. */
export function returnOfInstruction(instructionId: string): string | null {
  return CORRECTION.exec(instructionId)?.[1] ?? null;
}

/** Whether the second credit has no certain outcome yet. */
export function awaitsCorrection({ state }: Pick<ReturnedCredit, 'state'>): boolean {
  return state === 'CORRECTING' || state === 'CORRECTION_UNKNOWN' || state === 'IN_REVIEW';
}
