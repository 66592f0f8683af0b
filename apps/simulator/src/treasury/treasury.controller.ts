import { Controller, Get, Header } from '@nestjs/common';
import { Problem } from '@gateway/platform';
import { SettingsStore } from '../outbound/settings.store';
import { RateFeed, type TreasuryRate } from './rate-feed';

/** Invented euro rates in the order of the daily file; only their shape is the central bank's. */
const EURO_RATES: readonly (readonly [string, string])[] = [
  ['USD', '1.1642'],
  ['JPY', '178.35'],
  ['GBP', '0.8721'],
  ['CHF', '0.9318'],
  ['CNY', '8.3040'],
  ['HKD', '9.0581'],
  ['SGD', '1.5093'],
  ['AUD', '1.7788'],
  ['CAD', '1.6312'],
];

/** Rate sources: the treasury's live feed and a daily comparison file. */
@Controller()
export class TreasuryController {
  constructor(
    private readonly feed: RateFeed,
    private readonly settings: SettingsStore,
  ) {}

  @Get('treasury/rates')
  async rates(): Promise<TreasuryRate> {
    const rate = await this.feed.read();
    if (rate) return rate;
    throw new Problem({ status: 503, code: 'FEED_DOWN', title: 'Feed is down', detail: 'The rate feed is down.' });
  }

  @Get('ecb/eurofxref-daily.xml')
  @Header('content-type', 'text/xml; charset=utf-8')
  async euroRates(): Promise<string> {
    const day = (await this.settings.now()).toISOString().slice(0, 10);
    const cubes = EURO_RATES.map(([currency, rate]) => `\t\t\t<Cube currency='${currency}' rate='${rate}'/>`);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">',
      '\t<gesmes:subject>Reference rates</gesmes:subject>',
      '\t<gesmes:Sender>',
      '\t\t<gesmes:name>Simulated Central Bank</gesmes:name>',
      '\t</gesmes:Sender>',
      '\t<Cube>',
      `\t\t<Cube time='${day}'>`,
      ...cubes,
      '\t\t</Cube>',
      '\t</Cube>',
      '</gesmes:Envelope>',
      '',
    ].join('\n');
  }
}
