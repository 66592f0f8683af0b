import { Rate } from '@gateway/money';

/** CNY per USD as ECB's reference file implies it, with its date (`YYYY-MM-DD`). */
export interface EcbCross {
  readonly mid: Rate;
  readonly date: string;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/**
 * Reads ECB's euro reference rates and crosses CNY per EUR with USD per EUR on the newest day that has both: the CSV
 * files (daily and historical) or the XML feed. Undefined for a text that is none of them.
 */
export function readEcbFile(text: string): EcbCross | undefined {
  return text.trimStart().startsWith('<') ? readXml(text) : readCsv(text);
}

/**
 * The CSV files end every row with a comma, write `N/A` for a missing value, pad with spaces (the daily file) and print
 * the newest day first; columns come and go, so they are found by name.
 */
function readCsv(text: string): EcbCross | undefined {
  const [header = [], ...rows] = text.split(/\r?\n/).map((line) => line.split(',').map((cell) => cell.trim()));
  const columns = { usd: header.indexOf('USD'), cny: header.indexOf('CNY') };
  if (header[0] !== 'Date' || columns.usd < 0 || columns.cny < 0) return undefined;
  for (const row of rows) {
    const cross = crossOf(row[0], row[columns.usd], row[columns.cny]);
    if (cross !== undefined) return cross;
  }
  return undefined;
}

/** The XML feed nests `Cube` three deep: the list, a day with its `time`, a currency with its `rate`. */
function readXml(text: string): EcbCross | undefined {
  for (const day of text.split(/<Cube time=/).slice(1)) {
    const cross = crossOf(/^["']([0-9-]{10})["']/.exec(day)?.[1], cubeRate(day, 'USD'), cubeRate(day, 'CNY'));
    if (cross !== undefined) return cross;
  }
  return undefined;
}

function cubeRate(day: string, currency: string): string | undefined {
  return new RegExp(`<Cube currency=["']${currency}["'] rate=["']([0-9.]{1,20})["']`).exec(day)?.[1];
}

function crossOf(day: string | undefined, usd: string | undefined, cny: string | undefined): EcbCross | undefined {
  const date = dateOf(day ?? '');
  const usdPerEur = Rate.parse('EUR', 'USD', usd);
  const cnyPerEur = Rate.parse('EUR', 'CNY', cny);
  if (date === undefined || usdPerEur === undefined || cnyPerEur === undefined) return undefined;
  return { mid: Rate.cross(cnyPerEur, usdPerEur), date };
}

/** `2026-04-13` as the historical file writes it, or `13 April 2026` as the daily one does. */
function dateOf(cell: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(cell)) return cell;
  const [day, month, year] = cell.split(' ');
  const number = MONTHS.indexOf(month ?? '') + 1;
  if (number === 0 || !/^\d{1,2}$/.test(day ?? '') || !/^\d{4}$/.test(year ?? '')) return undefined;
  return `${year}-${String(number).padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
}
