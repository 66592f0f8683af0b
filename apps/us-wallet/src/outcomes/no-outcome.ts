import type { Instruction, Outcome } from '@gateway/wallet-network';
import type { AcquirerCall } from '../acquirer/acquirer-call';

export const NOT_OFFERED: Outcome = {
  kind: 'NOT_SUBMITTED',
  reason: 'REFUSED_BEFORE_ACCEPTANCE',
  networkCode: 'NOT_OFFERED',
};

export function unknown(networkCode: string, networkReference?: string): Outcome {
  return { kind: 'UNKNOWN', networkCode, ...(networkReference !== undefined && { networkReference }) };
}

/** An enquiry that failed says nothing of what it asked about. */
export function outcomeOfFailedEnquiry(call: Exclude<AcquirerCall<unknown>, { kind: 'answered' }>): Outcome {
  if (call.kind === 'refused') return call.status === 404 ? { kind: 'NOT_FOUND' } : unknown(`HTTP_${call.status}`);
  return unknown(call.kind === 'silent' ? call.code : 'NO_CONNECTION');
}

/** Whether an earlier call of the same id may have been executed: then a refusal of this one is no proof about that one. */
export function mayBeExecuted({ attempt, mayBeExecuted: known = attempt > 1 }: Instruction): boolean {
  return known;
}
