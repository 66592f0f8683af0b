import type { DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import type { Money } from '@gateway/money';
import type { DisputeOrder } from './disputes/dispute';
import type { DisputeState } from './disputes/dispute-state';
import type { DisputeEffect } from './disputes/dispute-table';
import { instructionIdOf } from './instruction';
import type { Payment, VersionedPart } from './payment';
import type { Fact } from './payment-fact';
import type { PaymentState } from './payment-state';
import type { RefundTerms } from './refund/refund-rule';
import type { Sides } from './refund/refund-shares';
import type { RefundState } from './refund/refund-state';
import type { RefundEffect } from './refund/refund-table';
import type { ReturnState } from './returns/return-state';
import type { ReturnEffect } from './returns/return-table';
import { bookTakenBack, leftToReturn, settleTakenBack } from './taken-back';
import type { MoneyEffect, TableRow } from './table/row';

/** What a change is about where it is a refund's: the payment itself stays as it is. */
export interface RefundNote extends Sides, RefundTerms {
  id: string;
  from: RefundState;
  to: RefundState;
  /** The rate at which the books value the refund, once it is funded. */
  mid: string | null;
  /** The returned credit that funds it; null where the partner's balance does. */
  returnId: string | null;
}

/** What a change is about where it is a returned credit's: the payment itself stays as it is. */
export interface ReturnNote {
  id: string;
  from: ReturnState;
  to: ReturnState;
}

/** What a change is about where it is a dispute's: the payment itself stays as it is. */
export interface DisputeNote extends Pick<DisputeOrder, 'fee' | 'liability' | 'authentication'> {
  id: string;
  from: DisputeState;
  to: DisputeState;
  /** Of the change that gives evidence: whose it is, and what it says. */
  answeredBy: 'partner' | 'gateway' | null;
  evidence: DisputeEvidence | null;
}

/** One change of a payment; `from` equals `to` where a fact is noted without a move. */
export interface PaymentChange {
  fact: string;
  from: PaymentState;
  to: PaymentState;
  at: Date;
  instructionId?: string;
  network?: string;
  counterparty?: string;
  amount?: Money;
  reason?: string;
  money?: MoneyEffect | RefundEffect | ReturnEffect | DisputeEffect;
  refund?: RefundNote;
  returned?: ReturnNote;
  dispute?: DisputeNote;
}

/** The leg whose instruction id a booking is keyed by. */
const LEG: Record<MoneyEffect, VersionedPart> = {
  hold_funded: 'source',
  collection_funded: 'source',
  credited: 'credit',
  captured: 'capture',
  hold_released: 'release',
  return_started: 'release',
  return_confirmed: 'release',
  capture_lost: 'capture',
  late_credit: 'credit',
  blocked: 'source',
  source_taken_back: 'source',
  take_back_settled: 'source',
};

/**
 * What a row changes: one change for each money effect that has something to book, or one without. The first of them
 * carries the move.
 */
export function changesOf(
  payment: Payment,
  from: PaymentState,
  row: TableRow,
  fact: Fact,
  proceeding: boolean,
  at: Date,
): PaymentChange[] {
  const to = payment.state;
  const effects = unseenOf(payment, row.money[payment.order.funding]);
  const bookings = effects.flatMap((money) => bookingOf(payment, money, fact) ?? []);
  if (bookings.length === 0) return [{ fact: fact.name, from, to, at, ...(proceeding ? {} : detailsOf(fact)) }];
  return bookings.map((booking, position) => ({
    fact: fact.name,
    from: position === 0 ? from : to,
    to,
    at,
    ...(fact.reason === undefined ? {} : { reason: fact.reason }),
    ...booking,
  }));
}

/** What ends a source's money in the same row that takes it. */
const TAKEN: ReadonlySet<MoneyEffect> = new Set(['hold_funded', 'collection_funded']);
const GIVEN_BACK: ReadonlySet<MoneyEffect> = new Set(['hold_released', 'return_confirmed']);

/**
 * A source that the books have seen taken and given back can still prove to stand, and is undone once more: they had both,
 * so that whatever is told of it then adds nothing to them.
 */
function unseenOf({ standing }: Payment, effects: readonly MoneyEffect[]): readonly MoneyEffect[] {
  if (standing.isSettled) return effects.filter((money) => LEG[money] !== 'source' && LEG[money] !== 'release');
  if (effects.some((money) => TAKEN.has(money)) && effects.some((money) => GIVEN_BACK.has(money))) {
    standing.isSettled = true;
  }
  return effects;
}

function detailsOf(fact: Fact): Partial<PaymentChange> {
  const { instructionId, network, counterparty, amount, reason } = fact;
  const details: Partial<PaymentChange> = {};
  if (instructionId !== undefined) details.instructionId = instructionId;
  if (network !== undefined) details.network = network;
  if (counterparty !== undefined) details.counterparty = counterparty;
  if (amount !== undefined) details.amount = amount;
  if (reason !== undefined) details.reason = reason;
  return details;
}

/**
 * Amounts of bookings are the order's: an outcome over another amount has no money effect, it is a conflict. Only what a
 * network takes back by itself can be a part of it, and what is then left to be returned. Null: nothing is left to book.
 */
function bookingOf(payment: Payment, money: MoneyEffect, fact: Fact): Partial<PaymentChange> | null {
  const takenBack = TAKEN_BACK[money];
  const part = LEG[money];
  const { order, standing } = payment;
  const onTarget = part === 'credit';
  const counterparty = onTarget ? fact.counterparty : (standing.counterparty ?? undefined);
  const ordered = {
    instructionId: instructionIdOf(payment, part),
    amount: money === 'return_confirmed' ? leftToReturn(payment) : onTarget ? order.target : order.totalSource,
  };
  const booking = takenBack === undefined ? ordered : takenBack(payment);
  if (booking === null) return null;
  return {
    money,
    ...booking,
    network: onTarget ? order.targetNetwork : order.sourceNetwork,
    ...(counterparty === undefined ? {} : { counterparty }),
  };
}

const TAKEN_BACK: Partial<Record<MoneyEffect, typeof bookTakenBack>> = {
  source_taken_back: bookTakenBack,
  take_back_settled: settleTakenBack,
};
