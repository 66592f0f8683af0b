import { Database } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { BookReads } from '../use-cases/book-reads';
import type {
  AccountTurnover,
  CurrencyTurnover,
  Movement,
  Page,
  ReadBooking,
  ReadLine,
  ReadReservation,
  ReservationList,
} from '../use-cases/book-reads';

const TRIAL_BALANCE = `
  SELECT a.currency, sum(b.debits)::text AS debits, sum(b.credits)::text AS credits
  FROM balance b JOIN account a USING (account_id) GROUP BY a.currency ORDER BY a.currency`;

const OFF_THEIR_LINES = `
  WITH lines AS (
    SELECT account_id, sum(amount) FILTER (WHERE amount > 0) AS debits, -sum(amount) FILTER (WHERE amount < 0) AS credits
    FROM ledger_entry GROUP BY account_id
  ), kept AS (
    SELECT account_id, sum(debits) AS debits, sum(credits) AS credits FROM balance GROUP BY account_id
  )
  SELECT concat_ws(' ', a.code, nullif(a.counterparty, ''), a.currency) AS account
  FROM lines FULL JOIN kept USING (account_id) JOIN account a USING (account_id)
  WHERE coalesce(lines.debits, 0) <> coalesce(kept.debits, 0) OR coalesce(lines.credits, 0) <> coalesce(kept.credits, 0)
  ORDER BY 1`;

const BALANCES = `
  SELECT a.code, c.name, c.type, a.counterparty, a.currency, sum(b.debits)::text AS debits, sum(b.credits)::text AS credits
  FROM balance b JOIN account a USING (account_id) JOIN chart_of_accounts c USING (code)
  GROUP BY a.code, c.name, c.type, a.counterparty, a.currency ORDER BY a.code, a.counterparty, a.currency`;

const BOOKINGS = `
  SELECT b.booking_id, b.subject_id, b.code, b.leg_id, b.network, b.party, b.occurred_at, b.booked_at,
         e.account, e.counterparty, e.currency, e.amount
  FROM booking b JOIN ledger_entry e ON e.subject_id = b.subject_id AND e.booking = b.code AND e.leg_id = b.leg_id
  WHERE b.subject_id = $1 ORDER BY b.booking_id, e.line`;

/**
 * Which operation of the network each fact proves. A fact that is not here moved nothing there. A chargeback's item has the
 * acquirer's fee in it, which is no movement of the cardholder's money.
 */
const MOVEMENTS = `
  SELECT b.booking_id, b.subject_id, b.leg_id, b.network, o.operation,
         abs(CASE WHEN o.with_fee THEN b.amounts[1] ELSE coalesce(i.amount, b.amounts[1]) END) AS minor, coalesce(i.currency, a.currency) AS currency
  FROM booking b
  JOIN (VALUES ('hold_funded', 'hold', false), ('collection_funded', 'collect', false), ('credited', 'credit', false),
               ('late_credit', 'credit', false), ('captured', 'capture', false), ('hold_released', 'release', false),
               ('return_confirmed', 'release', false), ('source_taken_back', 'release', false), ('refund_sent', 'refund', false),
               ('refund_sent_elsewhere', 'credit', false),
               ('credit_returned', 'return', false), ('return_corrected', 'credit', false),
               ('dispute_opened', 'chargeback', true), ('dispute_won', 'chargeback_reversal', false))
    AS o (code, operation, with_fee) ON o.code = b.code
  JOIN account a ON a.account_id = b.accounts[1]
  LEFT JOIN settlement_item i ON i.payment_id = b.subject_id AND i.code = b.code AND i.leg_id = b.leg_id
  WHERE ($1::text IS NULL OR b.subject_id = $1) AND b.booking_id > $2
  ORDER BY b.booking_id LIMIT $3`;

const RESERVED = `
  SELECT currency, count(*) AS count, sum(payout)::text AS minor FROM reservation
  WHERE state = $1 AND ($2::text IS NULL OR payment_id = $2) GROUP BY currency ORDER BY currency`;

const RESERVATIONS = `
  SELECT payment_id, instruction_id, partner_id, state, reason, payout, currency, version FROM reservation
  WHERE state = $1 AND ($2::text IS NULL OR payment_id = $2) ORDER BY payment_id, instruction_id LIMIT $3`;

/** Reservations listed at most; the count and the amounts are of all. */
const LISTED = 10_000;

interface TurnoverRow {
  currency: string;
  debits: string;
  credits: string;
}
interface AccountRow extends TurnoverRow {
  code: string;
  name: string;
  type: string;
  counterparty: string;
}
interface LineRow {
  booking_id: bigint;
  subject_id: string;
  code: string;
  leg_id: string;
  network: string;
  party: string;
  occurred_at: Date;
  booked_at: Date;
  account: string;
  counterparty: string;
  currency: string;
  amount: bigint;
}
interface MovementRow {
  booking_id: bigint;
  subject_id: string;
  leg_id: string;
  network: string;
  operation: string;
  minor: bigint;
  currency: string;
}
interface ReservationRow {
  payment_id: string;
  instruction_id: string;
  partner_id: string;
  state: string;
  reason: string | null;
  payout: bigint | null;
  currency: string | null;
  version: number;
}

@Injectable()
export class PostgresBookReads extends BookReads {
  constructor(private readonly database: Database) {
    super();
  }

  async trialBalance(): Promise<CurrencyTurnover[]> {
    return (await this.database.query<TurnoverRow>(TRIAL_BALANCE)).map(turnoverOf);
  }

  async accountsOffTheirLines(): Promise<string[]> {
    return (await this.database.query<{ account: string }>(OFF_THEIR_LINES)).map((row) => row.account);
  }

  async balances(): Promise<AccountTurnover[]> {
    const rows = await this.database.query<AccountRow>(BALANCES);
    return rows.map((row) => ({ ...row, ...turnoverOf(row) }));
  }

  async bookingsOf(paymentId: string): Promise<ReadBooking[]> {
    const bookings = new Map<bigint, ReadBooking & { lines: ReadLine[] }>();
    for (const row of await this.database.query<LineRow>(BOOKINGS, [paymentId])) {
      const booking = bookings.get(row.booking_id) ?? bookingOf(row);
      booking.lines.push({
        code: row.account,
        counterparty: row.counterparty,
        currency: row.currency,
        minor: row.amount,
      });
      bookings.set(row.booking_id, booking);
    }
    return [...bookings.values()];
  }

  async movements(paymentId: string | null, page: Page): Promise<Movement[]> {
    const rows = await this.database.query<MovementRow>(MOVEMENTS, [paymentId, page.after, page.limit]);
    return rows.map((row) => ({
      bookingId: row.booking_id,
      paymentId: row.subject_id,
      legId: row.leg_id,
      network: row.network,
      operation: row.operation,
      minor: row.minor,
      currency: row.currency,
    }));
  }

  async reservations(state: string, paymentId: string | null): Promise<ReservationList> {
    const sums = await this.database.query<{ currency: string | null; count: bigint; minor: string | null }>(RESERVED, [
      state,
      paymentId,
    ]);
    const rows = await this.database.query<ReservationRow>(RESERVATIONS, [state, paymentId, LISTED]);
    return {
      count: Number(sums.reduce((all, sum) => all + sum.count, 0n)),
      amounts: sums.flatMap(({ currency, minor }) =>
        currency === null || minor === null ? [] : [{ currency, minor: BigInt(minor) }],
      ),
      reservations: rows.map(reservationOf),
    };
  }
}

function turnoverOf(row: TurnoverRow): CurrencyTurnover {
  return { currency: row.currency, debits: BigInt(row.debits), credits: BigInt(row.credits) };
}

function bookingOf(row: LineRow): ReadBooking & { lines: ReadLine[] } {
  return {
    bookingId: row.booking_id,
    paymentId: row.subject_id,
    code: row.code,
    legId: row.leg_id,
    network: row.network,
    party: row.party,
    occurredAt: row.occurred_at,
    bookedAt: row.booked_at,
    lines: [],
  };
}

function reservationOf(row: ReservationRow): ReadReservation {
  return {
    paymentId: row.payment_id,
    instructionId: row.instruction_id,
    partnerId: row.partner_id,
    state: row.state,
    reason: row.reason,
    payout: row.payout,
    currency: row.currency,
    version: row.version,
  };
}
