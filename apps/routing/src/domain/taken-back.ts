import { Money } from '@gateway/money';
import { instructionIdOf } from './instruction';
import type { Payment } from './payment';
import type { Fact } from './payment-fact';

/** What a payer's network has given back by itself, in minor units of the source's currency: told in parts, or whole. */
export interface TakenBack {
  /** All of it that the network has told of. */
  told: string;
  /** Whether that is everything that was taken. */
  whole: boolean;
  /** What of it is in the books, and in how many bookings: each has a leg of its own. */
  booked: string;
  bookings: number;
  /** What of that was counted against what the payer was owed, and in how many bookings. */
  settled: string;
  settlements: number;
}

const NOTHING: TakenBack = { told: '0', whole: false, booked: '0', bookings: 0, settled: '0', settlements: 0 };

/** Where the payer's money is known to have been taken: before, nothing can have been given back of it. */
const TAKEN: readonly string[] = ['funded', 'returning', 'returned', 'taken_back'];

/** A part is told with every later word about the source: only more of it is news. */
export function isToldBefore({ standing }: Pick<Payment, 'standing'>, { name, amount }: Fact): boolean {
  if (name !== 'source_taken_back_in_part' || amount === undefined) return false;
  return amount.minor <= BigInt(standing.takenBack?.told ?? 0);
}

/** Keeps how much the network has given back so far. */
export function rememberTakenBack({ order, standing }: Payment, { name, amount }: Fact): void {
  const whole = name === 'source_taken_back';
  if ((!whole && name !== 'source_taken_back_in_part') || !TAKEN.includes(standing.parts.source)) return;
  const told = whole ? order.totalSource : (amount ?? order.totalSource);
  standing.takenBack = { ...(standing.takenBack ?? NOTHING), told: told.toDigits(), whole };
}

/** What one booking about it is over, and under which leg. */
export interface TakenBackBooking {
  amount: Money;
  instructionId: string;
}

/** Books what was given back since the last booking; null where there is nothing more. */
export function bookTakenBack(payment: Payment): TakenBackBooking | null {
  const known = payment.standing.takenBack ?? NOTHING;
  const { told, booked, bookings } = known;
  if (told === booked) return null;
  payment.standing.takenBack = { ...known, booked: told, bookings: bookings + 1 };
  return bookingOf(payment, BigInt(told) - BigInt(booked), bookings);
}

/** Counts what is booked against what the payer is owed; null where there is nothing more. */
export function settleTakenBack(payment: Payment): TakenBackBooking | null {
  const known = payment.standing.takenBack ?? NOTHING;
  const { booked, settled, settlements } = known;
  if (booked === settled) return null;
  payment.standing.takenBack = { ...known, settled: booked, settlements: settlements + 1 };
  return bookingOf(payment, BigInt(booked) - BigInt(settled), settlements);
}

/** A leg is booked once: the first part has the source's own id, each further one a number. */
function bookingOf(payment: Payment, minor: bigint, before: number): TakenBackBooking {
  const source = instructionIdOf(payment, 'source');
  return {
    amount: Money.of(minor, payment.order.totalSource.currency.code),
    instructionId: before === 0 ? source : `${source}-${before + 1}`,
  };
}

/** What our own undo of the source is over: all that was taken, but for what the payer has got back already. */
export function leftToReturn({ order, standing }: Pick<Payment, 'order' | 'standing'>): Money {
  const { totalSource } = order;
  return totalSource.minus(Money.of(BigInt(standing.takenBack?.settled ?? 0), totalSource.currency.code));
}

/** What was taken and not given back by the network itself: refunds can give back no more than that. */
export function leftOfTaken({ order, standing }: Pick<Payment, 'order' | 'standing'>): Money {
  const { totalSource } = order;
  return totalSource.minus(Money.of(BigInt(standing.takenBack?.told ?? 0), totalSource.currency.code));
}
