import { found, type Instruction, type Outcome } from '@gateway/wallet-network';
import type { AcquirerPayment } from '../acquirer/acquirer-answers';
import type { AcquirerCall } from '../acquirer/acquirer-call';
import { mayBeExecuted, unknown } from './no-outcome';
import { outcomeOfPayment } from './payment-outcomes';

/**
 * Error codes of `POST /payments` that say that the token can never pay again: a definite no, unless it may have paid before.
 * The acquirer looks at a token before it looks for an earlier request, of which it keeps no answer that was an error.
 */
const FINAL_REFUSALS: Readonly<Record<string, 'INSTRUMENT_EXPIRED' | 'INSTRUMENT_INVALID'>> = {
  token_expired: 'INSTRUMENT_EXPIRED',
  token_invalid: 'INSTRUMENT_INVALID',
};

/** Error codes of a request that the acquirer did not take in at all. */
const NOT_ACCEPTED: ReadonlySet<string> = new Set([
  'amount_invalid',
  'currency_invalid',
  'reference_invalid',
  'capture_invalid_for_aft',
  'sender_and_recipient_required',
  'processing_channel_id_required',
  'source_invalid',
  'destination_invalid',
]);

/** What `POST /payments` answered to a hold, a collection or a credit. */
export function outcomeOfRequest(call: AcquirerCall<AcquirerPayment>, instruction: Instruction): Outcome {
  switch (call.kind) {
    case 'answered':
      return outcomeOfPayment(call.answer, instruction);
    case 'never_left':
      return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };
    case 'silent':
      return unknown(call.code);
    case 'refused':
      return outcomeOfRefusal(call.status, call.codes, instruction);
  }
}

/**
 * The decryption process refused the token, and sent nothing. That is certain where nothing was sent before: an earlier call
 * may have been, when the keys were others.
 */
export function outcomeOfTokenRefusal(code: string, instruction: Instruction): Outcome {
  return mayBeExecuted(instruction)
    ? unknown(code)
    : { kind: 'DECLINED', reason: 'INSTRUMENT_INVALID', networkCode: code };
}

/**
 * 4xx of `POST /payments`. 401 and 403 are told before a request is read. 409 and 429 may speak of our own earlier
 * request ("duplicate request detected"), `token_used` too: only an enquiry can tell.
 */
function outcomeOfRefusal(status: number, codes: readonly string[], instruction: Instruction): Outcome {
  const [code = `HTTP_${status}`] = codes;
  if (status === 401 || status === 403) return notAccepted(code);
  if (status !== 422) return unknown(code);
  const reason = found(FINAL_REFUSALS, code);
  if (reason !== undefined && !mayBeExecuted(instruction))
    return { kind: 'DECLINED', reason, declineClass: 'hard', networkCode: code };
  return codes.length > 0 && codes.every((one) => NOT_ACCEPTED.has(one)) ? notAccepted(code) : unknown(code);
}

function notAccepted(networkCode: string): Outcome {
  return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE', networkCode };
}
