/** What an account is, for statements: assets and expenses grow by debits, the others by credits. */
export type AccountType = 'asset' | 'liability' | 'clearing' | 'trading' | 'income' | 'expense' | 'memorandum';

/** One row of the chart. An account itself is a code, a counterparty and one currency. */
export interface ChartRow {
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  /** Whether each counterparty (a card scheme, a wallet, a bank, a partner) has an account of its own. */
  readonly perCounterparty: boolean;
}

const row = (code: string, name: string, type: AccountType, perCounterparty = false): ChartRow => ({
  code,
  name,
  type,
  perCounterparty,
});

/**
 * The chart of accounts. Every account may exist in every currency that is dealt in; 2400 and 5100 are needed in both.
 * 1050 to 1250, 2100 to 2120 are kept per counterparty, so that each can be reconciled with the one who owes it.
 */
export const CHART: readonly ChartRow[] = [
  row('1000', 'Bank nostro', 'asset', true),
  row('1050', 'Bank payments in transit', 'clearing', true),
  row('1100', 'Card network receivable', 'asset', true),
  row('1110', 'Card holds to be captured', 'asset', true),
  row('1150', 'Wallet receivable', 'asset', true),
  row('1200', 'Prefunding at the wallet', 'asset', true),
  row('1250', 'Prefunding at the payout bank', 'asset', true),
  row('1300', 'Dispute receivable', 'asset', true),
  row('1350', 'Recovery receivable', 'asset', true),
  row('1400', 'FX deal receivable', 'asset'),
  row('2000', 'Payer funds in transit', 'liability'),
  row('2050', 'Payout obligation', 'liability'),
  row('2100', 'Partner settlement payable, gross', 'liability', true),
  row('2110', 'Partner settlement payable, netted', 'liability', true),
  row('2120', 'Partner balance', 'liability', true),
  row('2150', 'Refunds payable', 'liability'),
  row('2200', 'Unearned fees', 'liability'),
  row('2250', 'Network and partner fees payable', 'liability', true),
  row('2300', 'FX deal payable', 'liability'),
  row('2400', 'Blocked property', 'liability'),
  row('2900', 'Suspense', 'liability'),
  row('3000', 'FX position', 'trading'),
  row('3100', 'FX revaluation', 'trading'),
  row('4000', 'Fee income', 'income'),
  row('4050', 'FX spread income', 'income'),
  row('4100', 'Realised FX result', 'income'),
  row('4150', 'Unrealised FX result', 'income'),
  row('5000', 'Interchange and scheme fees', 'expense'),
  row('5050', 'Partner commission', 'expense'),
  row('5100', 'Chargeback losses', 'expense'),
  row('5150', 'Operational losses', 'expense'),
  row('5200', 'Rounding and tolerance', 'expense'),
  row('9000', 'Authorisation holds', 'memorandum'),
  row('9001', 'Authorisation contra', 'memorandum'),
];

const ROW_BY_CODE: ReadonlyMap<string, ChartRow> = new Map(CHART.map((entry) => [entry.code, entry]));

export function chartRow(code: string): ChartRow {
  const found = ROW_BY_CODE.get(code);
  if (found === undefined) throw new RangeError(`no account ${code} in the chart`);
  return found;
}

/** What an account does for a counterparty: the rules name these, so that a new network needs no rule of its own. */
export type AccountRole = 'receivable' | 'hold' | 'float';

/** Which account plays which role at a network; every network's description brings its own codes. */
export type RoleCodes = Readonly<Record<AccountRole, string>>;

/** The codes of a wallet that described none. */
export const WALLET_ROLES: RoleCodes = { receivable: '1150', hold: '1110', float: '1200' };
