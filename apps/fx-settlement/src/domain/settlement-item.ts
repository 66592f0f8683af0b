import type { Money } from '@gateway/money';
import type { PartyAccounts } from './booking';
import type { MoneyEffect } from './booking-rules';
import type { AccountRole } from './chart-of-accounts';

/**
 * One confirmed leg as settlement sees it: what a counterparty owes us (positive) or has paid out of our float or gets
 * back (negative). Written in the transaction that books the leg, so that each leg is in exactly one window and batch.
 */
export interface SettlementItem {
  readonly network: string;
  readonly counterparty: string;
  /** The account that the item settles: a receivable or a float. */
  readonly accountCode: string;
  readonly operation: LegOperation;
  readonly amount: Money;
  /** The counterparty's own settlement day, `YYYY-MM-DD`, computed once at booking and kept. */
  readonly valueDate: string;
}

/** The operation of the wallet network that moved the money. */
export type LegOperation =
  | 'capture'
  | 'collect'
  | 'credit'
  | 'release'
  | 'refund'
  | 'return'
  | 'chargeback'
  | 'chargeback_reversal'
  | 'chargeback_recovery';

interface ItemRule {
  readonly operation: LegOperation;
  readonly role: AccountRole;
  readonly side: 'source' | 'target';
  readonly sign: 1 | -1;
}

/** Effects without a row move no money at a counterparty. */
const ITEM_RULES: Readonly<Partial<Record<MoneyEffect, ItemRule>>> = {
  captured: { operation: 'capture', role: 'receivable', side: 'source', sign: 1 },
  collection_funded: { operation: 'collect', role: 'receivable', side: 'source', sign: 1 },
  return_confirmed: { operation: 'release', role: 'receivable', side: 'source', sign: -1 },
  source_taken_back: { operation: 'release', role: 'receivable', side: 'source', sign: -1 },
  refund_sent: { operation: 'refund', role: 'receivable', side: 'source', sign: -1 },
  refund_sent_elsewhere: { operation: 'credit', role: 'float', side: 'source', sign: -1 },
  credited: { operation: 'credit', role: 'float', side: 'target', sign: -1 },
  late_credit: { operation: 'credit', role: 'float', side: 'target', sign: -1 },
  credit_returned: { operation: 'return', role: 'float', side: 'target', sign: 1 },
  dispute_opened: { operation: 'chargeback', role: 'receivable', side: 'source', sign: -1 },
  dispute_won: { operation: 'chargeback_reversal', role: 'receivable', side: 'source', sign: 1 },
  // From the partner, where the contract says so; what the gateway bears is nobody's to settle.
  dispute_lost: { operation: 'chargeback_recovery', role: 'receivable', side: 'source', sign: 1 },
  return_corrected: { operation: 'credit', role: 'float', side: 'target', sign: -1 },
};

/** Whether an effect is about the payee's leg. What the partner keeps of it settles nothing with a network. */
export function isOnTargetSide(effect: MoneyEffect): boolean {
  return effect === 'return_kept' || ITEM_RULES[effect]?.side === 'target';
}

export function settlementItemOf(
  fact: { readonly effect: MoneyEffect; readonly at: Date },
  amount: Money,
  party: PartyAccounts,
  network: string,
): SettlementItem | undefined {
  const rule = ITEM_RULES[fact.effect];
  if (rule === undefined) return undefined;
  return {
    network,
    counterparty: party.name,
    accountCode: party.roles[rule.role],
    operation: rule.operation,
    amount: rule.sign === 1 ? amount : amount.negated(),
    valueDate: settlementDay(amount.currency.code, fact.at),
  };
}

/** The zone whose midnight ends a currency's settlement day: Alipay's is 00:00 to 23:59:59 in Beijing. */
const DAY_ZONE: Readonly<Record<string, string>> = { CNY: 'Asia/Shanghai', USD: 'America/New_York' };
const formats = new Map<string, Intl.DateTimeFormat>();

function settlementDay(currency: string, at: Date): string {
  const timeZone = DAY_ZONE[currency] ?? 'UTC';
  let format = formats.get(timeZone);
  if (format === undefined) {
    // en-CA writes a date as YYYY-MM-DD.
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(at);
}
