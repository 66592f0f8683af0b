import type { AmountOnWire } from '@gateway/contracts/contract';
import type { WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';
import type { Authentication, NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type {
  DeclineClass,
  NotificationFields,
  OutcomeKind,
  Reason,
} from '@gateway/contracts/wallet.network.events.v1';
import type { NextAction } from '../outcome';

/**
 * Where an instruction stands.
 *
 * - `QUEUED`: to be called (or, a release without `dueMs`, waiting for its target). Nobody is calling.
 * - `SENT`: a call has been leased; whether it left is known only by its answer or by an enquiry.
 * - `PENDING`, `UNKNOWN`: accepted and not finished; anything else. Enquiries follow the plan.
 * - `PROCESSED`, `DECLINED`, `NOT_SUBMITTED`: final.
 * - `TOMBSTONE`: a release came before this instruction, which will be refused when it comes.
 */
export type InstructionState =
  'QUEUED' | 'SENT' | 'PENDING' | 'UNKNOWN' | 'PROCESSED' | 'DECLINED' | 'NOT_SUBMITTED' | 'TOMBSTONE';

/** The runtime itself takes a hold or collection back, until the network is definite. */
export interface Undo {
  /** What the instruction is declined with once it is taken back. */
  reason: Reason;
  tries: number;
  /** Business time of the first try; the id of the undo has an idempotency life, too. */
  firstSentMs: number | null;
  /** The network has refused for good: only enquiries are left. */
  refused: boolean;
}

/**
 * Two words of a network about one instruction that cannot both be true: `later` is the one against its outcome, `earlier` is
 * null where only the network's answer agrees with that.
 */
export interface Contradiction {
  earlier: NotificationFields | null;
  later: NotificationFields;
}

/** What somebody has said of an instruction that is not certain yet, by what it claims: the last word of each kind. */
export type Heard = Readonly<Partial<Record<'done' | 'not_done' | 'taken_back', NotificationFields>>>;

/** What is told of an instruction; the outcome event adds ids, version, evidence and time. */
export interface Told {
  outcome: OutcomeKind;
  amount?: AmountOnWire;
  networkReference?: string;
  reason?: Reason;
  networkCode?: string;
  declineClass?: DeclineClass;
  counterparty?: string;
  holdExpiresAt?: string;
  cancelableUntil?: string;
  nextAction?: NextAction;
  needsPerson?: boolean;
  amountConflict?: boolean;
  /** A certain no had been told before. */
  late?: boolean;
  /** What notifications say against each other; the outcome stands. */
  contradicted?: Contradiction;
  /** Of a processed credit, hold or collection: what the network itself has taken back. */
  returned?: AmountOnWire;
  /** Of a processed hold or collection. */
  authentication?: Authentication;
  disputes?: readonly NetworkDispute[];
  /** Of what the runtime took back by itself: how often it had to be tried. For the audit, not for the event. */
  reversalTries?: number;
}

/** What a decision reads of an instruction. Times are ms of business time. */
export interface Standing {
  readonly operation: WalletOperation;
  readonly asked: AmountOnWire;
  readonly state: InstructionState;
  /** Calls leased so far; enquiries and undos not counted. */
  readonly attempt: number;
  /** A call may have reached the network without a certain answer. */
  readonly inDoubt: boolean;
  /** Enquiries answered since the plan began. */
  readonly enquiries: number;
  readonly planStartMs: number | null;
  readonly dueMs: number | null;
  readonly firstSentMs: number | null;
  readonly notAfterMs: number | null;
  readonly undo: Undo | null;
  readonly needsPerson: boolean;
  /** What the payer was asked to do, once the network has said so: the order then has a plan of its own. */
  readonly payerAction?: NextAction;
  /** Of a processed credit, hold or collection: how much of it the network has taken back, as has been told. */
  readonly returned: AmountOnWire | null;
  /** A notification against the outcome that is told, once it has been asked about. */
  readonly contradiction: Contradiction | null;
  /** What was said of it while it is open, by notifications and by answers under old leases; none of it is an outcome. */
  readonly heard: Heard | null;
  /** Of a release: its hold or collection has no certain outcome yet. */
  readonly targetOpen: boolean;
}

/** What follows from a decision: the fields that change, and what is told. */
export interface Change extends Partial<
  Pick<
    Standing,
    | 'state'
    | 'inDoubt'
    | 'enquiries'
    | 'planStartMs'
    | 'dueMs'
    | 'undo'
    | 'needsPerson'
    | 'returned'
    | 'contradiction'
    | 'heard'
  >
> {
  tell?: Told;
  /** The outcome stands and is told again, with the notifications that speak against each other. */
  tellContradiction?: Contradiction;
}

const FINAL: readonly InstructionState[] = ['PROCESSED', 'DECLINED', 'NOT_SUBMITTED'];

export function isFinal(state: InstructionState): boolean {
  return FINAL.includes(state);
}

/**
 * That it was processed is not the last word: the payee's bank may send a credit back days later, and the network may give
 * the payer a hold or collection back; a notification says so.
 */
export function mayBeTakenBack(standing: Pick<Standing, 'operation' | 'state' | 'returned'>): boolean {
  const { operation, state, returned } = standing;
  return (operation === 'credit' || isOfPayer(standing)) && state === 'PROCESSED' && returned === null;
}

/** Whether the network says that it has taken back more than has been told: a payer's money can come back in parts. */
export function isMoreTakenBack(
  standing: Pick<Standing, 'operation' | 'state' | 'returned'>,
  now: AmountOnWire | undefined,
): now is AmountOnWire {
  if (now === undefined || standing.state !== 'PROCESSED') return false;
  const { returned } = standing;
  if (returned === null) return mayBeTakenBack(standing);
  return isOfPayer(standing) && now.currency === returned.currency && BigInt(now.amount) > BigInt(returned.amount);
}

/** It holds or takes the payer's money. */
export function isOfPayer({ operation }: Pick<Standing, 'operation'>): boolean {
  return operation === 'hold' || operation === 'collect';
}

/** Whether something can still become known of what was processed: what a payer has paid can be disputed for months. */
export function mayHaveSequel(standing: Pick<Standing, 'operation' | 'state' | 'returned'>): boolean {
  return mayBeTakenBack(standing) || (isOfPayer(standing) && standing.state === 'PROCESSED');
}

/** A notification has said the opposite of what is certain, and nobody has been told of it yet. */
export function isContradicted({ state, contradiction }: Pick<Standing, 'state' | 'contradiction'>): boolean {
  return isFinal(state) && contradiction !== null;
}

/** A certain no: nothing is held, collected or credited under this id. */
export function isCertainNo(state: InstructionState): boolean {
  return state === 'DECLINED' || state === 'NOT_SUBMITTED';
}

/** Certain that no call of it has been accepted: it can be ended without asking the network. */
export function neverStarted(standing: Pick<Standing, 'state' | 'inDoubt'>): boolean {
  return standing.state === 'QUEUED' && !standing.inDoubt;
}

export function sameAmount(left: AmountOnWire, right: AmountOnWire): boolean {
  return left.currency === right.currency && BigInt(left.amount) === BigInt(right.amount);
}

/** It has certainly not left, and is not sent any more. */
export function notSubmitted(why: Pick<Told, 'reason' | 'networkCode'>): Change {
  return { state: 'NOT_SUBMITTED', dueMs: null, tell: { outcome: 'NOT_SUBMITTED', ...why } };
}
