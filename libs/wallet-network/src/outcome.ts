import type { AmountOnWire } from '@gateway/contracts/contract';
import type { Authentication, NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { DeclineClass, Reason } from '@gateway/contracts/wallet.network.events.v1';

/** What the payer has to do while an order is PENDING. `type` is e.g. `confirm_in_app`; `value` a link or code. */
export interface NextAction {
  type: string;
  value: string;
  expires_at?: string;
}

/**
 * One of the five answers of a network (design section 4). An adapter returns one of these and never throws for an
 * answer that it does not understand: that is UNKNOWN, which is also the default.
 */
export type Outcome =
  | {
      kind: 'PROCESSED';
      networkReference: string;
      amount: AmountOnWire;
      counterparty: string;
      holdExpiresAt?: string;
      /** Only of collections: until when the network takes it back as if it had not been, instead of refunding it. */
      cancelableUntil?: string;
      /** It was done and has been undone since: nothing of it stands, so it contradicts no certain no. */
      undone?: boolean;
      /**
       * Only of credits, holds and collections: the network itself has taken this much of it back since, in all, without our
       * asking: a credit has come back to us, a payer has the money again. What is not known as processed yet is then as good
       * as declined; what was is still PROCESSED, and has been taken back.
       */
      returned?: AmountOnWire;
      /** Only of holds and collections: how the payer proved to be the cardholder. */
      authentication?: Authentication;
      /** Only of holds and collections: every dispute that the network knows, in the order of its ids. */
      disputes?: readonly NetworkDispute[];
    }
  | {
      kind: 'DECLINED';
      reason: Reason;
      networkCode?: string;
      networkReference?: string;
      /** What the network's code says of another try. */
      declineClass?: DeclineClass;
    }
  | { kind: 'NOT_SUBMITTED'; reason: Reason; networkCode?: string }
  | { kind: 'PENDING'; networkReference?: string; nextAction?: NextAction }
  | { kind: 'UNKNOWN'; networkCode?: string; networkReference?: string }
  /**
   * Only from `enquire`: the network does not know the id. It proves nothing (design: "not found proves nothing"): the
   * runtime sends the same request with the same id again while its idempotency life lasts, then enquires only.
   */
  | { kind: 'NOT_FOUND' };
