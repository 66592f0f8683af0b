import type { Instruction, Outcome } from '@gateway/wallet-network';
import type { AcquirerPayment } from '../acquirer/acquirer-answers';
import type { AcquirerCall } from '../acquirer/acquirer-call';
import { outcomeOfFailedEnquiry, unknown } from './no-outcome';
import { FREE } from './payment-outcomes';

/**
 * The payment of ours among those that a search has found: the one that still stands, or else one that did not come to
 * anything. More than one that stands means that one instruction was executed twice: no outcome of ours, a person's matter.
 * Whatever the search was for, a payment with another reference is somebody else's.
 */
export function ownPayment(found: readonly AcquirerPayment[], ourReference: string): AcquirerPayment | 'twice' | null {
  const ours = found.filter(({ reference }) => reference === ourReference);
  const standing = ours.filter(({ status }) => !FREE.has(status));
  if (standing.length > 1) return 'twice';
  return standing[0] ?? ours.find(({ status }) => status !== 'Declined') ?? ours[0] ?? null;
}

/** The payment that a search by our reference found, or what is to be said where it is not one. */
export function paymentOfSearch(
  call: AcquirerCall<AcquirerPayment[]>,
  { instructionId }: Instruction,
): AcquirerPayment | Outcome {
  if (call.kind !== 'answered') return outcomeOfFailedEnquiry(call);
  const payment = ownPayment(call.answer, instructionId);
  if (payment === 'twice')
    return unknown('EXECUTED_TWICE', call.answer.find(({ reference }) => reference === instructionId)?.id);
  return payment ?? { kind: 'NOT_FOUND' };
}
