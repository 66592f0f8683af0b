import type { ReservationOutcome } from '@gateway/contracts/fx.reservation.events.v1';
import type { OutcomeKind, WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { bothWordsOf } from './contradiction-detail';
import { refundOfInstruction } from '../domain/refund/refund';
import type { RefundFact, RefundFactName } from '../domain/refund/refund-fact';

/** A fact and the refund that it is about. */
export interface FactOfRefund {
  refundId: string;
  paymentId: string;
  fact: RefundFact & { version: number };
}

const FUNDING = {
  GRANTED: 'funding_granted',
  REFUSED: 'funding_refused',
  RELEASED: 'funding_released',
} as const;

/** Null where the answer is about a payment's own reservation. */
export function refundFactOfReservation(outcome: ReservationOutcome): FactOfRefund | null {
  const refundId = refundOfInstruction(outcome.instruction_id);
  if (refundId === null) return null;
  return {
    refundId,
    paymentId: outcome.payment_id,
    fact: {
      name: FUNDING[outcome.outcome],
      part: outcome.outcome === 'RELEASED' ? 'unfund' : 'fund',
      version: outcome.version,
      ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
      ...(outcome.mid === undefined ? {} : { mid: outcome.mid }),
      ...movedIn(outcome),
    },
  };
}

function movedIn({ refund }: ReservationOutcome): Pick<RefundFact, 'moved'> {
  if (refund === undefined) return {};
  return { moved: { source: refund.source_amount.amount, target: refund.target_amount.amount } };
}

const ENDINGS: Readonly<Record<OutcomeKind, RefundFactName>> = {
  PROCESSED: 'send_processed',
  DECLINED: 'send_declined',
  NOT_SUBMITTED: 'send_not_submitted',
  PENDING: 'send_pending',
  UNKNOWN: 'send_unknown',
};

/** Null where the outcome is of a payment's own leg. What is sent to another instrument is a credit there. */
export function refundFactOfWallet(outcome: WalletOutcome): FactOfRefund | null {
  const refundId = refundOfInstruction(outcome.instruction_id);
  if (refundId === null) return null;
  return {
    refundId,
    paymentId: outcome.payment_id,
    fact: {
      name: nameOf(outcome),
      part: 'send',
      version: outcome.version,
      instructionId: outcome.instruction_id,
      ...(outcome.counterparty === undefined ? {} : { counterparty: outcome.counterparty }),
      ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    },
  };
}

/** Beside the outcome itself, which stands: two words of the network about a refund that cannot both be true. */
export function refundConflictOfWallet(outcome: WalletOutcome): FactOfRefund | null {
  const { contradicted, instruction_id: instructionId, payment_id: paymentId, version } = outcome;
  const refundId = refundOfInstruction(instructionId);
  if (refundId === null || contradicted === undefined) return null;
  const detail = bothWordsOf(contradicted);
  return {
    refundId,
    paymentId,
    fact: { name: 'send_contradicted', part: 'contradiction', version, instructionId, detail },
  };
}

function nameOf(outcome: WalletOutcome): RefundFactName {
  if (outcome.amount_conflict === true) return 'send_amount_conflict';
  return outcome.needs_person === true ? 'send_needs_person' : ENDINGS[outcome.outcome];
}
