import type { InstructionName } from './parts';
import type { Payment, VersionedPart } from './payment';

/** The instruction that each part's outcome answers. */
export const PART_OF: Record<InstructionName, VersionedPart> = {
  screen: 'screening',
  reserve: 'reserve',
  undo_reservation: 'unreserve',
  fund: 'source',
  credit: 'credit',
  capture: 'capture',
  undo_source: 'release',
};

/**
 * Instruction ids are derived from the payment's id, so that a repeat carries the same id without being looked up. They
 * are the networks' idempotency keys and references (at most 40 characters). A second
 * reservation or release gets a number.
 */
export function instructionIdOf(payment: Pick<Payment, 'id' | 'order' | 'standing'>, part: VersionedPart): string {
  const { reservationAttempt, releaseAttempt } = payment.standing;
  switch (part) {
    case 'screening':
      return `${payment.id}-screen`;
    case 'reserve':
      return `${payment.id}-reserve${again(reservationAttempt)}`;
    case 'unreserve':
      return `${payment.id}-unreserve${again(reservationAttempt)}`;
    case 'source':
      return `${payment.id}-${payment.order.funding}`;
    case 'credit':
    case 'capture':
      return `${payment.id}-${part}`;
    case 'release':
      return `${payment.id}-release${again(releaseAttempt)}`;
  }
}

function again(attempt: number): string {
  return attempt === 1 ? '' : `-${attempt}`;
}
