import type { AccountRole } from './chart-of-accounts';

/** Which counterparty a line's account belongs to; accounts that are not kept per counterparty ignore it. */
export type Party = 'source' | 'target' | 'bank' | 'partner';

/** The amounts that a rule may name. Each comes from the offer or from the fact, never from arithmetic in a rule. */
export type AmountName =
  | 'total' // what the payer pays, fee included
  | 'principal' // the same without the fee
  | 'fee'
  | 'atMid' // the converted amount in the payer's currency at mid
  | 'spread' // principal less atMid
  | 'target' // what the payee gets
  | 'result' // realised FX result
  | 'refund' // what goes back to the payer
  | 'recovered' // what comes back from the payee's side
  | 'bought' // the other leg of an FX deal
  | 'gross'
  | 'net'
  | 'difference';

/** One line: debit or credit, an account by code or by the counterparty's role, and the amount's name. */
export interface RuleLine {
  readonly side: 'Dr' | 'Cr';
  readonly account: string | { readonly role: AccountRole; readonly of: Party };
  readonly amount: AmountName;
  /** Whose account, where the chart keeps it per counterparty. */
  readonly party?: Party;
}

const dr = (account: RuleLine['account'], amount: AmountName, party?: Party): RuleLine =>
  party === undefined ? { side: 'Dr', account, amount } : { side: 'Dr', account, amount, party };
const cr = (account: RuleLine['account'], amount: AmountName, party?: Party): RuleLine => ({
  ...dr(account, amount, party),
  side: 'Cr',
});
const receivable = { role: 'receivable', of: 'source' } as const;
const hold = { role: 'hold', of: 'source' } as const;
const float = { role: 'float', of: 'target' } as const;

/**
 * The elementary bookings, by the ids of the ledger paper. A currency never appears here: each amount brings its own,
 * and the tests prove that every rule sums to zero in each currency. `B03H` and `B14` are the claim on the payer's side
 * of a hold and of a collection; `B36` to `B40` are the reversals and late facts of credit before capture, `B41` tops up a partner's balance,
 * `B42` takes back a credit that the payee's network has returned; `B43` and `B44` pay a refund where the payer's network did
 * not: out of the float there, to another instrument, and from our bank account; `B45` gives the partner what came back late;
 * `B46` is what the payer's network takes back by itself, in parts or whole; `B47` counts it against what the payer is owed
 * where the payee was never credited, and `B36` is what was left to be paid back.
 */
export const RULES = {
  B01: [dr('9000', 'total'), cr('9001', 'total')],
  B02: [dr('9001', 'total'), cr('9000', 'total')],
  B03: [dr(receivable, 'total'), cr('2000', 'principal'), cr('2200', 'fee')],
  B03H: [dr(hold, 'total'), cr('2000', 'principal'), cr('2200', 'fee')],
  B03C: [dr(receivable, 'total'), cr(hold, 'total')],
  B04: [dr('2000', 'principal'), cr('3000', 'atMid'), cr('4050', 'spread'), dr('3000', 'target'), cr('2050', 'target')],
  B05: [dr('2050', 'target'), cr(float, 'target')],
  B05P: [dr('2050', 'target'), cr('2100', 'target', 'target')],
  B06: [dr('2200', 'fee'), cr('4000', 'fee')],
  B07: [dr('5000', 'fee'), cr('2250', 'fee', 'source')],
  B08: [dr('5050', 'fee'), cr(float, 'fee')],
  B09: [dr('1000', 'net', 'bank'), dr('2250', 'fee', 'source'), cr(receivable, 'gross')],
  B10: [dr('3000', 'principal'), cr('2300', 'principal'), dr('1400', 'bought'), cr('3000', 'bought')],
  B11: [dr('4100', 'result'), cr('3000', 'result')],
  B11G: [dr('3000', 'result'), cr('4100', 'result')],
  B12: [dr('2300', 'principal'), cr('1000', 'principal', 'bank'), dr('1000', 'bought', 'bank'), cr('1400', 'bought')],
  B13: [dr(float, 'gross'), cr('1000', 'gross', 'bank')],
  B14: [dr(receivable, 'total'), cr('2000', 'principal'), cr('2200', 'fee')],
  B15: [dr('2000', 'principal'), cr('3000', 'atMid'), cr('4050', 'spread'), dr('3000', 'target'), cr('2050', 'target')],
  B16: [dr('2050', 'target'), cr(float, 'target')],
  B17: [dr('1000', 'net', 'bank'), dr('5050', 'fee'), cr(receivable, 'gross')],
  B18: [
    dr(float, 'recovered'),
    cr('3000', 'recovered'),
    dr('3000', 'atMid'),
    dr('4050', 'spread'),
    dr('4100', 'result'),
    cr('2150', 'refund'),
  ],
  B18C: [dr(float, 'recovered'), cr('3000', 'recovered'), dr('3000', 'refund'), cr('2150', 'refund')],
  B18F: [dr('4000', 'fee'), cr('2150', 'fee')],
  B18P: [dr('2150', 'refund'), cr(receivable, 'refund')],
  B18K: [
    dr('3000', 'atMid'),
    dr('4050', 'spread'),
    cr('2150', 'refund'),
    dr(float, 'recovered'),
    cr('3000', 'net'),
    cr('4100', 'result'),
  ],
  B20: [dr('2050', 'target'), cr('3000', 'target'), dr('3000', 'atMid'), dr('4050', 'spread'), cr('2000', 'principal')],
  B21: [dr('2000', 'principal'), dr('2200', 'fee'), cr('2150', 'total')],
  B22: [dr('1300', 'gross', 'source'), cr(receivable, 'gross'), dr('5000', 'fee'), cr(receivable, 'fee')],
  B23W: [dr(receivable, 'gross'), cr('1300', 'gross', 'source')],
  B23L: [dr('5100', 'gross'), cr('1300', 'gross', 'source')],
  B23R: [dr('2100', 'gross', 'partner'), cr('1300', 'gross', 'source')],
  B24: [dr('2100', 'gross', 'target'), cr(receivable, 'difference'), cr('2110', 'net', 'target')],
  B25: [dr('2110', 'net', 'target'), cr('1050', 'net', 'bank')],
  B26: [dr('1050', 'net', 'bank'), cr('1000', 'net', 'bank')],
  B27: [dr('1050', 'net', 'bank'), cr('2110', 'net', 'target')],
  B28: [dr('3100', 'result'), cr('4150', 'result')],
  B29: [dr('1000', 'gross', 'bank'), cr('2900', 'gross')],
  B30: [dr('2900', 'gross'), cr(receivable, 'gross')],
  B31: [dr('1000', 'net', 'bank'), dr('5200', 'difference'), dr('2250', 'fee', 'source'), cr(receivable, 'gross')],
  B32: [dr('1350', 'target', 'target'), cr(float, 'target')],
  B33: [dr('5150', 'target'), cr('1350', 'target', 'target')],
  B34: [dr('2000', 'principal'), dr('2200', 'fee'), cr('2400', 'total')],
  B35: [dr('4050', 'spread'), cr('3000', 'spread'), dr('3000', 'net'), cr('4050', 'net')],
  B36: [dr('2150', 'gross'), cr(receivable, 'gross')],
  B37: [dr('1350', 'total', 'source'), cr(hold, 'total')],
  B38: [dr(float, 'recovered'), cr('2050', 'recovered')],
  B39: [dr('2100', 'total', 'partner'), cr('1350', 'total', 'source')],
  B41: [dr('1000', 'gross', 'bank'), cr('2120', 'gross', 'partner')],
  B42: [dr(float, 'target'), cr('2050', 'target')],
  B43: [dr('2150', 'refund'), cr({ role: 'float', of: 'source' }, 'refund')],
  B44: [dr('2150', 'refund'), cr('1000', 'refund', 'bank')],
  B45: [dr('2050', 'target'), cr('2120', 'target', 'partner')],
  B40: [dr('5150', 'total'), cr('1350', 'total', 'source')],
  B46: [dr('1350', 'gross', 'source'), cr(receivable, 'gross')],
  B47: [dr('2150', 'gross'), cr('1350', 'gross', 'source')],
} as const satisfies Readonly<Record<string, readonly RuleLine[]>>;
export type RuleId = keyof typeof RULES;

/** How the payer's side is taken: held and later captured, or collected at once. */
export type Funding = 'hold' | 'collect';

/** What a change of a payment means for the books, as routing's contract names it. */
export type MoneyEffect =
  | 'hold_funded'
  | 'collection_funded'
  | 'credited'
  | 'captured'
  | 'hold_released'
  | 'return_started'
  | 'return_confirmed'
  | 'capture_lost'
  | 'late_credit'
  | 'blocked'
  | 'refund_funded'
  | 'refund_sent'
  | 'refund_sent_elsewhere'
  | 'refund_paid_by_hand'
  | 'refund_withdrawn'
  | 'credit_returned'
  | 'return_corrected'
  | 'dispute_opened'
  | 'dispute_won'
  | 'dispute_lost'
  | 'return_kept'
  | 'source_taken_back'
  | 'take_back_settled';

/**
 * Which elementary bookings one fact makes, by the kind of source and not by the direction. They are posted together as
 * one booking, whose code is the fact. An effect that a kind of source cannot have is absent: such a fact is a conflict.
 */
export const FACT_RULES: Readonly<Record<Funding, Readonly<Partial<Record<MoneyEffect, readonly RuleId[]>>>>> = {
  hold: {
    hold_funded: ['B01'],
    credited: ['B03H', 'B04', 'B05', 'B06'],
    captured: ['B03C', 'B02'],
    hold_released: ['B02'],
    capture_lost: ['B37', 'B02'],
    late_credit: ['B32'],
    credit_returned: ['B42'],
    return_corrected: ['B05'],
    return_kept: ['B45'],
    source_taken_back: ['B46'],
  },
  collect: {
    collection_funded: ['B14'],
    credited: ['B15', 'B16', 'B06'],
    return_started: ['B21'],
    return_confirmed: ['B36'],
    late_credit: ['B32'],
    credit_returned: ['B42'],
    return_corrected: ['B16'],
    return_kept: ['B45'],
    blocked: ['B34'],
    source_taken_back: ['B46'],
    take_back_settled: ['B47'],
  },
};
