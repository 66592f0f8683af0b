import { Money, Rate, refundShare } from '@gateway/money';
import fc from 'fast-check';
import { imbalanceOf } from './booking';
import { LimitBoard, limitsOfRefund } from './limit-board';
import type { PaymentBook, Posting } from './payment-book';
import { postFundedRefund, postPaidRefund, postWithdrawnRefund } from './refund-book';
import type { BookedRefund, RefundFact } from './refund-book';
import { movedAt } from './refund-rule';
import { ReservationDesk } from './reservation-desk';
import type { SpendingLimit } from './spending-limit';

const usd = (minor: bigint): Money => Money.of(minor, 'USD');
const cny = (minor: bigint): Money => Money.of(minor, 'CNY');
const at = new Date('2026-11-26T10:00:00Z');
const rate = (text: string): Rate => Rate.parse('USD', 'CNY', text)!;
const applepay = { id: 'applepay', roles: { receivable: '1100', hold: '1110', float: '1250' } };
const alipay = { id: 'alipay', roles: { receivable: '1150', hold: '1110', float: '1200' } };

/** The ledger paper's payment: USD 100.00 for CNY 706.15 at mid 7.1328. */
const fromCard: PaymentBook = {
  paymentId: 'pay_a',
  partnerId: 'prt_demo',
  funding: 'hold',
  sourceNetwork: applepay,
  targetNetwork: alipay,
  sourceParty: 'visa',
  amounts: { principal: usd(10_000n), fee: usd(200n), target: cny(70_615n), atMid: usd(9_900n) },
};
const fromAlipay: PaymentBook = {
  ...fromCard,
  paymentId: 'pay_b',
  funding: 'collect',
  sourceNetwork: alipay,
  targetNetwork: applepay,
  sourceParty: 'alipay',
  amounts: { principal: cny(36_021n), fee: cny(0n), target: usd(5_000n), atMid: cny(35_664n) },
};

function fact(source: Money, target: Money, more: Partial<RefundFact> = {}): RefundFact {
  const mid = rate('7.25');
  const funded = {
    refundId: 'rfd_1',
    legId: 'rfd_1-fund',
    source,
    target,
    mid,
    isFromReturn: false,
    counterparty: undefined,
    at,
  };
  return { effect: 'refund_funded', rule: 'R1', bearer: null, ...funded, ...more };
}
const paid = <E extends Exclude<RefundFact['effect'], 'refund_funded' | 'refund_withdrawn'>>(
  effect: E,
  counterparty: string,
): RefundFact & { effect: E } => ({ ...fact(usd(4_000n), cny(28_246n), { counterparty }), effect });
const words = (posting: Posting): string[] =>
  posting.lines.map(({ account, minor }) =>
    [account.code, account.counterparty, account.currency, minor].filter((part) => part !== '').join(' '),
  );

describe('a funded refund of a card payment', () => {
  it('books a full one as B18: the rate moved by 1.6 % and the gateway bears 1.60', () => {
    const { posting } = postFundedRefund(fromCard, fact(usd(10_000n), cny(70_615n)), []);
    expect(words(posting)).toEqual([
      '2120 prt_demo CNY 70615',
      '3000 CNY -70615',
      '3000 USD 9740',
      '4050 USD 100',
      '4100 USD 160',
      '2150 USD -10000',
    ]);
  });

  it('takes its money out of the credit that came back, where there is one, and not from the partner', () => {
    const { posting } = postFundedRefund(fromCard, fact(usd(10_000n), cny(70_615n), { isFromReturn: true }), []);
    expect(words(posting).slice(0, 2)).toEqual(['2050 CNY 70615', '3000 CNY -70615']);
    const back = postFundedRefund(fromAlipay, fact(cny(36_021n), usd(5_000n), { isFromReturn: true }), []);
    expect(words(back.posting)).toContain('2050 USD 5000');
  });

  it('books 40 % and the remainder as B19 and B19L, which end where B18 ends', () => {
    const first = postFundedRefund(fromCard, fact(usd(4_000n), cny(28_246n)), []);
    const last = postFundedRefund(fromCard, fact(usd(6_000n), cny(42_369n), { refundId: 'rfd_2' }), [first.refund]);
    expect(words(first.posting).slice(2)).toEqual(['3000 USD 3896', '4050 USD 40', '4100 USD 64', '2150 USD -4000']);
    expect(words(last.posting).slice(2)).toEqual(['3000 USD 5844', '4050 USD 60', '4100 USD 96', '2150 USD -6000']);
  });

  it('books a gain where the rate moved the other way', () => {
    const { refund, posting } = postFundedRefund(fromCard, fact(usd(10_000n), cny(70_615n), { mid: rate('7.05') }), []);
    expect(refund.result.minor).toBe(116n);
    expect(words(posting)).toContain('4100 USD -116');
  });

  it('is paid by the network as B18P, with a settlement item that lowers what the scheme owes', () => {
    const sent = postPaidRefund(fromCard, paid('refund_sent', 'visa'));
    expect(words(sent)).toEqual(['2150 USD 4000', '1100 visa USD -4000']);
    expect(sent.item).toMatchObject({ operation: 'refund', accountCode: '1100', amount: usd(-4_000n) });
  });
});

describe('a refund that no network pays back the way it came', () => {
  it('to another instrument comes out of the float at the payer’s network, with a settlement item that lowers it', () => {
    const elsewhere = postPaidRefund(fromCard, paid('refund_sent_elsewhere', 'us_payout_bank'));
    expect(words(elsewhere)).toEqual(['2150 USD 4000', '1250 us_payout_bank USD -4000']);
    expect(elsewhere.item).toMatchObject({ operation: 'credit', accountCode: '1250', amount: usd(-4_000n) });
  });

  it('by hand comes out of our bank account, and settles nothing with a network', () => {
    const byHand = postPaidRefund(fromCard, paid('refund_paid_by_hand', 'visa'));
    expect(words(byHand)).toEqual(['2150 USD 4000', '1000 settlement_bank USD -4000']);
    expect(byHand.item).toBeUndefined();
  });
});

describe('a funded refund of an Alipay payment', () => {
  it('gives the spread back and books the result in dollars, as decided', () => {
    const { posting } = postFundedRefund(fromAlipay, fact(cny(36_021n), usd(5_000n)), []);
    expect(words(posting)).toEqual([
      '3000 CNY 35664',
      '4050 CNY 357',
      '2150 CNY -36021',
      '2120 prt_demo USD 5000',
      '3000 USD -4919',
      '4100 USD -81',
    ]);
  });
});

describe('a refund that cannot be booked', () => {
  it('exceeds the payment on either side, or has no rate', () => {
    const { refund } = postFundedRefund(fromCard, fact(usd(4_000n), cny(28_246n)), []);
    const second = (source: bigint, target: bigint) => () =>
      postFundedRefund(fromCard, fact(usd(source), cny(target), { refundId: 'rfd_2' }), [refund]);
    expect(second(6_001n, 42_369n)).toThrow(/exceed/);
    expect(second(6_000n, 42_370n)).toThrow(/exceed/);
    expect(() => postFundedRefund(fromCard, fact(usd(1n), cny(7n), { mid: undefined }), [])).toThrow(/no rate/);
  });
});

describe('refunds in parts', () => {
  it('balance one by one, whatever the rate, and give the whole mark-up back in the end, never more', () => {
    const parts = fc.array(
      fc.record({ minor: fc.bigInt(1n, 40_000n), mid: fc.integer({ min: 60_000, max: 85_000 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(parts, fc.bigInt(0n, 500n), fc.boolean(), (wanted, markUp, functional) => {
        const paid = wanted.reduce((sum, { minor }) => sum + minor, 0n);
        const source = (minor: bigint): Money => Money.of(minor, functional ? 'USD' : 'CNY');
        const target = Money.of(paid * 7n, functional ? 'CNY' : 'USD');
        const atMid = source(paid - (paid * markUp) / 10_000n);
        const amounts = { principal: source(paid), fee: source(0n), target, atMid };
        const book = { ...(functional ? fromCard : fromAlipay), amounts };
        const before: BookedRefund[] = [];
        for (const [place, { minor, mid }] of wanted.entries()) {
          const sum = before.reduce((all, refund) => all.plus(refund.target), Money.zero(target.currency));
          const sources = before.reduce((all, refund) => all.plus(refund.source), source(0n));
          const share = refundShare(amounts.principal, target, sum, {
            refundedBefore: sources,
            refundNow: source(minor),
          });
          const one = fact(source(minor), share, { refundId: `rfd_${place}`, mid: rate(`${mid / 10_000}`) });
          const { posting, refund } = postFundedRefund(book, one, before);
          expect(imbalanceOf(posting.lines)).toBeUndefined();
          before.push(refund);
        }
        const spread = before.reduce((all, refund) => all.plus(refund.spread), source(0n));
        expect(spread.minor).toBe(paid - atMid.minor);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a refund that is withdrawn', () => {
  const withdrawn = (source: Money, target: Money, more: Partial<RefundFact> = {}): RefundFact =>
    fact(source, target, { ...more, effect: 'refund_withdrawn' });
  const TERMS = [
    { rule: 'R1', bearer: null },
    { rule: 'R2', bearer: null },
    { rule: 'R3', bearer: null },
    { rule: 'R4', bearer: 'gateway' },
    { rule: 'R4', bearer: 'payer' },
    { rule: 'R4', bearer: 'payee' },
  ] as const;

  it('leaves every account as it was before it was funded, line by line, whatever rule, rate and source of its money', () => {
    const sides = fc.record({
      terms: fc.constantFrom(...TERMS),
      minor: fc.bigInt(200n, 10_000n),
      mid: fc.integer({ min: 60_000, max: 85_000 }),
      today: fc.integer({ min: 60_000, max: 85_000 }),
      isFromReturn: fc.boolean(),
      functional: fc.boolean(),
    });
    fc.assert(
      fc.property(sides, ({ terms, minor, mid, today, isFromReturn, functional }) => {
        const book = functional ? fromCard : fromAlipay;
        const whole = functional
          ? { source: usd(minor), target: cny(minor * 7n) }
          : { source: cny(minor), target: usd(minor / 10n) };
        const isOurs = terms.rule === 'R1' || terms.bearer === 'gateway';
        const { source, target } = isOurs ? whole : movedAt(terms, whole, rate(`${mid / 10_000}`));
        const shared = { ...terms, isFromReturn };
        const funded = postFundedRefund(book, fact(source, target, { ...shared, mid: rate(`${mid / 10_000}`) }), []);
        const told = withdrawn(source, target, { ...shared, mid: rate(`${today / 10_000}`) });
        const back = postWithdrawnRefund(book, told, [funded.refund]);
        expect(back.posting.lines).toEqual(funded.posting.lines.map((line) => ({ ...line, minor: -line.minor })));
        expect([imbalanceOf(back.posting.lines), back.posting.code]).toEqual([undefined, 'refund_withdrawn']);
        expect([back.posting.legId, back.posting.item]).toEqual([funded.posting.legId, funded.posting.item]);
        expect([back.posting.refund, back.refund.isWithdrawn]).toEqual([undefined, true]);
      }),
      { numRuns: 300 },
    );
  });

  it('counts no more: what it had taken of the payment and of its mark-up can be refunded anew', () => {
    const one = postFundedRefund(fromCard, fact(usd(4_000n), cny(28_246n)), []).refund;
    const back = postWithdrawnRefund(fromCard, withdrawn(usd(4_000n), cny(28_246n)), [one]).refund;
    const again = fact(usd(10_000n), cny(70_615n), { refundId: 'rfd_2' });
    expect(() => postFundedRefund(fromCard, again, [one])).toThrow(/exceed/);
    expect(postFundedRefund(fromCard, again, [back]).refund.spread).toEqual(usd(100n));
  });

  it('was funded before, or cannot be booked', () => {
    expect(() => postWithdrawnRefund(fromCard, withdrawn(usd(1n), cny(7n)), [])).toThrow(/never funded/);
  });

  it.each([
    { by: 'balance', partnerId: 'prt_demo' },
    { by: 'return', network: 'alipay' },
  ] as const)('gives the $by back what it had spent, and turns the position to where it was', (funding) => {
    const keys = limitsOfRefund(funding, postFundedRefund(fromCard, fact(usd(85n), cny(600n)), []).refund);
    const limits = keys.map((key, place) => ({ ...key, id: BigInt(place), ceiling: 0n, reserved: 0n, used: 70n }));
    const board = new LimitBoard(limits);
    const { refund } = postFundedRefund(fromCard, fact(usd(85n), cny(600n)), []);
    board.refund(funding, refund, null);
    expect(limits.map(({ used }) => used)).not.toContain(70n);
    board.withdraw(funding, refund);
    expect(limits.map(({ reserved, used }) => [reserved, used])).toEqual(keys.map(() => [0n, 70n]));
  });
});

describe("the partner's balance", () => {
  const row = (
    id: bigint,
    kind: SpendingLimit['kind'],
    subject: string,
    currency: string,
    ceiling: bigint,
  ): SpendingLimit => ({
    id,
    kind,
    subject,
    currency,
    ceiling,
    reserved: 0n,
    used: 0n,
  });
  const rows = (balance: bigint): SpendingLimit[] => [
    row(1n, 'exposure', 'CNY', 'CNY', 0n),
    row(2n, 'exposure', 'USD', 'USD', 0n),
    row(3n, 'partner_balance', 'prt_demo', 'CNY', balance),
  ];
  const ask = (number: number, minor: bigint) =>
    ({
      operation: 'fund_refund',
      instructionId: `rfd_${number}-fund`,
      paymentId: 'pay_a',
      partnerId: 'prt_demo',
      amount: cny(minor),
      mid: '7.25000000',
      isFromReturn: false,
    }) as const;

  it('funds what it covers, refuses the rest, and answers a repeat as it stood, with the rate of then', () => {
    const desk = new ReservationDesk([], new Map(), new LimitBoard(rows(1_000n)));
    const outcomes = [ask(1, 600n), ask(2, 401n), ask(3, 400n), { ...ask(1, 600n), mid: '7.30000000' }].map((command) =>
      desk.fund(command),
    );
    expect(outcomes.map(({ outcome, reason, mid, fresh }) => [outcome, reason, mid, fresh])).toEqual([
      ['GRANTED', null, '7.25000000', true],
      ['REFUSED', 'REFUND_NOT_FUNDED', undefined, true],
      ['GRANTED', null, '7.25000000', true],
      ['GRANTED', null, '7.25000000', false],
    ]);
  });

  it('is not asked for a refund that a returned credit funds: the float gets back what the second credit had not', () => {
    const limits = [...rows(0n), row(4n, 'float', 'alipay', 'CNY', 1_000n)];
    const board = new LimitBoard(limits);
    const desk = new ReservationDesk([], new Map(), board);
    expect(desk.fund({ ...ask(1, 600n), isFromReturn: true })).toMatchObject({ outcome: 'GRANTED', mid: '7.25000000' });
    const { refund } = postFundedRefund(fromCard, fact(usd(85n), cny(600n), { isFromReturn: true }), []);
    board.refund({ by: 'return', network: 'alipay' }, refund, desk.consumeFunding('rfd_1-fund'));
    expect(limits.map(({ kind, reserved, used }) => [kind, reserved, used])).toEqual([
      ['exposure', 0n, -600n],
      ['exposure', 0n, 83n],
      ['partner_balance', 0n, 0n],
      ['float', 0n, -600n],
    ]);
  });

  it('has back what it had set aside for a refund that may not be sent, once; a returned credit had set nothing aside', () => {
    const limits = rows(1_000n);
    const desk = new ReservationDesk([], new Map(), new LimitBoard(limits));
    desk.fund(ask(1, 600n));
    desk.fund({ ...ask(2, 300n), isFromReturn: true });
    const releases = [
      [1, false],
      [1, false],
      [2, true],
    ] as const;
    const answers = releases.map(([number, isFromReturn]) =>
      desk.release({
        operation: 'release',
        instructionId: `rfd_${number}-unfund`,
        paymentId: 'pay_a',
        partnerId: 'prt_demo',
        targetInstructionId: `rfd_${number}-fund`,
        isFromReturn,
      }),
    );
    expect(answers.map(({ outcome, fresh }) => [outcome, fresh])).toEqual([
      ['RELEASED', true],
      ['RELEASED', false],
      ['RELEASED', true],
    ]);
    expect(limits.map(({ reserved, used }) => [reserved, used])).toEqual([
      [0n, 0n],
      [0n, 0n],
      [0n, 0n],
    ]);
  });

  it('is spent by the refund that it funded alone, and the position turns back even over the limit', () => {
    const limits = rows(1_000n);
    const board = new LimitBoard(limits);
    const desk = new ReservationDesk([], new Map(), board);
    desk.fund(ask(1, 600n));
    desk.fund(ask(2, 300n));
    expect(desk.consume('pay_a')).toBeNull();
    const { refund } = postFundedRefund(fromCard, fact(usd(85n), cny(600n)), []);
    board.refund({ by: 'balance', partnerId: 'prt_demo' }, refund, desk.consumeFunding('rfd_1-fund'));
    expect(desk.consumeFunding('rfd_1-fund')).toBeNull();
    expect(limits.map(({ kind, reserved, used }) => [kind, reserved, used])).toEqual([
      ['exposure', 0n, -600n],
      ['exposure', 0n, 83n],
      ['partner_balance', 300n, 600n],
    ]);
  });
});
