/** Turnover of one currency over all accounts, minor units. */
export interface CurrencyTurnover {
  readonly currency: string;
  readonly debits: bigint;
  readonly credits: bigint;
}

/** One account with its turnover. */
export interface AccountTurnover extends CurrencyTurnover {
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly counterparty: string;
}

/** One line of a booking as read; a debit is positive. */
export interface ReadLine {
  readonly code: string;
  readonly counterparty: string;
  readonly currency: string;
  readonly minor: bigint;
}

/** One booking as read. */
export interface ReadBooking {
  readonly bookingId: bigint;
  readonly paymentId: string;
  readonly code: string;
  readonly legId: string;
  readonly network: string;
  readonly party: string;
  readonly occurredAt: Date;
  readonly bookedAt: Date;
  readonly lines: readonly ReadLine[];
}

/** One leg as the ledger booked it, to be compared with what a network says that it executed. */
export interface Movement {
  readonly bookingId: bigint;
  readonly paymentId: string;
  readonly legId: string;
  readonly network: string;
  readonly operation: string;
  readonly minor: bigint;
  readonly currency: string;
}

/** A reservation as read. */
export interface ReadReservation {
  readonly paymentId: string;
  readonly instructionId: string;
  readonly partnerId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly payout: bigint | null;
  readonly currency: string | null;
  readonly version: number;
}

/** Reservations of one state: how many, how much, and the first of them. */
export interface ReservationList {
  readonly count: number;
  readonly amounts: readonly { readonly currency: string; readonly minor: bigint }[];
  readonly reservations: readonly ReadReservation[];
}

/** A page of a list in the order of booking. */
export interface Page {
  /** Only what was booked after this id. */
  readonly after: bigint;
  readonly limit: number;
}

/** Reads of the books. None of them takes a lock that a writer waits for. */
export abstract class BookReads {
  abstract trialBalance(): Promise<CurrencyTurnover[]>;

  /** Accounts whose kept balance differs from the sum of their lines: none, or an alarm. Reads every line. */
  abstract accountsOffTheirLines(): Promise<string[]>;

  abstract balances(): Promise<AccountTurnover[]>;
  abstract bookingsOf(paymentId: string): Promise<ReadBooking[]>;

  /** Legs of one payment, or of all (null), in the order of booking. */
  abstract movements(paymentId: string | null, page: Page): Promise<Movement[]>;
  abstract reservations(state: string, paymentId: string | null): Promise<ReservationList>;
}
