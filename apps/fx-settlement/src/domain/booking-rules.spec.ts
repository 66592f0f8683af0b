import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Money, currencyOf, parseDecimal } from '@gateway/money';
import { linesOf } from './booking';
import type { Amounts, BookingLine, Parties } from './booking';
import { RULES } from './booking-rules';
import type { RuleId } from './booking-rules';
import { CHART } from './chart-of-accounts';

interface VectorLine {
  side: 'Dr' | 'Cr';
  account: string;
  currency: string;
  amount: string;
}
interface Vectors {
  bookings: { id: string; lines: VectorLine[] }[];
  scenarios: Record<string, { bookings: string[]; balances: Record<string, string> }>;
}

const file = join(process.env['GATEWAY_VECTORS'] ?? join(process.cwd(), '../shared/vectors'), 'ledger/bookings.json');
const present = existsSync(file);
const vectors = present ? (JSON.parse(readFileSync(file, 'utf8')) as Vectors) : { bookings: [], scenarios: {} };
const unlessAbsent = present ? describe : describe.skip;
const reason = present ? '' : ' (skipped: the ledger vectors are not here, see GATEWAY_VECTORS)';

const usd = (text: string): Money => parseDecimal(text, currencyOf('USD')) ?? Money.zero('USD');
const cny = (text: string): Money => parseDecimal(text, currencyOf('CNY')) ?? Money.zero('CNY');

const visa = { name: 'visa', roles: { receivable: '1100', hold: '1110', float: '1250' } };
const alipay = { name: 'alipay', roles: { receivable: '1150', hold: '1110', float: '1200' } };
const payoutBank = { name: 'us_payout_bank', roles: visa.roles };
const bank = { name: 'bank', roles: visa.roles };
const partner = { name: 'prt_demo', roles: visa.roles };
const usToChina: Parties = { source: visa, target: alipay, bank, partner };
const chinaToUs: Parties = { source: alipay, target: payoutBank, bank, partner };
const wallet: Parties = { source: alipay, target: alipay, bank, partner };

const a = {
  total: usd('102.00'),
  principal: usd('100.00'),
  fee: usd('2.00'),
  atMid: usd('99.00'),
  spread: usd('1.00'),
  target: cny('706.15'),
};
const cover = { principal: usd('99.05'), bought: cny('706.15') };
const netting = { gross: cny('4000000.00'), difference: cny('3200000.00'), net: cny('800000.00') };
const b = {
  total: cny('360.21'),
  principal: cny('360.21'),
  fee: cny('0'),
  atMid: cny('356.64'),
  spread: cny('3.57'),
  target: usd('50.00'),
};
const refundA = {
  recovered: cny('706.15'),
  atMid: usd('97.40'),
  spread: usd('1.00'),
  result: usd('1.60'),
  refund: usd('100.00'),
};

/** Each vector booking as our rule with the amounts of the worked example; `rule` where ours has another name. */
const CASES: Record<string, { rule?: RuleId; amounts: Amounts; parties?: Parties }> = {
  B01: { amounts: a },
  B02: { amounts: a },
  B03: { amounts: a },
  B04: { amounts: a },
  B05: { amounts: a },
  B05P: { amounts: a },
  B06: { amounts: a },
  B07: { amounts: { fee: usd('1.85') } },
  B08: { amounts: { fee: cny('4.24') } },
  B09: { amounts: { gross: usd('102.00'), fee: usd('1.85'), net: usd('100.15') } },
  B10: { amounts: cover },
  B11: { amounts: { result: usd('0.05') } },
  B11G: { amounts: { result: usd('1.60') } },
  B12: { amounts: cover },
  B13: { amounts: { gross: cny('706.15') } },
  B14: { amounts: b, parties: chinaToUs },
  B15: { amounts: b, parties: chinaToUs },
  B16: { amounts: b, parties: chinaToUs },
  B17: { amounts: { gross: cny('360.21'), fee: cny('2.16'), net: cny('358.05') }, parties: chinaToUs },
  B18: { amounts: refundA },
  B18F: { amounts: a },
  B18P: { amounts: refundA },
  B19: {
    rule: 'B18',
    amounts: {
      recovered: cny('282.46'),
      atMid: usd('38.96'),
      spread: usd('0.40'),
      result: usd('0.64'),
      refund: usd('40.00'),
    },
  },
  B19L: {
    rule: 'B18',
    amounts: {
      recovered: cny('423.69'),
      atMid: usd('58.44'),
      spread: usd('0.60'),
      result: usd('0.96'),
      refund: usd('60.00'),
    },
  },
  B18C: { amounts: { recovered: cny('706.15'), refund: usd('97.40') } },
  B20: { amounts: a },
  B21: { amounts: a },
  B22: { amounts: { gross: usd('102.00'), fee: usd('15.00') } },
  B23W: { amounts: { gross: usd('102.00') } },
  B23L: { amounts: { gross: usd('102.00') } },
  B23R: { amounts: { gross: usd('102.00') } },
  B24: { amounts: netting, parties: wallet },
  B25: { amounts: netting, parties: wallet },
  B26: { amounts: netting, parties: wallet },
  B27: { amounts: netting, parties: wallet },
  B28: { amounts: { result: usd('93.33') } },
  B29: { amounts: { gross: usd('500.00') } },
  B30: { amounts: { gross: usd('500.00') } },
  B31: { amounts: { gross: usd('102.00'), fee: usd('1.85'), difference: usd('0.01'), net: usd('100.14') } },
  B32: { amounts: a },
  B33: { amounts: a },
  B34: { amounts: a },
  B35: { amounts: { spread: cny('3.57'), net: usd('0.50') } },
};

function ours(id: string): BookingLine[] {
  const found = CASES[id];
  if (found === undefined) throw new Error(`no case for ${id}`);
  return linesOf([found.rule ?? (id as RuleId)], found.amounts, found.parties ?? usToChina);
}

const inWords = (line: BookingLine): string => `${line.account.code} ${line.account.currency} ${line.minor}`;
const theirs = (line: VectorLine): string => {
  const minor = (line.currency === 'USD' ? usd(line.amount) : cny(line.amount)).minor;
  return `${line.account.slice(0, 4)} ${line.currency} ${line.side === 'Dr' ? minor : -minor}`;
};

function balancesOf(lines: readonly BookingLine[]): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const line of lines) {
    const name = `${line.account.code} ${line.account.currency}`;
    sums.set(name, (sums.get(name) ?? 0n) + line.minor);
  }
  return Object.fromEntries(
    [...sums]
      .filter(([, sum]) => sum !== 0n)
      .map(([name, sum]): [string, string] => [name, sum.toString()])
      .sort(),
  );
}

unlessAbsent(`The ledger paper's bookings${reason}`, () => {
  it.each(vectors.bookings.map((booking) => [booking.id, booking.lines] as const))(
    '%s is reproduced line by line',
    (id, lines) => {
      expect(ours(id).map(inWords)).toEqual(lines.map(theirs));
    },
  );

  it.each(Object.entries(vectors.scenarios))('the scenario "%s" ends in its balances', (_name, scenario) => {
    const expected = Object.entries(scenario.balances).map(([account, amount]): [string, string] => {
      const currency = account.slice(-3);
      const minor = (currency === 'USD' ? usd(amount) : cny(amount)).minor;
      return [`${account.slice(0, 4)} ${currency}`, minor.toString()];
    });
    const lines = scenario.bookings.flatMap((id) =>
      id === 'B18P' && scenario.bookings.includes('B19') ? linesOf(['B18P'], refundA, usToChina) : ours(id),
    );
    expect(balancesOf(lines)).toEqual(Object.fromEntries(expected.sort()));
  });

  it('covers every booking of the paper', () => {
    expect(vectors.bookings.map((booking) => booking.id).filter((id) => CASES[id] === undefined)).toEqual([]);
  });
});

describe('The rules', () => {
  it('name only accounts of the chart, each of which has one row', () => {
    const codes = CHART.map((row) => row.code);
    expect(new Set(codes).size).toBe(codes.length);
    const named = Object.values(RULES).flatMap((lines) => lines.map((line) => line.account));
    expect(named.filter((account) => typeof account === 'string' && !codes.includes(account))).toEqual([]);
  });

  it('book a refund of a collection at the original rate as decided: spread back, result in USD', () => {
    const amounts = {
      atMid: cny('356.64'),
      spread: cny('3.57'),
      refund: cny('360.21'),
      recovered: usd('50.00'),
      net: usd('49.19'),
      result: usd('0.81'),
    };
    expect(linesOf(['B18K'], amounts, chinaToUs).map(inWords)).toEqual([
      '3000 CNY 35664',
      '4050 CNY 357',
      '2150 CNY -36021',
      '1250 USD 5000',
      '3000 USD -4919',
      '4100 USD -81',
    ]);
  });

  it('refuse lines that do not balance, an amount that is missing and a party that is missing', () => {
    expect(() => linesOf(['B04'], { ...a, spread: usd('0.99') }, usToChina)).toThrow(/does not balance in USD/);
    expect(() => linesOf(['B06'], {}, usToChina)).toThrow(/needs the amount fee/);
    expect(() => linesOf(['B05'], a, {})).toThrow(/needs a party|needs the party/);
  });
});
