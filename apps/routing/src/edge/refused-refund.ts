import type { Problem } from '@gateway/platform';
import type { RefundAnswer } from '../use-cases/request-refund';
import { PROBLEM_CODES, problem } from './problems';

/** The refusal of a refund as a partner gets it: the dispute that forbids it is named, and what a take-back has left. */
export function refusedRefund(
  { refusal, disputeId, leftBesideTakenBack: left }: Extract<RefundAnswer, { answer: 'refused' }>,
  param: string,
): Problem {
  const { detail } = PROBLEM_CODES[refusal];
  if (disputeId !== undefined) return problem(refusal, { param, detail: `${detail} Dispute: ${disputeId}.` });
  if (left === undefined) return problem(refusal, { param });
  const most = left.isPositive ? `at most "${left.toDigits()}" ${left.currency.code}` : 'nothing';
  const why = `The payer's network has taken back a part of this payment by itself: ${most} can still be refunded.`;
  return problem(refusal, { param, detail: `${detail} ${why}` });
}
