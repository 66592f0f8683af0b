import { Money } from '@gateway/money';
import { RULES } from './booking-rules';
import type { AmountName, Party, RuleId, RuleLine } from './booking-rules';
import { chartRow } from './chart-of-accounts';
import type { RoleCodes } from './chart-of-accounts';

/** An account: a row of the chart, whose it is (empty where the chart keeps one for all) and its one currency. */
export interface AccountRef {
  readonly code: string;
  readonly counterparty: string;
  readonly currency: string;
}

/** A line of a booking in minor units: a debit is positive, a credit negative, and none is zero. */
export interface BookingLine {
  readonly account: AccountRef;
  readonly minor: bigint;
}

export type Amounts = Readonly<Partial<Record<AmountName, Money>>>;

/** A counterparty: its name, and the accounts that play the roles at its network. */
export interface PartyAccounts {
  readonly name: string;
  readonly roles: RoleCodes;
}
export type Parties = Readonly<Partial<Record<Party, PartyAccounts>>>;

/**
 * The lines of one or more elementary bookings that are posted together. A line whose amount is zero is left out (a
 * payment without a fee has no fee line). Throws TypeError where a rule names an amount or a party that was not given,
 * and RangeError when the lines do not balance: both are defects, and neither may reach the books.
 */
export function linesOf(rules: readonly RuleId[], amounts: Amounts, parties: Parties): BookingLine[] {
  const lines = rules.flatMap((rule) =>
    (RULES[rule] as readonly RuleLine[]).map((line) => lineOf(line, amounts, parties)),
  );
  const posted = lines.filter((line) => line.minor !== 0n);
  const off = imbalanceOf(posted);
  if (off !== undefined) throw new RangeError(`${rules.join('+')} does not balance in ${off}`);
  return posted;
}

/** The first currency whose debits and credits differ, or undefined where the lines balance. */
export function imbalanceOf(lines: readonly BookingLine[]): string | undefined {
  const sums = new Map<string, bigint>();
  for (const { account, minor } of lines) sums.set(account.currency, (sums.get(account.currency) ?? 0n) + minor);
  for (const [currency, sum] of sums) if (sum !== 0n) return currency;
  return undefined;
}

function partyOf(line: RuleLine): Party | undefined {
  return typeof line.account === 'string' ? line.party : line.account.of;
}

function lineOf(line: RuleLine, amounts: Amounts, parties: Parties): BookingLine {
  const amount = amounts[line.amount];
  if (amount === undefined) throw new TypeError(`the booking needs the amount ${line.amount}`);
  return {
    account: accountOf(line, amount.currency.code, parties),
    minor: line.side === 'Dr' ? amount.minor : -amount.minor,
  };
}

function accountOf(line: RuleLine, currency: string, parties: Parties): AccountRef {
  const needed = partyOf(line);
  const party = needed === undefined ? undefined : parties[needed];
  if (needed !== undefined && party === undefined) throw new TypeError(`the booking needs the party ${needed}`);
  const code = typeof line.account === 'string' ? line.account : roleCode(party, line.account.role);
  return { code, counterparty: chartRow(code).perCounterparty ? nameFor(code, party) : '', currency };
}

function roleCode(party: PartyAccounts | undefined, role: keyof RoleCodes): string {
  if (party === undefined) throw new TypeError(`the role ${role} needs a party`);
  return party.roles[role];
}

function nameFor(code: string, party: PartyAccounts | undefined): string {
  if (party === undefined) throw new TypeError(`account ${code} is kept per counterparty`);
  return party.name;
}
