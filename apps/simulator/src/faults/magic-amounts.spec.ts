import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BEHAVIOURS } from './fault';
import { MAGIC_AMOUNTS } from './magic-amounts';

const page = readFileSync(path.resolve(__dirname, '../../../../docs/partners.md'), 'utf8');

describe('amounts that misbehave', () => {
  it('are the table of the partner documentation, and no others', () => {
    const lines = page.split('\n').filter((line) => /^\| `6666[0-9]{2}` \|/.test(line));
    const table = lines.map((line) => line.split('|').map((cell) => cell.trim()));
    expect(table.map(([, amount, says]) => [amount, says])).toEqual(
      Object.entries(MAGIC_AMOUNTS).map(([amount, magic]) => [`\`${amount}\``, magic?.says]),
    );
  });

  /** Reliability R9: what networks are known to do wrong. */
  it('play everything that networks are known to do wrong', () => {
    const played = Object.values(MAGIC_AMOUNTS).map((magic) => magic?.does);
    const later = played.filter((does) => does?.behaviour === 'execute_later').map((does) => does?.params.ms);
    expect(later).toEqual(expect.arrayContaining([1_000, 90_000, 1_800_000, 86_400_000]));
    const names = new Set(played.map((does) => does?.behaviour));
    const all = [
      'reverse_later',
      'notify_contradiction',
      'answer_late',
      'notify_twice',
      'notify_other_payment',
      'notify_other_amount',
      'unknown_for_long',
      'http_500',
      'close_connection',
    ] as const;
    expect(all.filter((name) => !names.has(name) || !BEHAVIOURS.includes(name))).toEqual([]);
    expect(played.some((does) => does?.params.body === 'success')).toBe(true);
    expect(played.some((does) => does?.params.copies === 8)).toBe(true);
  });
});
