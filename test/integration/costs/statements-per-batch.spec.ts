import type { Tx } from '@gateway/persistence';
import { InstructionRepository } from '@gateway/wallet-network';
import { BooksInstance } from '../fx-settlement/books-instance';
import { makeOwnDatabase, type OwnDatabase } from '../fx-settlement/own-database';
import { fact, makePayments, reserve } from '../fx-settlement/payment-records';
import { outcomesOf, RoutingCore } from '../routing/routing-core';
import { Harness } from '../wallet-network/support/runtime-harness';
import { statementsOf } from './statement-count';

jest.setTimeout(120_000);

const MANY = 60;
const numbers = (count: number): number[] => Array.from({ length: count }, (_unused, index) => index);

/** What keeps a batch cheap: its statements are per table, never per payment (docs/benchmark.md). */
describe('a batch of many payments costs no more statements than a batch of one', () => {
  describe('in routing', () => {
    let core: RoutingCore;
    beforeAll(async () => {
      core = await RoutingCore.open();
    });
    afterAll(() => core?.close());

    it('when payments are made', async () => {
      const one = await statementsOf(() => core.order({}));
      expect(await statementsOf(() => core.order(...numbers(MANY).map(() => ({}))))).toBeLessThanOrEqual(one);
      expect(one).toBeLessThanOrEqual(8);
    });

    it('when facts move them', async () => {
      const orders = await core.order(...numbers(MANY + 1).map(() => ({})));
      const [first, ...rest] = orders.ids.map((id) => [
        outcomesOf(id).screening('CLEAR'),
        outcomesOf(id).reservation('GRANTED'),
      ]);
      const one = await statementsOf(() => core.take(...first!));
      expect(await statementsOf(() => core.take(...rest.flat()))).toBeLessThanOrEqual(one);
      expect(one).toBeLessThanOrEqual(8);
    });
  });

  describe('in fx-settlement', () => {
    let own: OwnDatabase;
    let books: BooksInstance;
    beforeAll(async () => {
      own = await makeOwnDatabase();
      books = new BooksInstance(await own.connect());
    });
    afterAll(() => own?.drop());

    it('when payouts are reserved and facts are booked', async () => {
      const [known, first, ...rest] = await makePayments(books.database, 'cost', MANY + 2);
      const effects = ['hold_funded', 'credited', 'captured'] as const;
      // The first payment makes the accounts; later ones find their numbers in memory.
      await books.take([reserve(known!)]);
      await books.take([fact(known!, effects)]);
      const reserving = await statementsOf(() => books.take([reserve(first!)]));
      expect(await statementsOf(() => books.take(rest.map((payment) => reserve(payment))))).toBeLessThanOrEqual(
        reserving,
      );
      const booking = await statementsOf(() => books.take([fact(first!, effects)]));
      expect(await statementsOf(() => books.take(rest.map((payment) => fact(payment, effects))))).toBeLessThanOrEqual(
        booking,
      );
      expect(Math.max(reserving, booking)).toBeLessThanOrEqual(14);
    });
  });

  describe('in a wallet service', () => {
    let harness: Harness;
    beforeAll(async () => {
      harness = await Harness.open();
    });
    afterAll(() => harness?.close());

    it('when instructions are accepted', async () => {
      const wallet = harness.process();
      const holds = (count: number): ReturnType<typeof harness.command>[] =>
        numbers(count).map(() => harness.command('hold', harness.payment()));
      const one = await statementsOf(() => wallet.consume(holds(1), { dies: true }));
      expect(await statementsOf(() => wallet.consume(holds(MANY), { dies: true }))).toBeLessThanOrEqual(one);
      expect(one).toBeLessThanOrEqual(10);
    });

    it('when it looks for what is due: in the index, however many instructions are behind it', async () => {
      const { database } = harness.test;
      await database.query('UPDATE instruction SET due = NULL');
      // A connection counts its scans from before, too.
      const counted = (tx: Tx): Promise<{ whole: bigint; index: bigint }[]> =>
        tx.query(
          `SELECT seq_scan AS whole, idx_scan AS index FROM pg_stat_xact_user_tables WHERE relname = 'instruction'`,
        );
      await database.transaction(async (tx) => {
        const [before] = await counted(tx);
        expect(await new InstructionRepository().isAnyDue(tx)).toBe(false);
        const [after] = await counted(tx);
        expect({ whole: after!.whole - before!.whole, index: after!.index - before!.index }).toEqual({
          whole: 0n,
          index: 1n,
        });
      });
    });
  });
});
