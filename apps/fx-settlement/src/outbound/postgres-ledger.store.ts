import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { LedgerStore } from '../use-cases/ledger-store';
import type { PlacedPosting } from '../use-cases/ledger-store';
import type { BookedRefund } from '../domain/refund-book';
import { AccountIds } from './account-ids';
import { columns } from './column';
import { readRefunds, writeRefunds } from './booked-refunds';

const SOURCE_PARTIES = `
  SELECT subject_id, party FROM booking
  WHERE subject_id = ANY($1::text[]) AND code IN ('hold_funded', 'collection_funded')`;

/** Lines travel as array literals, one text per booking: `unnest` of a two-dimensional array would mix bookings. */
const APPEND = `
  INSERT INTO booking (subject_id, code, leg_id, partner_id, network, party, stripe, accounts, amounts, occurred_at, booked_at)
  SELECT b.subject_id, b.code, b.leg_id, b.partner_id, b.network, b.party, b.stripe, b.accounts::integer[],
         b.amounts::bigint[], b.occurred_at, (SELECT clock_now())
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::text[],
    $9::text[], $10::timestamptz[])
    AS b (subject_id, code, leg_id, partner_id, network, party, stripe, accounts, amounts, occurred_at)
  ON CONFLICT DO NOTHING
  RETURNING subject_id, code, leg_id`;

const ITEMS = `
  INSERT INTO settlement_item (payment_id, code, leg_id, partner_id, network, counterparty, account_code, operation,
    currency, amount, value_date, occurred_at)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::bigint[], $11::date[], $12::timestamptz[])`;

const BALANCES = `
  INSERT INTO balance AS b (account_id, stripe, debits, credits)
  SELECT m.account_id, m.stripe, m.debits, m.credits
  FROM unnest($1::integer[], $2::smallint[], $3::bigint[], $4::bigint[]) AS m (account_id, stripe, debits, credits)
  ORDER BY m.account_id, m.stripe
  ON CONFLICT (account_id, stripe) DO UPDATE
    SET debits = b.debits + EXCLUDED.debits, credits = b.credits + EXCLUDED.credits`;

interface Turnover {
  readonly accountId: number;
  readonly stripe: number;
  debits: bigint;
  credits: bigint;
}

@Injectable()
export class PostgresLedgerStore extends LedgerStore {
  constructor(private readonly accounts: AccountIds) {
    super();
  }

  refundsOf(paymentIds: readonly string[], tx: Tx): Promise<Map<string, BookedRefund[]>> {
    return readRefunds(paymentIds, tx);
  }

  async sourceParties(paymentIds: readonly string[], tx: Tx): Promise<Map<string, string>> {
    const rows = await tx.query<{ subject_id: string; party: string }>(SOURCE_PARTIES, [paymentIds], 'booking-parties');
    return new Map(rows.map((row) => [row.subject_id, row.party]));
  }

  async append(postings: readonly PlacedPosting[], tx: Tx): Promise<PlacedPosting[]> {
    const idOf = await this.accounts.idsFor(
      postings.flatMap(({ posting }) => posting.lines.map((line) => line.account)),
      tx,
    );
    const values = columns(
      postings,
      ({ paymentId }) => paymentId,
      ({ posting }) => posting.code,
      ({ posting }) => posting.legId,
      ({ partnerId }) => partnerId,
      ({ posting }) => posting.network,
      ({ posting }) => posting.party,
      ({ stripe }) => stripe,
      ({ posting }) => `{${posting.lines.map((line) => idOf(line.account)).join(',')}}`,
      ({ posting }) => `{${posting.lines.map((line) => line.minor).join(',')}}`,
      ({ posting }) => posting.at,
    );
    const rows = await tx.query<{ subject_id: string; code: string; leg_id: string }>(APPEND, values, 'booking-append');
    const appended = new Set(rows.map((row) => `${row.subject_id} ${row.code} ${row.leg_id}`));
    // A natural key that stands twice in one batch was inserted once: each appended key is taken for one posting.
    const fresh = postings.filter(({ paymentId, posting }) =>
      appended.delete(`${paymentId} ${posting.code} ${posting.legId}`),
    );
    await this.writeItems(fresh, tx);
    await writeRefunds(fresh, tx);
    return fresh;
  }

  async addToBalances(postings: readonly PlacedPosting[], tx: Tx): Promise<void> {
    const idOf = await this.accounts.idsFor(
      postings.flatMap(({ posting }) => posting.lines.map((line) => line.account)),
      tx,
    );
    const turnovers = new Map<string, Turnover>();
    for (const { stripe, posting } of postings) {
      for (const { account, minor } of posting.lines) {
        const accountId = idOf(account);
        const key = `${accountId} ${stripe}`;
        const turnover = turnovers.get(key) ?? { accountId, stripe, debits: 0n, credits: 0n };
        if (minor > 0n) turnover.debits += minor;
        else turnover.credits -= minor;
        turnovers.set(key, turnover);
      }
    }
    const values = columns(
      [...turnovers.values()],
      (turnover) => turnover.accountId,
      (turnover) => turnover.stripe,
      (turnover) => turnover.debits,
      (turnover) => turnover.credits,
    );
    await tx.query(BALANCES, values, 'balance-add');
  }

  private async writeItems(postings: readonly PlacedPosting[], tx: Tx): Promise<void> {
    const items = postings.flatMap((placed) =>
      placed.posting.item === undefined ? [] : [{ ...placed, item: placed.posting.item }],
    );
    if (items.length === 0) return;
    const values = columns(
      items,
      ({ paymentId }) => paymentId,
      ({ posting }) => posting.code,
      ({ posting }) => posting.legId,
      ({ partnerId }) => partnerId,
      ({ item }) => item.network,
      ({ item }) => item.counterparty,
      ({ item }) => item.accountCode,
      ({ item }) => item.operation,
      ({ item }) => item.amount.currency.code,
      ({ item }) => item.amount.minor,
      ({ item }) => item.valueDate,
      ({ posting }) => posting.at,
    );
    await tx.query(ITEMS, values, 'settlement-item-insert');
  }
}
