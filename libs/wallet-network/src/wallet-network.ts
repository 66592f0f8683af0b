import type { AmountOnWire } from '@gateway/contracts/contract';
import type { Purpose, WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';
import type { DisputeOfCommand } from '@gateway/contracts/wallet.network.disputes';
import type { NotificationFields } from '@gateway/contracts/wallet.network.events.v1';
import type { NetworkDescription } from './description';
import type { Outcome } from './outcome';

/** An instrument as its owner keeps it: what the network needs to act on it. Never leaves the wallet's service. */
export interface StoredInstrument {
  instrumentId: string;
  partnerId: string;
  /** The network's own data (acquirer token, account), decrypted for the call only. */
  secret: Record<string, string>;
  /** `visa`, `mastercard`, `amex`, `alipay`. */
  scheme: string;
}

/** One thing to do at the network, complete: nothing else is looked up during the call. */
export interface Instruction {
  /** Our id. The network gets it as its idempotency key and reference. */
  instructionId: string;
  paymentId: string;
  partnerId: string;
  operation: WalletOperation;
  amount: AmountOnWire;
  purpose: Purpose;
  bopCode: string;
  /** Present on hold, collect and credit. */
  instrument?: StoredInstrument;
  /** Present on everything but hold, collect and credit: the hold or collection that it acts on. */
  target?: {
    instructionId: string;
    operation: WalletOperation;
    networkReference: string | null;
    amount: AmountOnWire;
    /** When the target was processed, for the network's own clock (void, cancel or refund). */
    processedAt: Date | null;
    instrument?: StoredInstrument;
  };
  /** Present on represent and accept. */
  dispute?: DisputeOfCommand;
  /** The network's reference for this instruction, once known. */
  networkReference: string | null;
  /** 1 for the first call; the same id is sent again with a higher attempt. */
  attempt: number;
  /**
   * An earlier call of this id may have been executed, so that a refusal of this one need not be a word about that one.
   * Absent: as every repeat may be.
   */
  mayBeExecuted?: boolean;
}

/** A notification as it came in over HTTP. */
export interface RawNotification {
  headers: Record<string, string>;
  /** Path and query as received: part of what some networks sign. */
  path: string;
  rawBody: Buffer;
  /** Who sent it, as the connection says; for the audit of refused ones. */
  source?: string;
}

/**
 * What a notification claims of its instruction. It is never believed: it only shows where the network's words do not
 * agree, so that the network is asked.
 */
export interface Claim {
  /**
   * `taken_back`: something was undone that the notification does not name. A hold or collection that it does name does not
   * stand any more then; anything else that it names was done.
   */
  claim: 'done' | 'not_done' | 'taken_back';
  /** The fields that matter to a person, at most 16, none of anybody's data: type, status, amount, references. */
  fields: NotificationFields;
}

/** A verified notification: its only effect is that the network is asked about that instruction. */
export interface VerifiedNotification {
  notificationId: string | null;
  instructionId: string | null;
  /** True where it is about a dispute of the hold or collection, which had been processed long before. */
  isOfDispute?: boolean;
  /** Absent where its type is not known, or says nothing of an end. */
  says?: Claim;
  /** What the network expects as the answer, with status 200. */
  acknowledgement: { contentType: string; body: string };
}

/** Thrown by `verifyNotification` for a bad signature: answered 401, nothing stored but the hash. */
export class NotificationRefused extends Error {}

const HAS_NO_DISPUTES: Outcome = { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };

/**
 * A wallet network. An adapter translates: it does not persist, retry or publish; the runtime of this library does.
 * Every call carries our instruction id; calling twice with one id moves money at most once. Calls may take as long as
 * `signal` allows; an aborted call answers UNKNOWN.
 */
export abstract class WalletNetwork {
  abstract describe(): NetworkDescription;
  abstract hold(instruction: Instruction, signal: AbortSignal): Promise<Outcome>;
  abstract collect(instruction: Instruction, signal: AbortSignal): Promise<Outcome>;
  abstract capture(instruction: Instruction, signal: AbortSignal): Promise<Outcome>;
  abstract credit(instruction: Instruction, signal: AbortSignal): Promise<Outcome>;
  /** Undoes a hold or a collection: void, cancel or refund, whichever the network's own clock still allows. */
  abstract release(instruction: Instruction, signal: AbortSignal): Promise<Outcome>;
  abstract refund(instruction: Instruction, signal: AbortSignal): Promise<Outcome>;
  /** Answers a dispute with evidence; only networks that describe it have disputes. */
  represent(_instruction: Instruction, _signal: AbortSignal): Promise<Outcome> {
    return Promise.resolve(HAS_NO_DISPUTES);
  }
  /** Lets a dispute stand. */
  accept(_instruction: Instruction, _signal: AbortSignal): Promise<Outcome> {
    return Promise.resolve(HAS_NO_DISPUTES);
  }
  /** What became of an instruction, and of what it did: a credit may have come back, a collection be disputed. Moves no money. */
  abstract enquire(instruction: Instruction, signal: AbortSignal): Promise<Outcome>;
  abstract verifyNotification(notification: RawNotification): Promise<VerifiedNotification>;
}
