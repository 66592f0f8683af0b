import type { OutcomeKind, WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { Money } from '@gateway/money';
import { returnOfInstruction } from '../domain/returns/returned-credit';
import type { ReturnFact, ReturnFactName, ReturnPart } from '../domain/returns/return-fact';
import { bothWordsOf } from './contradiction-detail';

/** A fact about a credit that came back: of the payment's own credit, or of a return's second one. */
export interface FactOfReturn {
  paymentId: string;
  /** Null: the payment's own credit came back. */
  returnId: string | null;
  /** The credit that the outcome is about. */
  creditId: string;
  /** What came back, where something did. */
  amount: Money | null;
  fact: ReturnFact;
}

const ENDINGS: Readonly<Record<OutcomeKind, ReturnFactName>> = {
  PROCESSED: 'correction_processed',
  DECLINED: 'correction_declined',
  NOT_SUBMITTED: 'correction_not_submitted',
  PENDING: 'correction_pending',
  UNKNOWN: 'correction_unknown',
};

/** Whether the outcome is a return's second credit's: it is no leg of the payment. */
export function isOfCorrection({ operation, instruction_id }: WalletOutcome): boolean {
  return operation === 'credit' && returnOfInstruction(instruction_id) !== null;
}

/** One outcome can tell that a credit was given, that it has come back since, and what speaks against it. */
export function returnFactsOfWallet(outcome: WalletOutcome): FactOfReturn[] {
  if (outcome.operation !== 'credit') return [];
  const returnId = returnOfInstruction(outcome.instruction_id);
  const back = outcome.returned === undefined ? [] : [cameBack(outcome, returnId)];
  if (returnId === null) return back;
  const contradicted =
    outcome.contradicted === undefined ? [] : [factOf(outcome, returnId, 'correction_contradicted', 'contradiction')];
  return [factOf(outcome, returnId, nameOf(outcome), 'correct'), ...back, ...contradicted];
}

function cameBack(outcome: WalletOutcome, returnId: string | null): FactOfReturn {
  return returnId === null
    ? factOf(outcome, returnId, 'credit_returned', 'back')
    : factOf(outcome, returnId, 'correction_returned', 'back_again');
}

const BACK: ReadonlySet<ReturnPart> = new Set(['back', 'back_again']);

function factOf(outcome: WalletOutcome, returnId: string | null, name: ReturnFactName, part: ReturnPart): FactOfReturn {
  const { payment_id, instruction_id, version, reason, counterparty, returned, contradicted } = outcome;
  return {
    paymentId: payment_id,
    returnId,
    creditId: instruction_id,
    amount: BACK.has(part) && returned !== undefined ? Money.of(BigInt(returned.amount), returned.currency) : null,
    fact: {
      name,
      part,
      version,
      ...(reason === undefined ? {} : { reason }),
      ...(counterparty === undefined ? {} : { counterparty }),
      ...(part === 'contradiction' && contradicted && { detail: bothWordsOf(contradicted) }),
    },
  };
}

function nameOf(outcome: WalletOutcome): ReturnFactName {
  if (outcome.amount_conflict === true) return 'correction_amount_conflict';
  return outcome.needs_person === true ? 'correction_needs_person' : ENDINGS[outcome.outcome];
}
