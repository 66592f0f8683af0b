import fc from 'fast-check';
import { Money } from '@gateway/money';
import { LimitBoard } from './limit-board';
import { isWithdrawn, payoutOf } from './reservation';
import type { QuoteTerms, QuotingStop } from './reservation';
import { ReservationDesk } from './reservation-desk';
import type { ReserveCommand } from './reservation-desk';
import type { SpendingLimit } from './spending-limit';

const terms: QuoteTerms = {
  quoteId: 'qte_1',
  partnerId: 'prt_demo',
  sourceNetwork: 'applepay',
  targetNetwork: 'alipay',
  rateSource: 'treasury',
  issuedAt: new Date('2026-11-25T10:00:00Z'),
  amounts: {
    principal: Money.of(10_000n, 'USD'),
    fee: Money.of(200n, 'USD'),
    target: Money.of(70_000n, 'CNY'),
    atMid: Money.of(9_900n, 'USD'),
  },
  commission: Money.of(400n, 'CNY'),
  offerDigest: 'd',
};
const BIG = 10n ** 15n;

function limitRows(ceilings: { float?: bigint; exposure?: bigint; netDebit?: bigint } = {}): SpendingLimit[] {
  const row = (
    id: bigint,
    kind: SpendingLimit['kind'],
    subject: string,
    currency: string,
    ceiling = BIG,
  ): SpendingLimit => ({
    id,
    kind,
    subject,
    currency,
    ceiling,
    reserved: 0n,
    used: 0n,
  });
  return [
    row(1n, 'float', 'alipay', 'CNY', ceilings.float),
    row(2n, 'exposure', 'CNY', 'CNY', ceilings.exposure),
    row(3n, 'net_debit', 'prt_demo', 'CNY', ceilings.netDebit),
    row(4n, 'exposure', 'USD', 'USD'),
  ];
}
const reserveOf = (number: number, more: Partial<ReserveCommand> = {}): ReserveCommand => ({
  operation: 'reserve',
  instructionId: `pay_${number}-reserve`,
  paymentId: `pay_${number}`,
  partnerId: 'prt_demo',
  terms: { ...terms, quoteId: `qte_${number}` },
  withdrawn: false,
  ...more,
});
const releaseOf = (number: number) =>
  ({
    operation: 'release',
    instructionId: `pay_${number}-unreserve`,
    paymentId: `pay_${number}`,
    partnerId: 'prt_demo',
    targetInstructionId: `pay_${number}-reserve`,
    isFromReturn: false,
  }) as const;
const uses = new Map(Array.from({ length: 50 }, (_, number) => [`qte_${number}`, `pay_${number}`]));

describe('The reservation desk', () => {
  it.each([
    ['FLOAT_TOO_LOW', { float: 70_400n * 3n }],
    ['EXPOSURE_LIMIT', { exposure: 70_400n * 3n }],
    ['NET_DEBIT_CAP', { netDebit: 70_400n * 3n + 70_399n }],
  ])('lets exactly the allowed number pass and then answers %s; a refusal takes nothing', (reason, ceilings) => {
    const rows = limitRows(ceilings);
    const desk = new ReservationDesk([], uses, new LimitBoard(rows));
    const answers = [0, 1, 2, 3, 4].map((number) => desk.reserve(reserveOf(number)));
    expect(answers.map((answer) => answer.reason ?? answer.outcome)).toEqual([
      'GRANTED',
      'GRANTED',
      'GRANTED',
      reason,
      reason,
    ]);
    expect(rows.map((row) => row.reserved)).toEqual([211_200n, 211_200n, 211_200n, 0n]);
  });

  it('answers a repeat with the outcome as it stands and takes nothing again', () => {
    const rows = limitRows();
    const desk = new ReservationDesk([], uses, new LimitBoard(rows));
    const first = desk.reserve(reserveOf(1));
    expect(desk.reserve(reserveOf(1))).toEqual({ ...first, fresh: false });
    desk.release(releaseOf(1));
    expect(desk.reserve(reserveOf(1))).toMatchObject({
      outcome: 'REFUSED',
      reason: 'RELEASED_BEFORE_RESERVE',
      version: 2,
    });
    expect(desk.release(releaseOf(1))).toMatchObject({ outcome: 'RELEASED', fresh: false });
    expect(rows.every((row) => row.reserved === 0n)).toBe(true);
  });

  it('keeps a tombstone of a release that came first, which refuses the reserve', () => {
    const desk = new ReservationDesk([], uses, new LimitBoard(limitRows()));
    expect(desk.release(releaseOf(1))).toMatchObject({ outcome: 'RELEASED', fresh: true });
    expect(desk.reserve(reserveOf(1))).toMatchObject({ outcome: 'REFUSED', reason: 'RELEASED_BEFORE_RESERVE' });
    expect(desk.changed()).toHaveLength(1);
  });

  it('refuses an offer that is not ours, is withdrawn, is another partner’s or is used by another payment', () => {
    const desk = new ReservationDesk([], uses, new LimitBoard(limitRows()));
    const reasons = [
      desk.reserve(reserveOf(1, { terms: undefined })),
      desk.reserve(reserveOf(99, { withdrawn: true })),
      desk.reserve(reserveOf(3, { partnerId: 'prt_other' })),
      desk.reserve(reserveOf(4, { terms: { ...terms, quoteId: 'qte_5' } })),
    ].map((answer) => answer.reason);
    expect(reasons).toEqual(['QUOTE_UNKNOWN', 'QUOTE_WITHDRAWN', 'QUOTE_UNKNOWN', 'QUOTE_ALREADY_USED']);
  });

  it('reserves anew for the payment that has used the quote before it was withdrawn: a used quote stays used', () => {
    const desk = new ReservationDesk([], uses, new LimitBoard(limitRows()));
    const again = { ...reserveOf(2, { withdrawn: true }), instructionId: 'pay_2-reserve-2' };
    expect(desk.reserve(again)).toMatchObject({ outcome: 'GRANTED' });
    const thief = { ...again, instructionId: 'pay_3-reserve', paymentId: 'pay_3' };
    expect(desk.reserve(thief)).toMatchObject({ outcome: 'REFUSED', reason: 'QUOTE_WITHDRAWN' });
  });

  it('spends a reservation once, and books a late credit over the limit, which converts nothing', () => {
    const rows = limitRows({ float: 70_400n });
    const board = new LimitBoard(rows);
    const desk = new ReservationDesk([], uses, board);
    desk.reserve(reserveOf(1));
    board.credit(terms, desk.consume('pay_1'));
    expect(desk.consume('pay_1')).toBeNull();
    board.lateCredit(terms, null);
    expect(rows.map((row) => [row.reserved, row.used])).toEqual([
      [0n, 140_800n],
      [0n, 70_000n],
      [0n, 0n],
      [0n, -9_900n],
    ]);
    expect(desk.reserve(reserveOf(2)).reason).toBe('FLOAT_TOO_LOW');
  });

  it('holds open reservations equal to what is set aside, over any order of reserves, releases, repeats and credits', () => {
    const step = fc.record({ kind: fc.constantFrom('reserve', 'release', 'credit'), number: fc.nat(7) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.bigInt(0n, 400_000n), (steps, ceiling) => {
        const rows = limitRows({ float: ceiling });
        const board = new LimitBoard(rows);
        const desk = new ReservationDesk([], uses, board);
        for (const { kind, number } of steps) {
          if (kind === 'reserve') desk.reserve(reserveOf(number));
          else if (kind === 'release') desk.release(releaseOf(number));
          else {
            const reserved = desk.consume(`pay_${number}`);
            if (reserved !== null) board.credit(terms, reserved);
          }
          const open = desk.changed().filter((reservation) => reservation.state === 'GRANTED');
          const sum = open.reduce((all, reservation) => all + (reservation.payout?.minor ?? 0n), 0n);
          expect(rows.slice(0, 3).map((row) => row.reserved)).toEqual([sum, sum, sum]);
          const [float] = rows;
          expect(float !== undefined && float.reserved + float.used <= ceiling).toBe(true);
        }
      }),
    );
  });
});

describe('A stop', () => {
  const stop: QuotingStop = {
    scope: 'corridor',
    subject: 'applepay>alipay',
    startedAt: new Date('2026-11-25T10:01:00Z'),
    liftedAt: null,
  };

  it('withdraws the offers of its source, corridor or partner and no others', () => {
    expect(isWithdrawn(terms, [stop])).toBe(true);
    expect(isWithdrawn(terms, [{ ...stop, subject: 'alipay>applepay' }])).toBe(false);
    expect(isWithdrawn(terms, [{ ...stop, scope: 'partner', subject: 'prt_demo' }])).toBe(true);
    expect(isWithdrawn(terms, [{ ...stop, scope: 'source', subject: 'treasury' }])).toBe(true);
  });

  it('leaves an older offer withdrawn after it was lifted, and a newer one valid', () => {
    const lifted = { ...stop, liftedAt: new Date('2026-11-25T10:02:00Z') };
    expect(isWithdrawn(terms, [lifted])).toBe(true);
    expect(isWithdrawn({ ...terms, issuedAt: new Date('2026-11-25T10:03:00Z') }, [lifted])).toBe(false);
  });
});

it('What is set aside is the payout and the network’s commission', () => {
  expect(payoutOf(terms).minor).toBe(70_400n);
});
