import { convert, Money, Rate, refundShare } from '@gateway/money';
import fc from 'fast-check';
import { imbalanceOf } from './booking';
import type { PaymentBook } from './payment-book';
import { postFundedRefund } from './refund-book';
import type { BookedRefund } from './refund-book';
import { movedAt } from './refund-rule';
import type { RefundSides, RefundTerms } from './refund-rule';

const usd = (minor: bigint): Money => Money.of(minor, 'USD');
const cny = (minor: bigint): Money => Money.of(minor, 'CNY');
const rate = (text: string): Rate => Rate.parse('USD', 'CNY', text)!;
const RULES: RefundTerms[] = [
  { rule: 'R1', bearer: null },
  { rule: 'R2', bearer: null },
  { rule: 'R3', bearer: null },
  { rule: 'R4', bearer: 'gateway' },
  { rule: 'R4', bearer: 'payer' },
  { rule: 'R4', bearer: 'payee' },
];
const nameOf = ({ rule, bearer }: RefundTerms): string => `${rule} ${bearer ?? ''}`.trim();
const WHOLE = { source: usd(10_000n), target: cny(70_615n) };
const at = new Date('2026-11-26T10:00:00Z');
const applepay = { id: 'applepay', roles: { receivable: '1100', hold: '1110', float: '1250' } };
const alipay = { id: 'alipay', roles: { receivable: '1150', hold: '1110', float: '1200' } };

/** What moves of the worked example, USD 100.00 for CNY 706.15, when the mid is this. */
function moved(terms: RefundTerms, mid: string): string {
  const { source, target } = movedAt(terms, WHOLE, rate(mid));
  return `${source.minor} ${target.minor}`;
}

describe('what moves for a refund', () => {
  it.each([
    // The yuan has fallen: what the payee's side has is worth less.
    [
      '7.25',
      {
        R1: '10000 70615',
        R2: '9740 70615',
        R3: '9740 70615',
        'R4 gateway': '10000 70615',
        'R4 payer': '9740 70615',
        'R4 payee': '10000 70615',
      },
    ],
    // It has risen: less of it makes the payer whole.
    [
      '7.00',
      {
        R1: '10000 70615',
        R2: '10000 70000',
        R3: '10000 70000',
        'R4 gateway': '10000 70615',
        'R4 payer': '10000 70615',
        'R4 payee': '10000 70000',
      },
    ],
  ])('follows the rule at a mid of %s (B18C)', (mid, expected) => {
    expect(Object.fromEntries(RULES.map((terms) => [nameOf(terms), moved(terms, mid)]))).toEqual(expected);
  });
});

const payment = fc.record({
  principal: fc.bigInt(2n, 5_000_000n),
  markUp: fc.bigInt(0n, 300n),
  mid: fc.integer({ min: 60_000, max: 85_000 }),
  paysDollars: fc.boolean(),
});
const wanted = fc.record({
  parts: fc.bigInt(1n, 1_000n),
  mid: fc.integer({ min: 50_000, max: 95_000 }),
  bearer: fc.constantFrom('gateway' as const, 'payer' as const, 'payee' as const),
});

interface Story {
  principal: bigint;
  markUp: bigint;
  mid: number;
  paysDollars: boolean;
}

function bookOf({ principal, markUp, mid, paysDollars }: Story): PaymentBook | null {
  const source = Money.of(principal, paysDollars ? 'USD' : 'CNY');
  const fair = convert(source, rate(`${mid / 10_000}`));
  const target = Money.of(fair.minor - (fair.minor * markUp) / 10_000n, fair.currency);
  if (!target.isPositive) return null;
  const atMid = convert(target, rate(`${mid / 10_000}`));
  const [from, to] = paysDollars ? [applepay, alipay] : [alipay, applepay];
  return {
    paymentId: 'pay_a',
    partnerId: 'prt_demo',
    funding: paysDollars ? 'hold' : 'collect',
    sourceNetwork: from,
    targetNetwork: to,
    sourceParty: from.id,
    amounts: {
      principal: source,
      fee: Money.zero(source.currency),
      target,
      atMid: atMid.compare(source) > 0 ? source : atMid,
    },
  };
}

/** The shares of refunds of these parts per thousand, the last of which takes what is left; dust is refused. */
function sharesOf({ amounts: { principal, target } }: PaymentBook, parts: readonly bigint[]): RefundSides[] {
  const shares: RefundSides[] = [];
  const sum = (of: (one: RefundSides) => Money, zero: Money): Money =>
    shares.reduce((all, one) => all.plus(of(one)), zero);
  for (const [place, part] of parts.entries()) {
    const before = {
      source: sum((one) => one.source, Money.zero(principal.currency)),
      target: sum((one) => one.target, Money.zero(target.currency)),
    };
    const left = principal.minus(before.source);
    const asked = Money.of((principal.minor * part) / 1_000n, principal.currency);
    const source = place === parts.length - 1 || asked.compare(left) > 0 ? left : asked;
    if (!source.isPositive) continue;
    const other = refundShare(principal, target, before.target, { refundedBefore: before.source, refundNow: source });
    if (other.isPositive) shares.push({ source, target: other });
  }
  return shares;
}

describe('refunds under every rule, whatever the rates do between them', () => {
  it.each(['R1', 'R2', 'R3', 'R4'] as const)(
    '%s: never move more than their share or the payment on either side, add up to it where the gateway bears the move, and balance',
    (rule) => {
      fc.assert(
        fc.property(payment, fc.array(wanted, { minLength: 1, maxLength: 8 }), (story, list) => {
          const book = bookOf(story);
          if (book === null) return;
          const shares = sharesOf(
            book,
            list.map(({ parts }) => parts),
          );
          const before: BookedRefund[] = [];
          for (const [place, share] of shares.entries()) {
            const { mid, bearer } = list[place]!;
            const terms: RefundTerms = { rule, bearer: rule === 'R4' ? bearer : null };
            const sides = movedAt(terms, share, rate(`${mid / 10_000}`));
            expect(sides.source.compare(share.source) <= 0 && sides.target.compare(share.target) <= 0).toBe(true);
            if (!sides.source.isPositive || !sides.target.isPositive) continue; // refused as too small
            const { posting, refund } = postFundedRefund(
              book,
              {
                effect: 'refund_funded',
                refundId: `rfd_${place}`,
                legId: '',
                ...terms,
                ...sides,
                mid: rate(`${mid / 10_000}`),
                isFromReturn: false,
                counterparty: undefined,
                at,
              },
              before,
            );
            expect(imbalanceOf(posting.lines)).toBeUndefined();
            // At the rate of the day nobody but the two sides bears anything, and the mark-up stays earned.
            if (rule === 'R2' || rule === 'R3') expect([refund.result.minor, refund.spread.minor]).toEqual([0n, 0n]);
            before.push(refund);
          }
          const total = (of: (one: RefundSides) => Money): bigint =>
            before.reduce((sum, one) => sum + of(one).minor, 0n);
          const { principal, target } = book.amounts;
          expect(total((one) => one.source) <= principal.minor && total((one) => one.target) <= target.minor).toBe(
            true,
          );
          const shared = shares.reduce((sum, { source }) => sum + source.minor, 0n);
          if (rule === 'R1' && shared === principal.minor)
            expect([total((one) => one.source), total((one) => one.target)]).toEqual([principal.minor, target.minor]);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('in parts at one rate move what one refund moves, to within a unit a part', () => {
    fc.assert(
      fc.property(
        payment,
        fc.array(wanted, { minLength: 2, maxLength: 6 }),
        fc.constantFrom(...RULES),
        (story, list, terms) => {
          const book = bookOf(story);
          if (book === null) return;
          const mid = rate(`${list[0]!.mid / 10_000}`);
          const shares = sharesOf(
            book,
            list.map(({ parts }) => parts),
          );
          if (shares.length === 0) return;
          const whole = shares.reduce((sum, one) => ({
            source: sum.source.plus(one.source),
            target: sum.target.plus(one.target),
          }));
          const inOne = movedAt(terms, whole, mid);
          const inParts = shares.map((share) => movedAt(terms, share, mid));
          for (const side of ['source', 'target'] as const) {
            const sum = inParts.reduce((all, one) => all + one[side].minor, 0n);
            // Half a unit of either currency per rounding, and a unit of dollars is worth at most ten of yuan.
            const allowed = BigInt(shares.length + 1) * 10n;
            const gap = sum - inOne[side].minor;
            expect((gap < 0n ? -gap : gap) <= allowed).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
