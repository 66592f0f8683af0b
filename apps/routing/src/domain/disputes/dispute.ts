import type { Authentication, DisputeCategory, DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import type { Liable } from '@gateway/contracts/payments.payment.events.v1';
import type { Money } from '@gateway/money';
import type { DisputePart } from './dispute-fact';
import type { DisputeState } from './dispute-state';
import type { DisputeAnswer } from './dispute-table';

/** Who bears a lost dispute, and the clause of the contract with the partner that says so. */
export interface Liability {
  readonly bearer: Liable;
  readonly clause: string;
}

/** What is disputed, and by which contract. Never changes. */
export interface DisputeOrder {
  readonly paymentId: string;
  readonly partnerId: string;
  /** Of the payment, and so of every topic. */
  readonly partition: number;
  /** The network's own id: one of them makes one dispute. */
  readonly networkReference: string;
  /** What the network took back: the gross amount. */
  readonly amount: Money;
  /** What the acquirer charges for it. */
  readonly fee: Money | null;
  readonly category: DisputeCategory;
  /** The scheme's own code. */
  readonly reasonCode: string;
  readonly receivedAt: Date;
  readonly liability: Liability;
  readonly authentication: Authentication | null;
}

/** What is known of a dispute beside its state. */
export interface DisputeStanding {
  /** Highest outcome version taken in, per part; of our answer, that of the current attempt. */
  versions: Partial<Record<DisputePart, number>>;
  /** Until when the network takes evidence (ISO 8601). */
  dueBy: string | null;
  /** What the network was told last, and which attempt that is: a refused one can be followed by another. */
  answer: DisputeAnswer | null;
  attempt: number;
  evidence: DisputeEvidence | null;
  /** Who answered: the partner, or the gateway by what it knows itself. */
  answeredBy: 'partner' | 'gateway' | null;
  /** Key and fingerprint of the partner's request. */
  requestedBy: string | null;
  /** Our reason code behind an answer that was refused. */
  reason: string | null;
  /** How often routing has asked again. */
  asks: number;
  /** Refunds that a case has been opened for, as they pay the cardholder beside the dispute; absent while there is none. */
  refundsTold?: string[];
}

/** A dispute of a payment as its table sees it. `state` is assigned by the table alone. */
export interface Dispute {
  readonly id: string;
  readonly createdAt: Date;
  readonly order: DisputeOrder;
  state: DisputeState;
  standing: DisputeStanding;
  /** When routing asks again (business time); null where nothing is waited for. */
  due: Date | null;
}

export function createDispute(id: string, createdAt: Date, order: DisputeOrder): Dispute {
  const standing: DisputeStanding = {
    versions: {},
    dueBy: null,
    answer: null,
    attempt: 0,
    evidence: null,
    answeredBy: null,
    requestedBy: null,
    reason: null,
    asks: 0,
  };
  return { id, createdAt, order, state: 'FOUND', standing, due: null };
}

const SUFFIX: Readonly<Record<DisputeAnswer, string>> = { represent: 'proof', accept: 'accept' };

/** The id of the current answer, derived from the dispute's, so that a repeat carries the same; at most 40 characters. */
export function answerIdOf({ id, standing }: Pick<Dispute, 'id' | 'standing'>): string | null {
  if (standing.answer === null) return null;
  return `${id}-${SUFFIX[standing.answer]}${standing.attempt > 1 ? `-${standing.attempt}` : ''}`;
}

const INSTRUCTION = /^(dsp_[0-9A-Z]{26})-(?:proof|accept)(?:-[0-9]+)?$/;

/** The dispute that an instruction id belongs to, or null where it belongs to none. */
export function disputeOfInstruction(instructionId: string): string | null {
  return INSTRUCTION.exec(instructionId)?.[1] ?? null;
}

/** Whether our answer has no certain outcome yet. */
export function awaitsAnswer({ state }: Pick<Dispute, 'state'>): boolean {
  return state === 'REPRESENTING' || state === 'ACCEPTING' || state === 'IN_REVIEW';
}

/** Whether the partner can still answer: the dispute waits for it, and the network's deadline has not passed. */
export function isAnswerable({ state, standing }: Pick<Dispute, 'state' | 'standing'>, now: Date): boolean {
  return state === 'OPEN' && (standing.dueBy === null || now.getTime() < Date.parse(standing.dueBy));
}
