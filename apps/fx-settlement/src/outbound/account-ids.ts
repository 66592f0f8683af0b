import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { AccountRef } from '../domain/booking';
import { columns } from './column';

const FIND = `
  SELECT account_id, a.code, a.counterparty, a.currency
  FROM account a JOIN unnest($1::text[], $2::text[], $3::text[]) AS w (code, counterparty, currency)
    ON a.code = w.code AND a.counterparty = w.counterparty AND a.currency = w.currency`;

const OPEN = `
  INSERT INTO account (code, counterparty, currency)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS w (code, counterparty, currency)
  ORDER BY code, counterparty, currency
  ON CONFLICT DO NOTHING`;

interface AccountRow {
  account_id: number;
  code: string;
  counterparty: string;
  currency: string;
}

/** Finds the ids of accounts, and opens an account with its first booking. Ids of accounts that were there are kept. */
@Injectable()
export class AccountIds {
  private readonly known = new Map<string, number>();
  private readonly openedIn = new WeakMap<Tx, Map<string, number>>();

  /** The lookup holds for this transaction: an account opened in it may be rolled back, so its id is not kept longer. */
  async idsFor(accounts: readonly AccountRef[], tx: Tx): Promise<(account: AccountRef) => number> {
    const opened = this.openedIn.get(tx) ?? new Map<string, number>();
    this.openedIn.set(tx, opened);
    const idOf = (name: string): number | undefined => this.known.get(name) ?? opened.get(name);
    const wanted = new Map<string, AccountRef>();
    for (const account of accounts) if (idOf(nameOf(account)) === undefined) wanted.set(nameOf(account), account);
    if (wanted.size > 0) await this.findOrOpen(wanted, opened, tx);
    return (account) => {
      const id = idOf(nameOf(account));
      if (id === undefined) throw new RangeError(`account ${nameOf(account)} was not looked up`);
      return id;
    };
  }

  private async findOrOpen(wanted: Map<string, AccountRef>, opened: Map<string, number>, tx: Tx): Promise<void> {
    for (const row of await this.find([...wanted.values()], tx)) {
      this.known.set(nameOf(row), row.account_id);
      wanted.delete(nameOf(row));
    }
    if (wanted.size === 0) return;
    const missing = [...wanted.values()];
    await tx.query(OPEN, accountColumns(missing));
    for (const row of await this.find(missing, tx)) opened.set(nameOf(row), row.account_id);
  }

  private find(accounts: readonly AccountRef[], tx: Tx): Promise<AccountRow[]> {
    return tx.query<AccountRow>(FIND, accountColumns(accounts));
  }
}

function accountColumns(accounts: readonly AccountRef[]): unknown[][] {
  return columns(
    accounts,
    (account) => account.code,
    (account) => account.counterparty,
    (account) => account.currency,
  );
}

function nameOf(account: AccountRef): string {
  return `${account.code} ${account.counterparty} ${account.currency}`;
}
