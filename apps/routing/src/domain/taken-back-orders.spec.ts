import fc from 'fast-check';
import { Money } from '@gateway/money';
import { anOrder } from '../../testing/payment-builder';
import { advance, emptyJournal, type Journal } from './advance-payment';
import type { Payment } from './payment';
import type { PaymentChange } from './payment-change';
import type { Fact } from './payment-fact';
import { leftToReturn } from './taken-back';

const NOW = new Date('2026-11-25T10:05:00.000Z');
const TOTAL = 10_200n;
const UNTIL_CREDITING: Fact[] = [
  { name: 'payment_created' },
  { name: 'screening_clear', part: 'screening', version: 1 },
  { name: 'reservation_granted', part: 'reserve', version: 1 },
  { name: 'source_processed', part: 'source', version: 1, counterparty: 'visa' },
];

/** What each effect of the payer's side books, as the ledger does. */
const BOOKS: Partial<Record<NonNullable<PaymentChange['money']>, readonly [debit: string, credit: string]>> = {
  collection_funded: ['receivable', 'payer'],
  credited: ['payer', 'earned'],
  return_started: ['payer', 'owed'],
  return_confirmed: ['owed', 'receivable'],
  source_taken_back: ['recovery', 'receivable'],
  take_back_settled: ['owed', 'recovery'],
};

/** A payer's network that gives back by itself, and to us on our order never more than is left. */
class PayersNetwork {
  left = TOTAL;
  byItself = 0n;
  releases = 0;
  /** It has said yes to our undo as nothing was left to undo: by then it has said, too, that it had done so by itself. */
  nothingLeft = false;
  private version = 1;
  /** What it has said and what has not been heard yet, in its order by instruction. */
  readonly said: { source: Fact[]; release: Fact[] } = { source: [], release: [] };

  takeBack(share: number): void {
    const part = share >= 100 ? this.left : (this.left * BigInt(share)) / 100n;
    if (part === 0n) return;
    this.left -= part;
    this.byItself += part;
    this.version += 1;
    const whole: Fact = { name: 'source_taken_back', part: 'source', version: this.version };
    const inPart: Fact = { name: 'source_taken_back_in_part', amount: Money.of(this.byItself, 'USD') };
    this.said.source.push(this.byItself === TOTAL ? whole : inPart);
  }

  release(amount: bigint): void {
    this.releases += 1;
    this.nothingLeft = this.left === 0n;
    const isDone = this.nothingLeft || amount <= this.left;
    if (isDone && !this.nothingLeft) this.left -= amount;
    const name = isDone ? 'release_processed' : 'release_declined';
    this.said.release.push({ name, part: 'release', version: 1 });
  }
}

type Move = { do: 'take_back'; share: number } | { do: 'release' } | { do: 'hear'; of: 'source' | 'release' };
const moves = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('take_back' as const), share: fc.integer({ min: 1, max: 130 }) }),
    fc.record({ do: fc.constant('release' as const) }),
    fc.record({ do: fc.constant('hear' as const), of: fc.constantFrom('source' as const, 'release' as const) }),
  ),
  { maxLength: 14 },
);

/** One payment whose payer's network takes back by itself while its credit is refused, or accepted. */
class Story {
  readonly network = new PayersNetwork();
  readonly payment: Payment = anOrder({ funding: 'collect' }).payment;
  readonly journal: Journal = emptyJournal();

  constructor() {
    for (const fact of UNTIL_CREDITING) this.hear(fact);
  }

  play(moves: readonly Move[]): void {
    for (const move of moves) {
      if (move.do === 'take_back') this.network.takeBack(move.share);
      if (move.do === 'release') this.sendRelease();
      if (move.do === 'hear') this.hearNext(move.of);
    }
  }

  hear(fact: Fact): void {
    advance(this.payment, fact, NOW, this.journal);
  }

  /** Everything under way arrives, and everything said is heard. */
  rest(): void {
    for (let step = 0; step < 60; step++) {
      const busy = [this.hearNext('source'), this.sendRelease(), this.hearNext('release')];
      if (!busy.includes(true)) return;
    }
    throw new Error('it does not come to rest');
  }

  private hearNext(of: 'source' | 'release'): boolean {
    while (of === 'release' && this.network.nothingLeft && this.hearNext('source'));
    const fact = this.network.said[of].shift();
    if (fact === undefined) return false;
    const { releaseAttempt } = this.payment.standing;
    this.hear(fact);
    // Told again; of a former undo nothing reaches the payment any more.
    if (releaseAttempt === this.payment.standing.releaseAttempt) this.hear(fact);
    return true;
  }

  private sendRelease(): boolean {
    const ordered = this.journal.instructions.filter((one) => one === 'undo_source').length;
    if (ordered <= this.network.releases) return false;
    this.network.release(leftToReturn(this.payment).minor);
    return true;
  }

  balance(account: string): bigint {
    return this.journal.changes.reduce((sum, { money, amount }) => {
      const [debit, credit] = (money && BOOKS[money]) ?? [];
      const minor = amount?.currency.code === 'USD' ? amount.minor : TOTAL;
      return sum + (debit === account ? minor : 0n) - (credit === account ? minor : 0n);
    }, 0n);
  }

  legsTwice(): string[] {
    const legs = this.journal.changes.flatMap(({ money, instructionId }) => (money ? `${money} ${instructionId}` : []));
    return legs.filter((leg, at) => legs.indexOf(leg) !== at);
  }
}

describe('for any order of parts taken back, our own undo and what is heard of them', () => {
  it('a payment whose credit is refused gives back each unit once: nothing is owed, claimed or to be recovered', () => {
    fc.assert(
      fc.property(moves, moves, (before, after) => {
        const story = new Story();
        story.play(before);
        if (story.payment.state === 'CREDITING') story.hear({ name: 'credit_declined', part: 'credit', version: 1 });
        story.hear({ name: 'reservation_released', part: 'unreserve', version: 1 });
        story.play(after);
        story.rest();
        expect(story.payment.state).toBe('REVERSED');
        const left = ['receivable', 'recovery', 'owed', 'payer'].map((account) => story.balance(account));
        expect(left).toEqual([0n, 0n, 0n, 0n]);
        expect(story.network.left).toBe(0n);
        expect(story.legsTwice()).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('a payment whose payee was paid has to recover exactly what was given back', () => {
    fc.assert(
      fc.property(moves, moves, (before, after) => {
        const story = new Story();
        story.play(before);
        story.hear({ name: 'credit_processed', part: 'credit', version: 1 });
        story.play(after);
        story.rest();
        expect(story.payment.state).toBe('COMPLETED');
        const { byItself } = story.network;
        expect([story.balance('recovery'), story.balance('receivable')]).toEqual([byItself, TOTAL - byItself]);
        expect(story.legsTwice()).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
