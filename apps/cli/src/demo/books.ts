import { callJson } from './partner-api';

/** Debits and credits of one currency over all accounts. */
export interface CurrencyTotals {
  readonly currency: string;
  readonly debits: string;
  readonly credits: string;
  readonly difference: string;
}

/** One account's balance in minor units, positive on the side that makes it grow. */
export interface AccountBalance {
  readonly account: string;
  readonly name?: string;
  readonly counterparty?: string | null;
  readonly currency: string;
  readonly balance: string;
  readonly side?: string;
}

export interface Books {
  readonly balanced: boolean;
  readonly currencies: readonly CurrencyTotals[];
  readonly accounts: readonly AccountBalance[];
}

/** One account's change over the demo. */
export interface AccountChange extends AccountBalance {
  readonly before: string;
  readonly change: string;
}

/** Accounts that a payment passes through: what it brings it also takes away. */
export const PASSING_ACCOUNTS: readonly string[] = ['1110', '2000', '2050', '2150', '9000'];

/** Reads the ledger of fx-settlement. */
export class Ledger {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async read(): Promise<Books> {
    const headers = { authorization: `Bearer ${this.token}` };
    const trial = await callJson<Omit<Books, 'accounts'>>(`${this.url}/internal/v1/trial-balance`, { headers });
    const { accounts } = await callJson<{ accounts: AccountBalance[] }>(`${this.url}/internal/v1/balances`, {
      headers,
    });
    return { balanced: trial.balanced, currencies: trial.currencies, accounts };
  }
}

const keyOf = ({ account, counterparty, currency }: AccountBalance): string =>
  `${account} ${counterparty ?? ''} ${currency}`;

/** Every account that either book knows, with what has changed between them. */
export function compareBooks(before: Books, after: Books): AccountChange[] {
  const earlier = new Map(before.accounts.map((account) => [keyOf(account), account.balance]));
  return after.accounts
    .map((account) => {
      const was = earlier.get(keyOf(account)) ?? '0';
      return { ...account, before: was, change: (BigInt(account.balance) - BigInt(was)).toString() };
    })
    .sort((left, right) => keyOf(left).localeCompare(keyOf(right)));
}

/** True when the books balance in every currency and nothing is left on an account that payments only pass through. */
export function areSettled(before: Books, after: Books): boolean {
  const left = compareBooks(before, after).filter(
    ({ account, change }) => PASSING_ACCOUNTS.includes(account) && change !== '0',
  );
  return after.balanced && left.length === 0;
}
