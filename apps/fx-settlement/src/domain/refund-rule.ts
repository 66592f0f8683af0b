import { convert } from '@gateway/money';
import type { Money, Rate } from '@gateway/money';

/**
 * Who bears a move of the rate between payment and refund, by the partner's contract. R1: the gateway, the original rate
 * holds. R2 and R3: the rate of the day of the refund, or of the day after it, holds for both sides. R4: each refund names
 * who bears the move.
 */
export type RefundRule = 'R1' | 'R2' | 'R3' | 'R4';

/** Who bears the move of a refund under R4. */
export type RefundBearer = 'gateway' | 'payer' | 'payee';

/** A refund's two sides: what the payer gets back, and what the payee's side gives for it. */
export interface RefundSides {
  readonly source: Money;
  readonly target: Money;
}

/** The rule of one refund. */
export interface RefundTerms {
  readonly rule: RefundRule;
  /** Of R4 alone. */
  readonly bearer: RefundBearer | null;
}

/** Whether the gateway bears the move: then the shares move as they are, and its mark-up goes back by share. */
export function isBorneByGateway({ rule, bearer }: RefundTerms): boolean {
  return rule === 'R1' || bearer === 'gateway';
}

/**
 * What moves for a refund's shares of the payment at the rate of its day. Neither side ever moves more than its share, so
 * that whatever the rates do, refunds never exceed the payment on either side:
 *
 * - by the gateway: both shares;
 * - at the day's rate (R2, R3): the side that is worth less as it is, the other one converted; nobody else bears anything;
 * - by the payer: the payee's side gives its share, the payer gets what that is worth;
 * - by the payee: the payer gets the share, the payee's side gives what that is worth.
 *
 * What the bound keeps back is the gateway's result, gain or loss. The mark-up of the payment is not given back.
 */
export function movedAt(terms: RefundTerms, share: RefundSides, mid: Rate): RefundSides {
  if (isBorneByGateway(terms)) return share;
  const source = lesser(share.source, convert(share.target, mid));
  const target = lesser(share.target, convert(share.source, mid));
  if (terms.bearer === 'payer') return { source, target: share.target };
  return terms.bearer === 'payee' ? { source: share.source, target } : { source, target };
}

function lesser(a: Money, b: Money): Money {
  return a.compare(b) <= 0 ? a : b;
}
