import type { ScreeningOutcome, ScreeningOutcomeKind } from '@gateway/contracts/compliance.screening.events.v1';
import type { ReservationOutcome } from '@gateway/contracts/fx.reservation.events.v1';
import type { WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';
import type { OutcomeKind, WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { Money } from '@gateway/money';
import type { VersionedPart } from '../domain/payment';
import type { Fact, FactName } from '../domain/payment-fact';
import { refundOfInstruction } from '../domain/refund/refund';
import { bothWordsOf } from './contradiction-detail';

/** A fact that names the part and the instruction it answers. */
export type OutcomeFact = Fact & { part: VersionedPart; version: number; instructionId: string };

const SCREENING_FACTS: Record<ScreeningOutcomeKind, FactName> = {
  CLEAR: 'screening_clear',
  REVIEW: 'screening_review',
  REJECTED: 'screening_rejected',
  PARTY_UNKNOWN: 'screening_rejected',
  HIT: 'screening_hit',
};

/** The rule is told to the partner only where a rule refused; a match never says why. */
export function factOfScreening(outcome: ScreeningOutcome): OutcomeFact {
  const reasons: Partial<Record<ScreeningOutcomeKind, string | undefined>> = {
    REJECTED: outcome.rule,
    PARTY_UNKNOWN: 'PARTY_UNKNOWN',
  };
  const reason = reasons[outcome.outcome];
  return {
    name: SCREENING_FACTS[outcome.outcome],
    part: 'screening',
    version: outcome.version,
    instructionId: outcome.instruction_id,
    ...(reason === undefined ? {} : { reason }),
  };
}

export function factOfReservation(outcome: ReservationOutcome): OutcomeFact {
  const facts = {
    GRANTED: 'reservation_granted',
    REFUSED: 'reservation_refused',
    RELEASED: 'reservation_released',
  } as const;
  return {
    name: facts[outcome.outcome],
    part: outcome.outcome === 'RELEASED' ? 'unreserve' : 'reserve',
    version: outcome.version,
    instructionId: outcome.instruction_id,
    ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
  };
}

type Leg = 'source' | 'credit' | 'capture' | 'release';
/** What is no part of a payment: refunds and disputes are objects of their own. */
type ObjectOperation = 'refund' | 'represent' | 'accept';
const LEGS: Record<Exclude<WalletOperation, ObjectOperation>, Leg> = {
  hold: 'source',
  collect: 'source',
  credit: 'credit',
  capture: 'capture',
  release: 'release',
};
const ENDINGS: Record<OutcomeKind, 'processed' | 'declined' | 'not_submitted' | 'pending' | 'unknown'> = {
  PROCESSED: 'processed',
  DECLINED: 'declined',
  NOT_SUBMITTED: 'not_submitted',
  PENDING: 'pending',
  UNKNOWN: 'unknown',
};

/** Null for the outcome of a refund, be it a credit to another instrument, or of the answer to a dispute. */
export function factOfWallet(outcome: WalletOutcome): OutcomeFact | null {
  const { operation } = outcome;
  if (operation === 'refund' || operation === 'represent' || operation === 'accept') return null;
  if (refundOfInstruction(outcome.instruction_id) !== null) return null;
  const leg = LEGS[operation];
  return {
    name: nameOf(leg, outcome),
    part: leg,
    version: outcome.version,
    instructionId: outcome.instruction_id,
    network: outcome.network,
    ...particularsOf(outcome),
  };
}

/** Beside the outcome itself, which stands: two notifications of the network that cannot both be true. */
export function conflictOfWallet(outcome: WalletOutcome): Fact | null {
  const { contradicted, instruction_id: instructionId, network } = outcome;
  if (contradicted === undefined) return null;
  return { name: 'outcome_contradicted', instructionId, network, detail: bothWordsOf(contradicted) };
}

function nameOf(leg: Leg, outcome: WalletOutcome): FactName {
  if (outcome.amount_conflict === true) return `${leg}_amount_conflict`;
  if (outcome.needs_person === true) return `${leg}_needs_person`;
  if (leg === 'source' && outcome.late === true) return 'source_late';
  if (leg === 'source' && isTakenBack(outcome)) return 'source_taken_back';
  return SPECIAL[`${leg} ${outcome.outcome} ${outcome.reason ?? ''}`] ?? `${leg}_${ENDINGS[outcome.outcome]}`;
}

/**
 * Taken back before anybody knew what became of it, with proof that there was something to take back; or all of it since, by
 * the network itself.
 */
function isTakenBack({ outcome, amount, returned }: WalletOutcome): boolean {
  if (outcome === 'DECLINED') return amount !== undefined;
  return outcome === 'PROCESSED' && returned !== undefined && returned.amount === amount?.amount;
}

/** Beside the outcome itself: a part of what was held or collected has been taken back by the network since. */
export function partTakenBack(outcome: WalletOutcome): Fact | null {
  const { operation, returned, instruction_id: instructionId, network } = outcome;
  if (returned === undefined || (operation !== 'hold' && operation !== 'collect') || isTakenBack(outcome)) return null;
  const amount = Money.of(BigInt(returned.amount), returned.currency);
  return { name: 'source_taken_back_in_part', instructionId, network, amount, reason: 'TAKEN_BACK' };
}

/** Certain answers whose reason says more than a yes or a no, by leg, outcome and reason. */
const SPECIAL: Readonly<Record<string, FactName>> = {
  'source NOT_SUBMITTED NOT_AFTER_PASSED': 'source_lapsed',
  'source DECLINED PAYER_DID_NOT_CONFIRM': 'source_lapsed',
  'credit NOT_SUBMITTED NOT_AFTER_PASSED': 'credit_lapsed',
  'release DECLINED HOLD_EXPIRED': 'release_lapsed',
  'release PROCESSED RELEASED_BEFORE_START': 'release_not_needed',
};

/** What a network takes back by itself it gives no reason for. */
function reasonOf(outcome: WalletOutcome): string | undefined {
  const isPayers = outcome.operation === 'hold' || outcome.operation === 'collect';
  return outcome.reason ?? (isPayers && isTakenBack(outcome) ? 'TAKEN_BACK' : undefined);
}

function particularsOf(outcome: WalletOutcome): Partial<Fact> {
  const { amount, counterparty, hold_expires_at: holdExpiresAt, next_action: nextAction } = outcome;
  const reason = reasonOf(outcome);
  const partial: Partial<Fact> = {};
  if (amount !== undefined) partial.amount = Money.of(BigInt(amount.amount), amount.currency);
  if (reason !== undefined) partial.reason = reason;
  else if (outcome.amount_conflict === true && outcome.operation === 'hold') partial.reason = 'PARTIAL_APPROVAL';
  if (counterparty !== undefined) partial.counterparty = counterparty;
  if (holdExpiresAt !== undefined) partial.holdExpiresAt = holdExpiresAt;
  if (nextAction !== undefined) partial.nextAction = nextAction;
  if (outcome.cancelable_until !== undefined) partial.cancelableUntil = outcome.cancelable_until;
  if (outcome.decline_class !== undefined) partial.declineClass = outcome.decline_class;
  return partial;
}
