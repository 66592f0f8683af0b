import { Money } from '@gateway/money';
import type { RefundInstruction, RefundPart } from './refund-fact';
import { movesItsShares, type RefundTerms } from './refund-rule';
import type { Sides } from './refund-shares';
import type { RefundState } from './refund-state';

/** What was asked for, with its shares of the payment on both sides: the most that moves. Never changes. */
export interface RefundOrder extends Readonly<Sides>, RefundTerms {
  readonly paymentId: string;
  readonly partnerId: string;
  /** Of the payment, and so of every topic. */
  readonly partition: number;
  /** Who asked: `partner:<id>`, or `operator:<id>` where people refund what the network does not take any more. */
  readonly actor: string;
  readonly reason: string | null;
  readonly reference: string | null;
  /** The partner's key with the fingerprint of the request: the same one makes one refund. */
  readonly requestedBy: string;
  /** The returned credit that funds it; null where the partner's balance does. */
  readonly returnId: string | null;
  /** Whether people pay it: the window of the payer's network was closed when it was asked for. */
  readonly byHand: boolean;
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
  /** What its rule made of the shares at the rate of its day (digits of minor units); null where the shares move. */
  moved: { source: string; target: string } | null;
  /** Since when the money is owed to the payer (ISO 8601); null where it is not. */
  owedSince: string | null;
  /** The other instrument that it is sent to, once two people have said so. */
  elsewhere: { instrument: string; attempt: number; notAfter: string } | null;
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
  const standing: RefundStanding = {
    versions: {},
    reason: null,
    mid: null,
    asks: 0,
    moved: null,
    owedSince: null,
    elsewhere: null,
  };
  return { id, createdAt, order, state: 'REQUESTED', standing, due: null };
}

/** What the refund moves on either side; its shares as long as their worth is not known. */
export function movedBy({ order, standing }: Pick<Refund, 'order' | 'standing'>): Sides {
  const { source, target } = order;
  const { moved } = standing;
  if (moved === null) return { source, target };
  return {
    source: Money.of(BigInt(moved.source), source.currency),
    target: Money.of(BigInt(moved.target), target.currency),
  };
}

/** Whether both amounts are known for certain. */
export function isFirm({ order, standing }: Pick<Refund, 'order' | 'standing'>): boolean {
  return movesItsShares(order) || standing.moved !== null;
}

/**
 * Derived from the refund's id, so that a repeat carries the same id; at most 40 characters. What is sent to another
 * instrument is numbered: each attempt is one instruction.
 */
export function refundInstructionId(
  { id, standing }: Pick<Refund, 'id' | 'standing'>,
  instruction: RefundInstruction,
): string {
  if (instruction !== 'send') return `${id}-${instruction}`;
  return standing.elsewhere === null ? `${id}-refund` : `${id}-other${standing.elsewhere.attempt}`;
}

/** Other instruments are tried this often; their number is one digit of the instruction's id. */
export const MOST_ATTEMPTS_ELSEWHERE = 9;

const INSTRUCTION = /^(rfd_[0-9A-Z]{26})-(fund|unfund|refund|other[1-9])$/;

/** The refund that an instruction id belongs to, or null where it belongs to none. */
export function refundOfInstruction(instructionId: string): string | null {
  return INSTRUCTION.exec(instructionId)?.[1] ?? null;
}

/** What the refund waits for. */
export function awaitedBy(refund: Pick<Refund, 'state'>): RefundInstruction | null {
  if (refund.state === 'FUNDING') return 'fund';
  if (refund.state === 'UNFUNDING') return 'unfund';
  return ['SENDING', 'SEND_UNKNOWN', 'IN_REVIEW'].includes(refund.state) ? 'send' : null;
}
