import fc from 'fast-check';
import { Money, Rate } from '@gateway/money';
import { imbalanceOf } from './booking';
import type { MoneyEffect } from './booking-rules';
import { UnbookableFact, post } from './payment-book';
import type { MoneyFact, PaymentBook, Posting } from './payment-book';
import { priceOffer } from './offer-pricing';

const applepay = { id: 'applepay', roles: { receivable: '1100', hold: '1110', float: '1250' } };
const alipay = { id: 'alipay', roles: { receivable: '1150', hold: '1110', float: '1200' } };
const at = new Date('2026-11-25T17:30:00Z');

const holdBook: PaymentBook = {
  paymentId: 'pay_a',
  partnerId: 'prt_demo',
  funding: 'hold',
  sourceNetwork: applepay,
  targetNetwork: alipay,
  sourceParty: 'visa',
  amounts: {
    principal: Money.of(10_000n, 'USD'),
    fee: Money.of(200n, 'USD'),
    target: Money.of(70_615n, 'CNY'),
    atMid: Money.of(9_900n, 'USD'),
  },
};
const collectBook: PaymentBook = {
  paymentId: 'pay_b',
  partnerId: 'prt_demo',
  funding: 'collect',
  sourceNetwork: alipay,
  targetNetwork: applepay,
  sourceParty: undefined,
  amounts: {
    principal: Money.of(36_021n, 'CNY'),
    fee: Money.of(0n, 'CNY'),
    target: Money.of(5_000n, 'USD'),
    atMid: Money.of(35_664n, 'CNY'),
  },
};

const fact = (effect: MoneyEffect, more: Partial<MoneyFact> = {}): MoneyFact => ({
  effect,
  legId: `leg-${effect}`,
  counterparty: undefined,
  confirmed: undefined,
  at,
  ...more,
});
const words = (posting: Posting): string[] =>
  posting.lines.map((line) =>
    [line.account.code, line.account.counterparty, line.account.currency, line.minor]
      .filter((part) => part !== '')
      .join(' '),
  );

function balances(postings: readonly Posting[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const line of postings.flatMap((posting) => posting.lines)) {
    const name = `${line.account.code} ${line.account.currency}`;
    sums.set(name, (sums.get(name) ?? 0n) + line.minor);
  }
  return sums;
}

describe('A payment whose source holds then captures', () => {
  it('is booked by the credit, and the capture settles the claim', () => {
    expect(words(post(holdBook, fact('hold_funded')))).toEqual(['9000 USD 10200', '9001 USD -10200']);
    expect(words(post(holdBook, fact('credited')))).toEqual([
      '1110 visa USD 10200',
      '2000 USD -10000',
      '2200 USD -200',
      '2000 USD 10000',
      '3000 USD -9900',
      '4050 USD -100',
      '3000 CNY 70615',
      '2050 CNY -70615',
      '2050 CNY 70615',
      '1200 alipay CNY -70615',
      '2200 USD 200',
      '4000 USD -200',
    ]);
    expect(words(post(holdBook, fact('captured')))).toEqual([
      '1100 visa USD 10200',
      '1110 visa USD -10200',
      '9001 USD 10200',
      '9000 USD -10200',
    ]);
  });

  it('is undone by B02 alone when the hold is released, with no FX and no refund', () => {
    expect(words(post(holdBook, fact('hold_released')))).toEqual(['9001 USD 10200', '9000 USD -10200']);
  });

  it('leaves a recovery receivable when the capture is lost, and frees the hold', () => {
    expect(words(post(holdBook, fact('capture_lost')))).toEqual([
      '1350 visa USD 10200',
      '1110 visa USD -10200',
      '9001 USD 10200',
      '9000 USD -10200',
    ]);
  });

  it('books a late success after its release as money to be recovered', () => {
    expect(words(post(holdBook, fact('late_credit')))).toEqual(['1350 alipay CNY 70615', '1200 alipay CNY -70615']);
  });
});

describe('A payment whose source collects at once', () => {
  it('is booked by the collection, then by one booking for conversion, credit and fee', () => {
    expect(words(post(collectBook, fact('collection_funded', { counterparty: 'alipay' })))).toEqual([
      '1150 alipay CNY 36021',
      '2000 CNY -36021',
    ]);
    expect(words(post(collectBook, fact('credited', { counterparty: 'us_payout_bank' })))).toEqual([
      '2000 CNY 36021',
      '3000 CNY -35664',
      '4050 CNY -357',
      '3000 USD 5000',
      '2050 USD -5000',
      '2050 USD 5000',
      '1250 us_payout_bank USD -5000',
    ]);
  });

  it('is returned without FX: first owed, then paid back', () => {
    const returned = [fact('collection_funded'), fact('return_started'), fact('return_confirmed')].map((one) =>
      post(collectBook, one),
    );
    expect([...balances(returned).values()].every((sum) => sum === 0n)).toBe(true);
  });

  it('that the network takes back by itself lowers the claim on it and is to be recovered, in whole or in part', () => {
    const whole = post(collectBook, fact('source_taken_back'));
    expect(words(whole)).toEqual(['1350 alipay CNY 36021', '1150 alipay CNY -36021']);
    expect(whole.item).toMatchObject({ operation: 'release', accountCode: '1150', counterparty: 'alipay' });
    expect(whole.item?.amount.minor).toBe(-36_021n);
    const part = post(collectBook, fact('source_taken_back', { confirmed: Money.of(9_000n, 'CNY') }));
    expect(words(part)).toEqual(['1350 alipay CNY 9000', '1150 alipay CNY -9000']);
    expect(words(post(holdBook, fact('source_taken_back')))).toEqual(['1350 visa USD 10200', '1100 visa USD -10200']);
  });

  it('that the network has taken back owes nobody anything where the payee was not credited', () => {
    const all = ['collection_funded', 'source_taken_back', 'return_started', 'take_back_settled'] as const;
    const sums = balances(all.map((effect) => post(collectBook, fact(effect))));
    expect([...sums.values()].filter((minor) => minor !== 0n)).toEqual([]);
    expect(post(collectBook, fact('take_back_settled')).item).toBeUndefined();
    expect(() => post(holdBook, fact('take_back_settled'))).toThrow(UnbookableFact);
  });

  it('that the network has taken back in parts around our own return owes nobody anything, and its items tie out', () => {
    const part = (minor: bigint): Partial<MoneyFact> => ({ confirmed: Money.of(minor, 'CNY') });
    const posted = [
      fact('collection_funded'),
      fact('source_taken_back', part(9_000n)),
      fact('return_started'),
      fact('take_back_settled', part(9_000n)),
      fact('source_taken_back', part(1_021n)),
      fact('take_back_settled', part(1_021n)),
      fact('return_confirmed', part(26_000n)),
    ].map((one) => post(collectBook, one));
    expect([...balances(posted).values()].filter((minor) => minor !== 0n)).toEqual([]);
    expect(posted.flatMap(({ item }) => item?.amount.minor ?? [])).toEqual([36_021n, -9_000n, -1_021n, -26_000n]);
    expect(() => post(collectBook, fact('return_confirmed', part(36_022n)))).toThrow(UnbookableFact);
  });

  it('is blocked in its own currency', () => {
    expect(words(post(collectBook, fact('blocked')))).toEqual(['2000 CNY 36021', '2400 CNY -36021']);
  });
});

describe('A fact that contradicts', () => {
  it.each<[PaymentBook, MoneyEffect]>([
    [holdBook, 'collection_funded'],
    [holdBook, 'return_started'],
    [holdBook, 'blocked'],
    [collectBook, 'captured'],
    [collectBook, 'hold_funded'],
    [collectBook, 'capture_lost'],
  ])('the kind of its source is not booked (%#)', (book, effect) => {
    expect(() => post(book, fact(effect))).toThrow(UnbookableFact);
  });

  it('the offer by its amount or its currency is not booked', () => {
    expect(() => post(holdBook, fact('credited', { confirmed: Money.of(70_614n, 'CNY') }))).toThrow(UnbookableFact);
    expect(() => post(holdBook, fact('captured', { confirmed: Money.of(10_200n, 'CNY') }))).toThrow(UnbookableFact);
    expect(post(holdBook, fact('credited', { confirmed: Money.of(70_615n, 'CNY') })).code).toBe('credited');
  });
});

describe('A credit of which a part came back', () => {
  const part = Money.of(10_000n, 'CNY');

  it('books that part, and what becomes of it, and nothing else of the payment can be a part', () => {
    const back = post(holdBook, fact('credit_returned', { confirmed: part }));
    expect(back.lines.map(({ account, minor }) => `${account.code} ${minor}`)).toEqual(['1200 10000', '2050 -10000']);
    expect(back.item?.amount).toEqual(part);
    const kept = post(holdBook, fact('return_kept', { confirmed: part }));
    expect(kept.lines.map(({ account, minor }) => `${account.code} ${account.counterparty} ${minor}`)).toEqual([
      '2050  10000',
      `2120 ${holdBook.partnerId} -10000`,
    ]);
    expect(kept.item).toBeUndefined();
    expect(() => post(holdBook, fact('credit_returned', { confirmed: Money.of(70_616n, 'CNY') }))).toThrow(
      UnbookableFact,
    );
    expect(() => post(holdBook, fact('credited', { confirmed: part }))).toThrow(UnbookableFact);
  });
});

describe('Settlement items', () => {
  it('are written for confirmed legs, signed as the counterparty sees them, on its own day', () => {
    const item = (book: PaymentBook, effect: MoneyEffect): string => {
      const { item: found } = post(book, fact(effect));
      if (found === undefined) return 'none';
      return `${found.network} ${found.counterparty} ${found.operation} ${found.accountCode} ${found.amount.minor} ${found.valueDate}`;
    };
    expect(item(holdBook, 'hold_funded')).toBe('none');
    expect(item(holdBook, 'credited')).toBe('alipay alipay credit 1200 -70615 2026-11-26');
    expect(item(holdBook, 'captured')).toBe('applepay visa capture 1100 10200 2026-11-25');
    expect(item(collectBook, 'collection_funded')).toBe('alipay alipay collect 1150 36021 2026-11-26');
    expect(item(collectBook, 'return_confirmed')).toBe('alipay alipay release 1150 -36021 2026-11-26');
    expect(item(holdBook, 'capture_lost')).toBe('none');
    expect(item(holdBook, 'credit_returned')).toBe('alipay alipay return 1200 70615 2026-11-26');
    expect(item(holdBook, 'return_corrected')).toBe('alipay alipay credit 1200 -70615 2026-11-26');
  });
});

/** Every way a payment can end, by the kind of its source. */
const ENDS: Record<'hold' | 'collect', MoneyEffect[][]> = {
  hold: [
    ['hold_funded', 'credited', 'captured'],
    ['hold_funded', 'credited', 'captured', 'credit_returned', 'return_corrected'],
    ['hold_funded', 'credited', 'captured', 'credit_returned', 'return_kept'],
    ['hold_funded', 'hold_released'],
    ['hold_funded', 'credited', 'capture_lost'],
    ['hold_funded', 'credited', 'captured', 'source_taken_back'],
    ['hold_funded', 'hold_released', 'late_credit'],
  ],
  collect: [
    ['collection_funded', 'credited'],
    ['collection_funded', 'credited', 'credit_returned', 'return_corrected'],
    ['collection_funded', 'credited', 'credit_returned', 'return_kept'],
    ['collection_funded', 'return_started', 'return_confirmed'],
    ['collection_funded', 'return_started', 'return_confirmed', 'late_credit'],
    ['collection_funded', 'blocked'],
    ['collection_funded', 'credited', 'source_taken_back'],
    ['collection_funded', 'source_taken_back', 'credited'],
    ['collection_funded', 'source_taken_back', 'return_started', 'take_back_settled'],
  ],
};

describe('For any amount, rate, mark-up and fee', () => {
  const price = fc.record({
    markUpBps: fc.integer({ min: 0, max: 500 }),
    feeFixed: fc.bigInt(0n, 1_000n),
    feeBps: fc.integer({ min: 0, max: 300 }),
    commissionBps: fc.integer({ min: 0, max: 100 }),
    minimum: fc.constant(1n),
    maximum: fc.constant(10n ** 15n),
  });
  const setup = fc.record({
    price,
    scaled: fc.bigInt(600_000_000n, 800_000_000n),
    minor: fc.bigInt(1n, 10n ** 12n),
    fixedSide: fc.constantFrom('source' as const, 'target' as const),
    funding: fc.constantFrom('hold' as const, 'collect' as const),
  });

  it('every booking balances in each currency, and a finished payment leaves 2000, 2050, 2200 and 1110 at zero (I1, I2)', () => {
    fc.assert(
      fc.property(setup, ({ price: terms, scaled, minor, fixedSide, funding }) => {
        const template = funding === 'hold' ? holdBook : collectBook;
        const sourceCurrency = template.amounts.principal.currency.code;
        const currency = fixedSide === 'source' ? sourceCurrency : template.amounts.target.currency.code;
        const priced = priceOffer({
          fixedSide,
          amount: Money.of(minor, currency),
          sourceCurrency,
          mid: Rate.ofScaled('USD', 'CNY', scaled),
          price: terms,
        });
        fc.pre(priced.ok);
        const book = { ...template, amounts: priced.offer };
        for (const end of ENDS[funding]) {
          const postings = end.map((effect) => post(book, fact(effect)));
          expect(postings.map((posting) => imbalanceOf(posting.lines))).toEqual(postings.map(() => undefined));
          const sums = balances(postings);
          const open = [...sums].filter(
            ([name, sum]) => /^(2000|2050|2150|2200|1110|9000|9001) /.test(name) && sum !== 0n,
          );
          expect(open).toEqual([]);
        }
      }),
    );
  });
});
