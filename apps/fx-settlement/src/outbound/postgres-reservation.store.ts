import { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { Reservation, ReservationRefusal, ReservationState } from '../domain/reservation';
import { ReservationStore } from '../use-cases/reservation-store';
import { columns } from './column';

const LOCK = `
  SELECT payment_id, instruction_id, partner_id, network, payout, currency, state, reason, version, mid
  FROM reservation WHERE payment_id = ANY($1::text[]) ORDER BY payment_id, instruction_id FOR UPDATE`;

const SAVE = `
  INSERT INTO reservation (payment_id, instruction_id, partner_id, network, payout, currency, state, reason, version,
    mid, made_at, changed_at)
  SELECT r.*, (SELECT clock_now()), (SELECT clock_now())
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
    $9::integer[], $10::numeric[]) AS r
  ON CONFLICT (payment_id, instruction_id) DO UPDATE
    SET state = EXCLUDED.state, reason = EXCLUDED.reason, version = EXCLUDED.version, changed_at = EXCLUDED.changed_at`;

interface ReservationRow {
  payment_id: string;
  instruction_id: string;
  partner_id: string;
  network: string;
  payout: bigint | null;
  currency: string | null;
  state: ReservationState;
  reason: ReservationRefusal | null;
  version: number;
  mid: string | null;
}

@Injectable()
export class PostgresReservationStore extends ReservationStore {
  async lockOf(paymentIds: readonly string[], tx: Tx): Promise<Reservation[]> {
    const rows = await tx.query<ReservationRow>(LOCK, [paymentIds], 'reservation-lock');
    return rows.map((row) => ({
      instructionId: row.instruction_id,
      paymentId: row.payment_id,
      partnerId: row.partner_id,
      network: row.network,
      payout: row.payout === null || row.currency === null ? null : Money.of(row.payout, row.currency),
      state: row.state,
      reason: row.reason,
      version: row.version,
      ...(row.mid === null ? {} : { mid: row.mid }),
    }));
  }

  async save(reservations: readonly Reservation[], tx: Tx): Promise<void> {
    const values = columns(
      reservations,
      (reservation) => reservation.paymentId,
      (reservation) => reservation.instructionId,
      (reservation) => reservation.partnerId,
      (reservation) => reservation.network,
      (reservation) => reservation.payout?.minor ?? null,
      (reservation) => reservation.payout?.currency.code ?? null,
      (reservation) => reservation.state,
      (reservation) => reservation.reason,
      (reservation) => reservation.version,
      (reservation) => reservation.mid ?? null,
    );
    await tx.query(SAVE, values, 'reservation-save');
  }
}
