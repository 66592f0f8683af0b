import { Money } from '@gateway/money';
import { anOrder } from '../../testing/payment-builder';
import { advance, emptyJournal, type Journal } from './advance-payment';
import type { Payment } from './payment';
import type { Fact } from './payment-fact';
import { checkRefund } from './refund/check-refund';
import { leftToReturn } from './taken-back';
import { wayBackDeadlines } from './way-back-deadlines';

const NOW = new Date('2026-11-25T10:05:00.000Z');
const TAKEN_BACK: Fact = { name: 'source_taken_back', part: 'source', version: 2, reason: 'TAKEN_BACK' };
const MARGIN = '2026-12-02T09:00:00.000Z';
const UNTIL_CREDITING: Fact[] = [
  { name: 'payment_created' },
  { name: 'screening_clear', part: 'screening', version: 1 },
  { name: 'reservation_granted', part: 'reserve', version: 1 },
  { name: 'source_processed', part: 'source', version: 1, counterparty: 'visa', holdExpiresAt: MARGIN },
];
const CREDITED: Fact = { name: 'credit_processed', part: 'credit', version: 1 };
const REFUSED: Fact = { name: 'credit_declined', part: 'credit', version: 1, reason: 'PAYEE_ACCOUNT_CLOSED' };
const CAPTURED: Fact = { name: 'capture_processed', part: 'capture', version: 1 };
const RELEASED: Fact = { name: 'reservation_released', part: 'unreserve', version: 1 };

const DONE: Fact = { name: 'release_processed', part: 'release', version: 1 };
const NOT_DONE: Fact = { name: 'release_declined', part: 'release', version: 1 };
/** All that has been taken back so far. */
const part = (minor: bigint): Fact => ({ name: 'source_taken_back_in_part', amount: Money.of(minor, 'USD') });

interface Told {
  payment: Payment;
  journal: Journal;
}

function after(funding: 'hold' | 'collect', ...facts: Fact[]): Told {
  const { payment } = anOrder({ funding });
  const journal = emptyJournal();
  for (const fact of [...UNTIL_CREDITING, ...facts]) advance(payment, fact, NOW, journal);
  return { payment, journal };
}
function afterwards({ payment, journal }: Told, ...facts: Fact[]): Told {
  for (const fact of facts) advance(payment, fact, NOW, journal);
  return { payment, journal };
}
const bookedAs = ({ journal }: Told, effect: string): [string | undefined, bigint | undefined][] =>
  journal.changes
    .filter(({ money }) => money === effect)
    .map(({ instructionId, amount }) => [instructionId, amount?.minor]);
const moneyOf = ({ journal }: Told): string[] => journal.changes.flatMap(({ money }) => money ?? []);
const casesOf = ({ journal }: Told): string[] => journal.cases.map(({ kind }) => kind);

describe('money that the network gives back to the payer by itself', () => {
  it('of a completed collection is booked, is a case, and the payment stands', () => {
    const told = after('collect', CREDITED, TAKEN_BACK);
    expect(told.payment.state).toBe('COMPLETED');
    expect(moneyOf(told)).toEqual(['collection_funded', 'credited', 'source_taken_back']);
    expect(told.journal.changes.at(-1)).toMatchObject({
      instructionId: `${told.payment.id}-collect`,
      counterparty: 'visa',
      from: 'COMPLETED',
      to: 'COMPLETED',
    });
    expect(casesOf(told)).toEqual(['source_taken_back']);
    expect(checkRefund(told.payment, [], null, { now: NOW })).toBe('PAYMENT_NOT_REFUNDABLE');
    expect(wayBackDeadlines(told.payment, NOW).refundableUntil).toBeNull();
  });

  it('while the credit is under way stops nothing, and is settled where the credit is refused: nothing is undone twice', () => {
    const open = after('collect', TAKEN_BACK);
    expect([open.payment.state, casesOf(open)]).toEqual(['CREDITING', ['source_taken_back']]);
    const refused = after('collect', TAKEN_BACK, REFUSED, RELEASED);
    expect(refused.payment.state).toBe('REVERSED');
    expect(moneyOf(refused)).toEqual(['collection_funded', 'source_taken_back', 'return_started', 'take_back_settled']);
    expect(refused.journal.instructions).not.toContain('undo_source');
    const credited = after('collect', TAKEN_BACK, CREDITED);
    expect([credited.payment.state, moneyOf(credited)]).toEqual([
      'COMPLETED',
      ['collection_funded', 'source_taken_back', 'credited'],
    ]);
  });

  it('before the credit is sent ends the payment, and owes nobody anything', () => {
    const review: Fact = { name: 'screening_review', part: 'screening', version: 2 };
    const { payment } = anOrder({ funding: 'collect' });
    const journal = emptyJournal();
    for (const fact of UNTIL_CREDITING.slice(0, 3)) advance(payment, fact, NOW, journal);
    advance(payment, review, NOW, journal);
    for (const fact of [...UNTIL_CREDITING.slice(3), TAKEN_BACK, RELEASED]) advance(payment, fact, NOW, journal);
    const told = { payment, journal };
    expect([payment.state, payment.standing.reason]).toEqual(['REVERSED', 'TAKEN_BACK']);
    expect(moneyOf(told)).toEqual(['collection_funded', 'source_taken_back', 'return_started', 'take_back_settled']);
    expect(journal.instructions).not.toContain('credit');
  });

  it('of a capture is booked like a collection, whichever is known first', () => {
    const known = after('hold', CREDITED, CAPTURED, TAKEN_BACK);
    const early = after('hold', CREDITED, TAKEN_BACK, CAPTURED);
    for (const told of [known, early]) {
      expect([told.payment.state, casesOf(told)]).toEqual(['COMPLETED', ['source_taken_back']]);
      expect(moneyOf(told)).toEqual(['hold_funded', 'credited', 'captured', 'source_taken_back']);
    }
  });

  it('of a hold alone moves nothing: the refused capture books the loss, a refused credit frees the memorandum', () => {
    const lost = after('hold', TAKEN_BACK, CREDITED, { name: 'capture_declined', part: 'capture', version: 1 });
    expect([lost.payment.state, casesOf(lost)]).toEqual(['CAPTURE_LOST', ['source_taken_back', 'capture_lost']]);
    expect(moneyOf(lost)).toEqual(['hold_funded', 'credited', 'capture_lost']);
    const refused = after('hold', TAKEN_BACK, REFUSED, RELEASED);
    expect([refused.payment.state, moneyOf(refused)]).toEqual(['REVERSED', ['hold_funded', 'hold_released']]);
  });

  it('of which we give back the same ourselves is known: our own confirmation books it', () => {
    const told = after('collect', REFUSED, TAKEN_BACK, RELEASED, {
      name: 'release_processed',
      part: 'release',
      version: 1,
    });
    expect([told.payment.state, casesOf(told)]).toEqual(['REVERSED', []]);
    expect(moneyOf(told)).toEqual(['collection_funded', 'return_started', 'return_confirmed']);
  });

  it('before anybody knew that it was taken shows in the books on both sides', () => {
    const { payment } = anOrder({ funding: 'collect' });
    const journal = emptyJournal();
    for (const fact of [...UNTIL_CREDITING.slice(0, 3), TAKEN_BACK, RELEASED]) advance(payment, fact, NOW, journal);
    expect(payment.state).toBe('REVERSED');
    expect(moneyOf({ payment, journal })).toEqual(['collection_funded', 'return_started', 'return_confirmed']);
  });

  it('in part is booked as a part, and is a case', () => {
    const told = after('collect', CREDITED, part(4_000n));
    expect([told.payment.state, casesOf(told)]).toEqual(['COMPLETED', ['source_taken_back']]);
    expect(told.journal.changes.at(-1)?.amount?.toDigits()).toBe('4000');
  });

  it('in part is told again beside a later word and is nothing new; more of it is another case, and a leg of its own', () => {
    const again = after('collect', CREDITED, part(4_000n), part(4_000n), part(3_000n));
    expect([moneyOf(again).length, casesOf(again)]).toEqual([3, ['source_taken_back']]);
    for (const [more, minor] of [
      [part(6_000n), 2_000n],
      [TAKEN_BACK, 6_200n],
    ] as const) {
      const told = after('collect', CREDITED, part(4_000n), more, more);
      const source = `${told.payment.id}-collect`;
      expect(bookedAs(told, 'source_taken_back')).toEqual([
        [source, 4_000n],
        [`${source}-2`, minor],
      ]);
      expect(casesOf(told)).toEqual(['source_taken_back', 'source_taken_back']);
    }
  });

  it('in part before the credit is refused: we give back the rest, and no more', () => {
    const told = after('collect', part(4_000n), REFUSED);
    expect([told.payment.state, casesOf(told)]).toEqual(['REVERSING', ['source_taken_back']]);
    expect(moneyOf(told).slice(1)).toEqual(['source_taken_back', 'return_started', 'take_back_settled']);
    expect(leftToReturn(told.payment).minor).toBe(6_200n);
    const returned = afterwards(told, RELEASED, DONE);
    expect(returned.payment.state).toBe('REVERSED');
    expect(bookedAs(returned, 'return_confirmed')).toEqual([[`${told.payment.id}-release`, 6_200n]]);
  });

  it('in part, then a refused credit, then another part: our refused undo is sent once more, for what is left', () => {
    const meanwhile = after('collect', part(4_000n), REFUSED, part(5_000n));
    expect(moneyOf(meanwhile).filter((money) => money === 'source_taken_back')).toHaveLength(1);
    const late = after('collect', part(4_000n), REFUSED, NOT_DONE);
    expect([late.payment.state, casesOf(late).at(-1)]).toEqual(['IN_REVIEW', 'release_refused']);
    for (const told of [afterwards(meanwhile, NOT_DONE), afterwards(late, part(5_000n))]) {
      const { id } = told.payment;
      expect(bookedAs(told, 'source_taken_back').map(([, minor]) => minor)).toEqual([4_000n, 1_000n]);
      expect(bookedAs(told, 'take_back_settled').map(([, minor]) => minor)).toEqual([4_000n, 1_000n]);
      expect(told.journal.instructions.filter((one) => one === 'undo_source')).toHaveLength(2);
      expect([leftToReturn(told.payment).minor, told.payment.standing.releaseAttempt]).toEqual([5_200n, 2]);
      const returned = afterwards(told, RELEASED, DONE);
      expect(bookedAs(returned, 'return_confirmed')).toEqual([[`${id}-release-2`, 5_200n]]);
      expect(returned.payment.state).toBe('REVERSED');
    }
  });

  it('in two parts that are all of it, around a refused credit: nothing is left for us to give back', () => {
    const meanwhile = after('collect', part(4_000n), REFUSED, RELEASED, TAKEN_BACK);
    const refused = afterwards(meanwhile, NOT_DONE);
    const late = after('collect', part(4_000n), REFUSED, RELEASED, NOT_DONE, TAKEN_BACK);
    for (const told of [refused, late]) {
      expect(told.payment.state).toBe('REVERSED');
      expect(bookedAs(told, 'take_back_settled').map(([, minor]) => minor)).toEqual([4_000n, 6_200n]);
      expect(moneyOf(told)).not.toContain('return_confirmed');
    }
    // The network may as well say of our own undo that it is done: it is the same money.
    const confirmed = after('collect', part(4_000n), REFUSED, RELEASED, TAKEN_BACK, DONE);
    expect(confirmed.payment.state).toBe('REVERSED');
    expect(bookedAs(confirmed, 'return_confirmed').map(([, minor]) => minor)).toEqual([6_200n]);
    expect(bookedAs(confirmed, 'source_taken_back').map(([, minor]) => minor)).toEqual([4_000n]);
  });

  it('in part on top of all that we have given back is to be recovered', () => {
    const before = after('collect', REFUSED, RELEASED, part(4_000n), DONE);
    const later = after('collect', REFUSED, RELEASED, DONE, part(4_000n));
    for (const told of [before, later]) {
      expect([told.payment.state, casesOf(told)]).toEqual(['REVERSED', ['source_taken_back']]);
      expect(bookedAs(told, 'return_confirmed').map(([, minor]) => minor)).toEqual([10_200n]);
      expect(bookedAs(told, 'source_taken_back').map(([, minor]) => minor)).toEqual([4_000n]);
      expect(moneyOf(told)).not.toContain('take_back_settled');
    }
  });

  it('in part of a hold is booked with its capture, whichever is known first', () => {
    const known = after('hold', CREDITED, CAPTURED, part(4_000n));
    const early = after('hold', CREDITED, part(4_000n), CAPTURED);
    for (const told of [known, early]) {
      expect([told.payment.state, casesOf(told)]).toEqual(['COMPLETED', ['source_taken_back']]);
      expect(bookedAs(told, 'source_taken_back').map(([, minor]) => minor)).toEqual([4_000n]);
    }
  });

  it('is told once', () => {
    const told = after('collect', CREDITED, TAKEN_BACK, TAKEN_BACK, { ...TAKEN_BACK, version: 3 });
    expect([moneyOf(told).length, casesOf(told).length]).toEqual([3, 1]);
  });
});
