import type { Money } from '@gateway/money';
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
