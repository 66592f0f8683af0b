import type {
  AccountTurnover,
  CurrencyTurnover,
  Movement,
  ReadBooking,
  ReadLine,
  ReadReservation,
  ReservationList,
} from '../use-cases/book-reads';

/** Amounts leave as digits of minor units; a missing counterparty is null. */
const CREDIT_TYPES: ReadonlySet<string> = new Set(['liability', 'trading', 'income']);
/** The memorandum contra grows by credits; its counterpart 9000 by debits. */
const AUTHORISATION_CONTRA = '9001';

export function presentTrialBalance(
  currencies: readonly CurrencyTurnover[],
  offTheirLines: readonly string[] | null,
): object {
  const rows = currencies.map(({ currency, debits, credits }) => ({
    currency,
    debits: debits.toString(),
    credits: credits.toString(),
    difference: (debits - credits).toString(),
  }));
  const balanced = rows.every((row) => row.difference === '0') && (offTheirLines ?? []).length === 0;
  return { balanced, currencies: rows, ...(offTheirLines === null ? {} : { accounts_off_their_lines: offTheirLines }) };
}

export function presentAccount(account: AccountTurnover): object {
  const side = CREDIT_TYPES.has(account.type) || account.code === AUTHORISATION_CONTRA ? 'credit' : 'debit';
  const net = account.debits - account.credits;
  return {
    account: account.code,
    name: account.name,
    counterparty: account.counterparty === '' ? null : account.counterparty,
    currency: account.currency,
    side,
    balance: (side === 'debit' ? net : -net).toString(),
  };
}

export function presentBooking(booking: ReadBooking): object {
  return {
    code: booking.code,
    instruction_id: booking.legId === '' ? null : booking.legId,
    network: booking.network,
    counterparty: booking.party,
    occurred_at: booking.occurredAt.toISOString(),
    booked_at: booking.bookedAt.toISOString(),
    lines: booking.lines.map(presentLine),
  };
}

function presentLine(line: ReadLine): object {
  return {
    account: line.code,
    counterparty: line.counterparty === '' ? null : line.counterparty,
    currency: line.currency,
    debit: line.minor > 0n ? line.minor.toString() : '0',
    credit: line.minor < 0n ? (-line.minor).toString() : '0',
  };
}

export function presentMovement(movement: Movement): object {
  return {
    booking_id: movement.bookingId.toString(),
    payment_id: movement.paymentId,
    instruction_id: movement.legId,
    network: movement.network,
    operation: movement.operation,
    amount: movement.minor.toString(),
    currency: movement.currency,
  };
}

export function presentReservations(list: ReservationList): object {
  return {
    count: list.count,
    amounts: list.amounts.map(({ currency, minor }) => ({ currency, amount: minor.toString() })),
    reservations: list.reservations.map(presentReservation),
  };
}

function presentReservation(reservation: ReadReservation): object {
  return {
    payment_id: reservation.paymentId,
    instruction_id: reservation.instructionId,
    partner_id: reservation.partnerId,
    state: reservation.state,
    reason: reservation.reason,
    version: reservation.version,
    ...(reservation.payout === null ? {} : { amount: reservation.payout.toString(), currency: reservation.currency }),
  };
}
