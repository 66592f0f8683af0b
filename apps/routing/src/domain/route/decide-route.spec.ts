import { licenceFor } from './clearing-licence';
import { decideRoute, missingIn, type RouteQuestion } from './decide-route';
import type { SettlementBank } from './settlement-bank';

const QUESTION: RouteQuestion = {
  source: {
    network: 'applepay',
    country: 'US',
    scheme: 'visa',
    currency: 'USD',
    funding: { goods: 'hold', services: 'hold', person_to_person: 'collect' },
  },
  target: { network: 'alipay', country: 'CN', scheme: 'alipay', currency: 'CNY', credit: { goods: true } },
  purpose: 'goods',
  day: '2026-11-28',
};
const verdicts = (question: RouteQuestion): string[] =>
  decideRoute(question).candidates.map(({ name, verdict }) => `${name} ${verdict}`);

describe('a route with its reasons', () => {
  it('names every candidate, why each was refused, and what was chosen', () => {
    expect(verdicts(QUESTION)).toEqual([
      'applepay.hold chosen',
      'applepay.collect NOT_FOR_THIS_PURPOSE',
      'alipay.credit chosen',
      'visa.US.domestic_clearing chosen',
      'us_settlement_bank chosen',
      'cn_city_bank NO_CORRIDOR_LICENCE',
      'cn_settlement_bank chosen',
    ]);
    expect(missingIn(decideRoute(QUESTION))).toBeNull();
  });

  it('pulls where people pay each other, and finds nothing where the instrument cannot', () => {
    const between = { ...QUESTION, purpose: 'person_to_person' as const };
    expect(verdicts(between).slice(0, 3)).toEqual([
      'applepay.hold NOT_FOR_THIS_PURPOSE',
      'applepay.collect chosen',
      'alipay.credit NOT_FOR_THIS_PURPOSE',
    ]);
    expect(missingIn(decideRoute(between))).toBe('credit');
    const unable = { ...QUESTION, source: { ...QUESTION.source, funding: {} } };
    expect(missingIn(decideRoute(unable))).toBe('fund');
  });

  it('is refused where a bank has no active licence for the corridor; another bank is a row of data', () => {
    const banks: SettlementBank[] = [
      { id: 'a', currency: 'USD', licence: 'national_bank', corridors: [{ with: 'CNY', from: '2020-01-01' }] },
      {
        id: 'b',
        currency: 'CNY',
        licence: 'joint_stock_bank',
        corridors: [{ with: 'USD', from: '2020-01-01', to: '2026-11-28' }],
      },
    ];
    const on = (day: string): unknown => missingIn(decideRoute({ ...QUESTION, day }, { licences: LICENCES, banks }));
    expect([on('2026-11-27'), on('2026-11-28')]).toEqual([null, 'settle']);
    banks.push({ ...banks[1]!, id: 'c', corridors: [{ with: 'USD', from: '2026-01-01' }] });
    expect(on('2026-11-28')).toBeNull();
  });
});

const LICENCES = [
  { scheme: 'visa', country: 'US', activity: 'domestic_clearing', basis: 'none_needed', from: '1970-01-01' },
] as const;

describe('the clearing of cards in China', () => {
  const basis = (scheme: string, activity: 'domestic_clearing' | 'cross_border', day: string): string | undefined =>
    licenceFor({ scheme, country: 'CN', activity }, day)?.basis;

  it('is refused on domestic CNY to Visa, allowed to Amex from August 2020 and to Mastercard from 9 May 2024', () => {
    expect(['2014-10-29', '2026-11-28'].map((day) => basis('visa', 'domestic_clearing', day))).toEqual([
      undefined,
      undefined,
    ]);
    expect(['2020-07-31', '2020-08-01'].map((day) => basis('amex', 'domestic_clearing', day))).toEqual([
      undefined,
      'licence',
    ]);
    expect(['2024-05-08', '2024-05-09'].map((day) => basis('mastercard', 'domestic_clearing', day))).toEqual([
      undefined,
      'licence',
    ]);
  });

  it('needs a report only across the border, and is the same request refused on 31 May 2015 and allowed a day later', () => {
    expect(['2015-05-31', '2015-06-01'].map((day) => basis('visa', 'cross_border', day))).toEqual([
      undefined,
      'report',
    ]);
  });

  it('stops a card of a scheme without a licence before any money step', () => {
    const side = { network: 'cards-cn', country: 'CN', currency: 'CNY', funding: { goods: 'hold' } } as const;
    const target = { network: 'applepay', country: 'US', scheme: 'visa', currency: 'USD', credit: { goods: true } };
    const missing = (scheme: string): unknown =>
      missingIn(decideRoute({ ...QUESTION, source: { ...side, scheme }, target }));
    expect([missing('visa'), missing('amex'), missing('mastercard')]).toEqual(['clear', null, null]);
  });
});
