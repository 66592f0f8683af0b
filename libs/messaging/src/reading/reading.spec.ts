import fc from 'fast-check';
import { reservationCommands } from '@gateway/contracts/fx.reservation.commands.v1';
import { failureKindOf, isRebalance } from './failure';
import { standingOf, type Place } from './history';
import type { TopicReader } from './readers';
import { halve, recordCount, type Slice } from './slice';

const reader: TopicReader = {
  contract: reservationCommands,
  mode: 'acting',
  inSequence: false,
  handle: async () => ({ records: [] }),
};

function sliceOf(partition: number, offsets: number[], held: number, to: number): Slice {
  const stored = { key: null, value: null, traceparent: null };
  const entries = offsets.map((offset) => ({ offset, timestamp: 0, stored, headers: {}, record: null, refusal: null }));
  return { topic: 't', partition, reader, held, to, entries };
}

describe('halving a batch', () => {
  it('covers the same offsets in the same order, down to single records, with nothing left out between', () => {
    const slices = fc.array(fc.uniqueArray(fc.nat(500), { maxLength: 30 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(slices, (given) => {
        const batch = given.map((list, partition) => {
          const offsets = [...list].sort((a, b) => a - b);
          return sliceOf(partition, offsets, 0, (offsets.at(-1) ?? 0) + 3);
        });
        fc.pre(recordCount(batch) > 1);
        const [first, second] = halve(batch);
        expect(recordCount(first)).toBe(Math.floor(recordCount(batch) / 2));
        for (const { partition, held, to, entries } of batch) {
          const parts = [...first, ...second].filter((one) => one.partition === partition);
          expect(parts[0]!.held).toBe(held);
          expect(parts.at(-1)!.to).toBe(to);
          if (parts.length === 2) expect(parts[0]!.to).toBe(parts[1]!.held);
          expect(parts.flatMap((one) => one.entries)).toEqual(entries);
          for (const part of parts)
            for (const { offset } of part.entries) expect(offset >= part.held && offset < part.to).toBe(true);
        }
      }),
    );
  });
});

describe('a place in a history', () => {
  const at = (incarnation: number, sequence: number): Place => ({ incarnation, sequence });

  it.each([
    [at(0, 1), undefined, 'next'],
    [at(0, 2), undefined, 'early'],
    [at(0, 3), at(0, 2), 'next'],
    [at(0, 2), at(0, 2), 'repeat'],
    [at(0, 1), at(0, 2), 'repeat'],
    [at(0, 4), at(0, 2), 'early'],
    [at(0, 9), at(1, 2), 'repeat'],
    [at(1, 3), at(0, 7), 'next'],
    [at(1, 8), at(0, 7), 'next'],
    [at(1, 9), at(0, 7), 'early'],
  ])('%j after %j is %s', (place, taken, standing) => {
    expect(standingOf(place, taken)).toBe(standing);
  });
});

describe('a failure', () => {
  it.each([
    ['08006', 'infrastructure'],
    ['40P01', 'infrastructure'],
    ['53300', 'infrastructure'],
    ['55P03', 'infrastructure'],
    ['57P01', 'infrastructure'],
    ['58030', 'infrastructure'],
    ['25P03', 'infrastructure'],
    ['57014', 'slow'],
    ['23505', 'data'],
    ['22P02', 'data'],
  ])('with SQLSTATE %s is one of %s', (code, kind) => {
    expect(failureKindOf(Object.assign(new Error('x'), { code }))).toBe(kind);
  });

  it('of the handler is one of the data', () => {
    expect(failureKindOf(new TypeError('x is not a function'))).toBe('data');
  });

  it('that kafkajs must see is told from others', () => {
    expect(isRebalance({ type: 'REBALANCE_IN_PROGRESS' })).toBe(true);
    expect(isRebalance(new Error('socket closed'))).toBe(false);
  });
});
