import { readFile } from 'node:fs/promises';
import type { SourceRate } from '../domain/rate-policy';
import { readEcbFile } from '../domain/ecb-file';
import { RateSource } from '../use-cases/rate-source';
import { fetchText } from './http-text';

/** ECB's daily reference rates, from an address or from a file on disk. The comparison only: nobody deals at it. */
export class EcbRateSource extends RateSource {
  readonly name = 'ecb';

  constructor(private readonly location: string) {
    super();
  }

  async fetch(): Promise<SourceRate> {
    const overHttp = /^https?:/.test(this.location);
    const cross = readEcbFile(overHttp ? await fetchText(this.location) : await readFile(this.location, 'utf8'));
    if (cross === undefined) throw new Error('not a file of euro reference rates with USD and CNY');
    return { source: this.name, mid: cross.mid, asOf: new Date(`${cross.date}T00:00:00Z`) };
  }
}
