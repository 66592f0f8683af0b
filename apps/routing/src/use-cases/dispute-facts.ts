import type { Authentication, NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { OutcomeKind, WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { disputeOfInstruction } from '../domain/disputes/dispute';
import type { DisputeFact, DisputeFactName } from '../domain/disputes/dispute-fact';

/** The network's word about one dispute of a payment, by the outcome of what is disputed. */
export interface ToldDispute {
  paymentId: string;
  /** The hold or collection. */
  sourceId: string;
  told: NetworkDispute;
  authentication: Authentication | null;
  version: number;
}

/** What became of our answer to a dispute. */
export interface AnswerToDispute {
  paymentId: string;
  disputeId: string;
  /** Which attempt it is about. */
  instructionId: string;
  fact: DisputeFact;
}

export type FactOfDispute = ToldDispute | AnswerToDispute;

export function isTold(fact: FactOfDispute): fact is ToldDispute {
  return 'told' in fact;
}

/** Every dispute that an outcome tells of; an outcome is about what was taken, or about our answer to a dispute of it. */
export function disputeFactsOfWallet(outcome: WalletOutcome): FactOfDispute[] {
  const { operation, payment_id: paymentId, instruction_id: sourceId, version } = outcome;
  if (operation === 'represent' || operation === 'accept') return answerOf(outcome, operation);
  const authentication = outcome.authentication ?? null;
  return (outcome.disputes ?? []).map((told) => ({ paymentId, sourceId, told, authentication, version }));
}

type Ending = 'processed' | 'refused' | 'unknown';
const ENDINGS: Readonly<Record<OutcomeKind, Ending>> = {
  PROCESSED: 'processed',
  DECLINED: 'refused',
  NOT_SUBMITTED: 'refused',
  PENDING: 'unknown',
  UNKNOWN: 'unknown',
};

function answerOf(outcome: WalletOutcome, operation: 'represent' | 'accept'): AnswerToDispute[] {
  const { payment_id: paymentId, instruction_id: instructionId, version, reason } = outcome;
  const disputeId = disputeOfInstruction(instructionId);
  if (disputeId === null) return [];
  const name: DisputeFactName =
    outcome.needs_person === true ? `${operation}_needs_person` : `${operation}_${ENDINGS[outcome.outcome]}`;
  const fact: DisputeFact = { name, part: 'answer', version, ...(reason === undefined ? {} : { reason }) };
  return [{ paymentId, disputeId, instructionId, fact }];
}
