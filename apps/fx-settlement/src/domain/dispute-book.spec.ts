import { Money } from '@gateway/money';
import fc from 'fast-check';
import { imbalanceOf, type BookingLine } from './booking';
import { postDispute, type DisputeFact } from './dispute-book';
import { UnbookableFact, type PaymentBook, type Posting } from './payment-book';

const usd = (minor: bigint): Money => Money.of(minor, 'USD');
const cny = (minor: bigint): Money => Money.of(minor, 'CNY');
const at = new Date('2026-11-28T23:30:00Z');
const applepay = { id: 'applepay', roles: { receivable: '1100', hold: '1110', float: '1250' } };
const alipay = { id: 'alipay', roles: { receivable: '1150', hold: '1110', float: '1200' } };

/** The ledger paper's payment: USD 100.00 and a fee of 2.00 for CNY 706.15. */
const book: PaymentBook = {
  paymentId: 'pay_a',
  partnerId: 'prt_demo',
  funding: 'hold',
  sourceNetwork: applepay,
  targetNetwork: alipay,
  sourceParty: 'visa',
  amounts: { principal: usd(10_000n), fee: usd(200n), target: cny(70_615n), atMid: usd(9_900n) },
};

function fact(effect: DisputeFact['effect'], more: Partial<DisputeFact> = {}): DisputeFact {
  return { effect, legId: 'dsp_1', gross: usd(10_200n), fee: usd(1_500n), liability: 'gateway', at, ...more };
}
const words = (lines: readonly BookingLine[]): string[] =>
  lines.map(({ account, minor }) =>
    [account.code, account.counterparty, account.currency, minor].filter((part) => part !== '').join(' '),
  );
const itemOf = ({ item }: Posting): unknown[] =>
  item === undefined ? [] : [item.operation, item.counterparty, item.accountCode, item.amount.minor, item.valueDate];

describe('a dispute in the books', () => {
  it('B22: the network takes the gross amount first, and its fee for the dispute', () => {
    const posting = postDispute(book, fact('dispute_opened'));
    expect(words(posting.lines)).toEqual([
      '1300 visa USD 10200',
      '1100 visa USD -10200',
      '5000 USD 1500',
      '1100 visa USD -1500',
    ]);
    expect(itemOf(posting)).toEqual(['chargeback', 'visa', '1100', -11_700n, '2026-11-28']);
    expect([posting.code, posting.legId, posting.network, posting.party]).toEqual([
      'dispute_opened',
      'dsp_1',
      'applepay',
      'visa',
    ]);
  });

  it('B22 without a fee line where the contract with the acquirer has none', () => {
    expect(words(postDispute(book, fact('dispute_opened', { fee: undefined })).lines)).toEqual([
      '1300 visa USD 10200',
      '1100 visa USD -10200',
    ]);
  });

  it('B23W: won, the receivable is back; the fee stays charged', () => {
    const posting = postDispute(book, fact('dispute_won'));
    expect(words(posting.lines)).toEqual(['1100 visa USD 10200', '1300 visa USD -10200']);
    expect(itemOf(posting)).toEqual(['chargeback_reversal', 'visa', '1100', 10_200n, '2026-11-28']);
  });

  it('B23L: lost and the gateway bears it, which is nobody’s to settle', () => {
    const posting = postDispute(book, fact('dispute_lost'));
    expect(words(posting.lines)).toEqual(['5100 USD 10200', '1300 visa USD -10200']);
    expect(itemOf(posting)).toEqual([]);
  });

  it('B23R: lost and the partner bears it, by netting', () => {
    const posting = postDispute(book, fact('dispute_lost', { liability: 'partner' }));
    expect(words(posting.lines)).toEqual(['2100 prt_demo USD 10200', '1300 visa USD -10200']);
    expect(itemOf(posting)).toEqual(['chargeback_recovery', 'prt_demo', '2100', 10_200n, '2026-11-28']);
  });

  it.each<[string, Partial<DisputeFact>]>([
    ['more than was paid', { gross: usd(10_201n) }],
    ['nothing', { gross: usd(0n) }],
    ['another currency', { gross: cny(10_200n) }],
    ['a fee in another currency', { fee: cny(1_500n) }],
  ])('does not book %s', (_, more) => {
    expect(() => postDispute(book, fact('dispute_opened', more))).toThrow(UnbookableFact);
  });

  it('balances in every currency, and however it ends 1300 is empty and the payee’s side untouched', () => {
    const stories = fc.record({
      principal: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      feeOfPayment: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      share: fc.bigInt({ min: 1n, max: 1_000n }),
      fee: fc.option(fc.bigInt({ min: 0n, max: 100_000n }), { nil: undefined }),
      ending: fc.constantFrom('dispute_won' as const, 'dispute_lost' as const),
      liability: fc.constantFrom('partner' as const, 'gateway' as const),
    });
    fc.assert(
      fc.property(stories, ({ principal, feeOfPayment, share, fee, ending, liability }) => {
        const amounts = { ...book.amounts, principal: usd(principal), fee: usd(feeOfPayment) };
        const total = principal + feeOfPayment;
        const gross = usd((total * share + 999n) / 1_000n);
        const more = { gross, fee: fee === undefined ? undefined : usd(fee), liability };
        const postings = (['dispute_opened', ending] as const).map((effect) =>
          postDispute({ ...book, amounts }, fact(effect, more)),
        );
        const lines = postings.flatMap((posting) => posting.lines);
        const balance = (code: string): bigint =>
          lines.filter(({ account }) => account.code === code).reduce((sum, { minor }) => sum + minor, 0n);
        return (
          postings.every((posting) => imbalanceOf(posting.lines) === undefined) &&
          balance('1300') === 0n &&
          balance('1100') === -(fee ?? 0n) - (ending === 'dispute_won' ? 0n : gross.minor) &&
          balance('5100') + balance('2100') === (ending === 'dispute_won' ? 0n : gross.minor) &&
          lines.every(({ account }) => account.currency === 'USD')
        );
      }),
      { numRuns: 1_000, seed: 20261128 },
    );
  });
});
