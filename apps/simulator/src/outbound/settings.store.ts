import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';

/** What a reset empties, referring tables first. */
const HAPPENINGS = [
  'movement',
  'fault',
  'marker_use',
  'deferred_request',
  'notification',
  'card_token',
  'card_action',
  'card_payment',
  'idempotency_key',
  'ams_refund',
  'ams_payment',
  'transfer',
  'partner_event',
  'partner_refusal',
] as const;

/** Key material that is made once, and switches that tests set; JSON by name. */
@Injectable()
export class SettingsStore {
  constructor(private readonly database: Database) {}

  async read<T>(name: string): Promise<T | undefined> {
    const [row] = await this.database.query<{ value: T }>(
      'SELECT value FROM setting WHERE name = $1',
      [name],
      'setting_read',
    );
    return row?.value;
  }

  async write(name: string, value: unknown): Promise<void> {
    await this.database.query(
      'INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value',
      [name, JSON.stringify(value)],
    );
  }

  /** The stored value, else the made one; of two processes that make it at once, the first one's stands. */
  async once<T>(name: string, make: () => T | Promise<T>): Promise<T> {
    const known = await this.read<T>(name);
    if (known !== undefined) return known;
    await this.database.query('INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      name,
      JSON.stringify(await make()),
    ]);
    return (await this.read<T>(name)) as T;
  }

  async now(): Promise<Date> {
    const [row] = await this.database.query<{ now: Date }>('SELECT clock_now() AS now', [], 'clock_now');
    return row?.now ?? new Date(0);
  }

  /** Moves business time: all expiries, schedules and validities of the simulator follow. */
  async setClockOffset(milliseconds: number): Promise<void> {
    await this.database.query(`UPDATE test_clock SET clock_offset = $1 * interval '1 millisecond'`, [milliseconds]);
  }

  /** Forgets everything that happened; key material and switches named in `keep` stay. */
  async reset(keep: readonly string[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const table of HAPPENINGS) await tx.query(`DELETE FROM ${table}`);
      await tx.query('DELETE FROM setting WHERE NOT name = ANY ($1)', [keep]);
      await tx.query(`UPDATE test_clock SET clock_offset = interval '0'`);
    });
  }
}
