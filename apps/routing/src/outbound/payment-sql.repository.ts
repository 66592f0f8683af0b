import { Injectable } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import type { PaymentCase } from '../domain/advance-payment';
import type { Payment } from '../domain/payment';
import { publicStatusOf } from '../domain/public-status';
import { wireChangeOf } from '../use-cases/payment-records';
import {
  PaymentRepository,
  type ChangedPayment,
  type InsertedPayments,
  type RefusedColumn,
} from '../use-cases/payment.repository';
import { newRowOf, paymentOf, progressRowOf, type PaymentRow } from './payment.row';
import {
  APPEND_CHANGES,
  INSERT_PAYMENTS,
  INSERT_PROGRESS,
  LOCK_DUE_PAYMENTS,
  LOCK_PAYMENTS,
  OPEN_CASES,
  POSTPONE,
  READ_PAYMENTS,
  TAKEN_QUOTES,
  UPDATE_PROGRESS,
} from './payment.sql';

/** Payments in PostgreSQL. Rows travel as one JSON parameter: one statement text, prepared once, for any batch size. */
@Injectable()
export class SqlPaymentRepository extends PaymentRepository {
  constructor(private readonly ids: IdSource) {
    super();
  }

  async insertNew(tx: Tx, payments: readonly Payment[], now: Date): Promise<InsertedPayments> {
    const rows = JSON.stringify(payments.map(newRowOf));
    const inserted = await tx.query<{ payment_id: string }>(INSERT_PAYMENTS, [rows], 'payment_insert');
    const won = new Set(inserted.map((row) => row.payment_id));
    const winners = payments.filter((payment) => won.has(payment.id));
    if (winners.length > 0) {
      const standing = JSON.stringify(winners.map((payment) => progressRowOf(payment, now)));
      await tx.query(INSERT_PROGRESS, [standing], 'payment_progress_insert');
    }
    const losers = payments.filter((payment) => !won.has(payment.id));
    return { won, refused: await this.reasonsOf(tx, losers, winners) };
  }

  private async reasonsOf(
    tx: Tx,
    losers: readonly Payment[],
    winners: readonly Payment[],
  ): Promise<Map<string, RefusedColumn>> {
    if (losers.length === 0) return new Map();
    const quotes = losers.map((payment) => payment.order.quoteId);
    const rows = await tx.query<{ quote_id: string }>(TAKEN_QUOTES, [quotes], 'payment_taken_quotes');
    const taken = new Set([...rows.map((row) => row.quote_id), ...winners.map((winner) => winner.order.quoteId)]);
    return new Map(losers.map(({ id, order }) => [id, taken.has(order.quoteId) ? 'quote_id' : 'source_instrument']));
  }

  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, Payment>> {
    const rows = await tx.query<PaymentRow>(LOCK_PAYMENTS, [ids], 'payment_lock');
    return new Map(rows.map((row) => [row.payment_id, paymentOf(row)]));
  }

  async find(tx: Tx, ids: readonly string[]): Promise<Map<string, Payment>> {
    const rows = await tx.query<PaymentRow>(`${READ_PAYMENTS} WHERE g.payment_id = ANY($1)`, [ids], 'payments_read');
    return new Map(rows.map((row) => [row.payment_id, paymentOf(row)]));
  }

  async lockDue(tx: Tx, limit: number): Promise<Payment[]> {
    const rows = await tx.query<PaymentRow>(LOCK_DUE_PAYMENTS, [limit], 'payment_lock_due');
    return rows.map(paymentOf);
  }

  async postpone(tx: Tx, ids: readonly string[], due: Date): Promise<void> {
    if (ids.length > 0) await tx.query(POSTPONE, [ids, due], 'payment_postpone');
  }

  async update(tx: Tx, payments: readonly Payment[], now: Date): Promise<void> {
    if (payments.length === 0) return;
    const rows = JSON.stringify(payments.map((payment) => progressRowOf(payment, now)));
    await tx.query(UPDATE_PROGRESS, [rows], 'payment_progress_update');
  }

  async appendChanges(tx: Tx, changed: readonly ChangedPayment[], now: Date): Promise<void> {
    if (changed.length === 0) return;
    const rows = changed.map(({ payment, changes }) => ({
      payment_id: payment.id,
      sequence: payment.sequence,
      state: payment.state,
      public_status: publicStatusOf(payment),
      changes: changes.map(wireChangeOf),
      at: now,
    }));
    await tx.query(APPEND_CHANGES, [JSON.stringify(rows)], 'payment_state_change_append');
  }

  async openCases(tx: Tx, cases: readonly PaymentCase[]): Promise<void> {
    if (cases.length === 0) return;
    const rows = cases.map((opened) => ({
      case_id: this.ids.next('cas'),
      payment_id: opened.paymentId,
      partner_id: opened.partnerId,
      kind: opened.kind,
      state: opened.state ?? 'none',
      fact: opened.fact,
      instruction_id: opened.instructionId,
      detail: opened.detail,
      opened_at: opened.at,
    }));
    await tx.query(OPEN_CASES, [JSON.stringify(rows)], 'payment_case_open');
  }
}
