import type { RefundInstruction, RefundPart } from './refund-fact';
import type { Sides } from './refund-shares';
import type { RefundState } from './refund-state';

/** What was asked for, with both amounts as rule R1 computed them. Never changes. */
export interface RefundOrder extends Readonly<Sides> {
  readonly paymentId: string;
  readonly partnerId: string;
  /** Of the payment, and so of every topic. */
  readonly partition: number;
  /** Who asked: `partner:<id>`. */
  readonly actor: string;
  /** Who bears a move of the rate: R1 gives back at the original rate. */
  readonly rule: 'R1';
  readonly reason: string | null;
  readonly reference: string | null;
  /** The partner's key with the fingerprint of the request: the same one makes one refund. */
  readonly requestedBy: string;
  /** The returned credit that funds it; null where the partner's balance does. */
  readonly returnId: string | null;
}

/** What is known of a refund beside its state. */
export interface RefundStanding {
  /** Highest outcome version taken in, per part. */
  versions: Partial<Record<RefundPart, number>>;
  /** Our reason code behind REFUSED or OWED. */
  reason: string | null;
  /** The rate at which the books value the refund; fixed when it is funded. */
  mid: string | null;
  /** How often routing has asked again. */
  asks: number;
}

/** A refund as its table sees it. `state` is assigned by the table alone. */
export interface Refund {
  readonly id: string;
  readonly createdAt: Date;
  readonly order: RefundOrder;
  state: RefundState;
  standing: RefundStanding;
  /** When routing asks again (business time); null where nothing is waited for. */
  due: Date | null;
}

export function createRefund(id: string, createdAt: Date, order: RefundOrder): Refund {
  const standing: RefundStanding = { versions: {}, reason: null, mid: null, asks: 0 };
  return { id, createdAt, order, state: 'REQUESTED', standing, due: null };
}

const SUFFIX: Readonly<Record<RefundInstruction, string>> = { fund: 'fund', send: 'refund' };

/** Derived from the refund's id, so that a repeat carries the same id; at most 40 characters. */
export function refundInstructionId(refundId: string, instruction: RefundInstruction): string {
  return `${refundId}-${SUFFIX[instruction]}`;
}

const INSTRUCTION = /^(rfd_[0-9A-Z]{26})-(fund|refund)$/;

/** The refund that an instruction id belongs to, or null where it belongs to none. */
export function refundOfInstruction(instructionId: string): string | null {
  return INSTRUCTION.exec(instructionId)?.[1] ?? null;
}

/** What the refund waits for. */
export function awaitedBy(refund: Pick<Refund, 'state'>): RefundInstruction | null {
  if (refund.state === 'FUNDING') return 'fund';
  return ['SENDING', 'SEND_UNKNOWN', 'IN_REVIEW'].includes(refund.state) ? 'send' : null;
}
