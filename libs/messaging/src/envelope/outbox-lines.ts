import type { WireRecord } from './cloud-event';

/**
 * The outbox keeps the records of one topic and transaction as text, two lines each: `partition TAB key TAB traceparent`,
 * then the bytes, which JSON never breaks into lines. So a record is serialised once in its life and read back by a split.
 */
export function writeLines(records: readonly WireRecord[]): string {
  let text = '';
  for (const { partition, key, traceparent, value } of records)
    text += `${partition}\t${key}\t${traceparent ?? ''}\n${value}\n`;
  return text;
}

export function readLines(text: string): WireRecord[] {
  const lines = text.split('\n');
  const records: WireRecord[] = [];
  for (let line = 0; line + 1 < lines.length; line += 2) {
    const [partition, key, traceparent] = lines[line]!.split('\t');
    records.push({
      partition: Number(partition),
      key: key!,
      traceparent: traceparent === '' ? null : traceparent!,
      value: lines[line + 1]!,
    });
  }
  return records;
}
