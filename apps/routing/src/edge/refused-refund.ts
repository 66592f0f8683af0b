import type { Problem } from '@gateway/platform';
import type { RefundAnswer } from '../use-cases/request-refund';
import { PROBLEM_CODES, problem } from './problems';

/** The refusal of a refund as a partner gets it: a dispute that forbids it is named. */
export function refusedRefund(
  { refusal, disputeId }: Extract<RefundAnswer, { answer: 'refused' }>,
  param: string,
): Problem {
  if (disputeId === undefined) return problem(refusal, { param });
  return problem(refusal, { param, detail: `${PROBLEM_CODES[refusal].detail} Dispute: ${disputeId}.` });
}
