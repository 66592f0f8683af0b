import type { Purpose, WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';

/** When to ask what became of a call, as data per product (design section 4). */
export interface EnquiryPlan {
  /** Waits in ms before each enquiry; the last one repeats until `giveUpAfterMs`. */
  delaysMs: readonly number[];
  /** Business time after which a person takes over (`needs_person`). */
  giveUpAfterMs: number;
  /** Whether to send the release of the same instruction when the plan ends (payer-presented codes): still until definite. */
  cancelAtEnd: boolean;
}

/** How one operation of a network behaves. */
export interface OperationRules {
  /** Deadline of one call, machine time. */
  callTimeoutMs: number;
  /** How long the network keeps an id, so that sending it again is safe; the runtime keeps a margin. */
  idempotencyLifeMs: number;
  enquiry: EnquiryPlan;
  /** The plan of an order that waits for the payer to act, until the order ends. Absent where there are none such. */
  whilePayerActs?: EnquiryPlan;
}

/** Static facts about a network; the only thing that the rest of the gateway knows of it. */
export interface NetworkDescription {
  /** Lower case, no dots: part of topic names. */
  id: string;
  country: string;
  currencies: readonly string[];
  /** How each purpose is funded here; absent where the network cannot be a source for it. */
  funding: Partial<Record<Purpose, 'hold' | 'collect'>>;
  /** Whether the network can be credited. */
  canCredit: boolean;
  operations: Partial<Record<WalletOperation, OperationRules>>;
  /**
   * Who owes us or is owed, as the ledger names it: of what the payer's side moves (null: the scheme of the payer's
   * instrument), and of credits.
   */
  counterparties: { payer: string | null; payee: string };
  /** No credit is sent with less than this left on the hold. */
  holdMarginMs: number;
  limits: Record<string, { minimumMinor: string; maximumMinor: string }>;
}
