import type { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';

/** Money that our bank has received for a partner's balance, as one person has entered it. */
export interface TopUpRequest {
  readonly partnerId: string;
  readonly amount: Money;
  /** The bank's reference of the receipt: it counts once per partner and currency. */
  readonly bankReference: string;
  /** `operator:<id>`. */
  readonly requestedBy: string;
}

/** A top-up as it stands: booked once a second person has approved it. */
export interface TopUp extends TopUpRequest {
  readonly topUpId: string;
  readonly approvedBy: string | null;
}

/** What a partner has placed with us in one currency, in minor units. */
export interface PartnerBalance {
  readonly currency: string;
  /** Topped up and not spent. */
  readonly balance: bigint;
  /** Set aside for refunds that are not booked yet. */
  readonly reserved: bigint;
}

/** Top-ups and the balances that they raise. */
export abstract class TopUpStore {
  /** Null where this receipt was entered before. */
  abstract insert(topUpId: string, request: TopUpRequest, tx: Tx): Promise<TopUp | null>;

  abstract lock(topUpId: string, tx: Tx): Promise<TopUp | null>;

  /** Marks it approved and raises the balance. A database constraint refuses the person who entered it. */
  abstract approve(topUp: TopUp, approvedBy: string, tx: Tx): Promise<void>;

  abstract balancesOf(partnerId: string): Promise<PartnerBalance[]>;
}
