import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';

/** Business time of this simulator. */
@Injectable()
export class TestClockStore {
  constructor(private readonly database: Database) {}

  async setOffset(milliseconds: number): Promise<Date> {
    await this.database.query(`UPDATE test_clock SET clock_offset = $1 * interval '1 millisecond'`, [milliseconds]);
    const [row] = await this.database.query<{ now: Date }>('SELECT clock_now() AS now');
    return row!.now;
  }
}
