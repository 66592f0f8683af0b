import type { Instruction, Outcome } from '@gateway/wallet-network';
import type { AcquirerAction, AcquirerPayment } from '../acquirer/acquirer-answers';
import type { AcquirerCall } from '../acquirer/acquirer-call';
import { meaningOf } from '../acquirer/response-codes';
import { mayBeExecuted, unknown } from './no-outcome';
import { counterpartyOf, FREE } from './payment-outcomes';

/** A capture, void or refund of ours among a payment's actions, or null where there is none (yet). */
export function outcomeOfAction(
  actions: readonly AcquirerAction[],
  instruction: Instruction,
  paymentId: string,
): Outcome | null {
  const own = actions.filter(({ reference }) => reference === instruction.instructionId);
  const approved = own.filter((action) => action.approved);
  if (approved.length > 1) return unknown('EXECUTED_TWICE', paymentId);
  const [done] = approved;
  if (done !== undefined) {
    const amount = { amount: done.amount, currency: instruction.amount.currency };
    return { kind: 'PROCESSED', networkReference: done.id, amount, counterparty: counterpartyOf(instruction, null) };
  }
  const refusal = own[0];
  if (refusal === undefined) return null;
  const meaning = meaningOf(refusal.responseCode);
  const networkCode = refusal.responseCode ?? refusal.type;
  return meaning === null
    ? unknown(networkCode, refusal.id)
    : {
        kind: 'DECLINED',
        reason: meaning.payer,
        declineClass: meaning.class,
        networkCode,
        networkReference: refusal.id,
      };
}

/** The acquirer refuses to capture or refund more than there is. */
const MORE_THAN_LEFT: ReadonlySet<string> = new Set([
  'capture_value_greater_than_remaining',
  'refund_value_greater_than_remaining',
]);

/**
 * A definite refusal of an action that is not among the payment's actions. More than is left is a certain no where no earlier
 * try may have been executed: else it may be our own that has taken it.
 */
export function outcomeOfActionRefusal(
  code: string,
  payment: AcquirerCall<AcquirerPayment>,
  instruction: Instruction,
): Outcome {
  if (MORE_THAN_LEFT.has(code) && !mayBeExecuted(instruction))
    return { kind: 'DECLINED', reason: 'LIMIT_EXCEEDED', networkCode: code };
  const outcome = payment.kind === 'answered' ? outcomeByStatus(payment.answer, instruction) : null;
  return outcome === null || outcome.kind === 'UNKNOWN' ? unknown(code) : outcome;
}

/** A payment that ended without our capture among its actions can never be captured: a certain no, whatever was sent. */
export function outcomeOfMissingCapture(payment: AcquirerCall<AcquirerPayment>, instruction: Instruction): Outcome {
  if (payment.kind !== 'answered' || !UNCAPTURED.has(payment.answer.status)) return { kind: 'NOT_FOUND' };
  return outcomeByStatus(payment.answer, instruction);
}

const UNCAPTURED: ReadonlySet<string> = new Set(['Voided', 'Expired', 'Canceled']);

/** What a payment's own status proves about an action that the acquirer refuses and does not list. */
function outcomeByStatus(payment: AcquirerPayment, instruction: Instruction): Outcome {
  const { status, id } = payment;
  const { operation } = instruction;
  if (operation === 'release' && FREE.has(status)) {
    return {
      kind: 'PROCESSED',
      networkReference: id,
      // What was declined never held anything.
      amount: status === 'Declined' ? { ...instruction.amount, amount: '0' } : instruction.amount,
      counterparty: counterpartyOf(instruction, payment.scheme),
    };
  }
  if (operation === 'capture' && status === 'Expired')
    return { kind: 'DECLINED', reason: 'HOLD_EXPIRED', networkCode: status, networkReference: id };
  return isCertainlyOver(status, instruction)
    ? { kind: 'DECLINED', reason: 'ALREADY_FINAL', networkCode: status, networkReference: id }
    : unknown(status, id);
}

/**
 * What has ended without our action: what was given back had been captured, by whomever, and may have been given back by an
 * earlier try of ours.
 */
function isCertainlyOver(status: string, instruction: Instruction): boolean {
  switch (instruction.operation) {
    case 'capture':
      return UNCAPTURED.has(status) || status === 'Declined';
    case 'refund':
      return status === 'Refunded' && !mayBeExecuted(instruction);
    default:
      return FREE.has(status);
  }
}
