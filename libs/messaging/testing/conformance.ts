import type { OutboundRecord, OutboxTransactions } from '@gateway/messaging';
import { conformanceContracts, type ConformanceNote } from './conformance-handler';

/** A messaging with the suite's handler on commands and facts, running. Each test gets a fresh one. */
export interface MessagingUnderTest {
  transactions: OutboxTransactions;
  /** Notes that the handler throws for. */
  poison: Set<string>;
  /** Waits until the effects and the parked records are as many as said. */
  settled(effects: number, parked: number): Promise<void>;
  /** Committed effects in order, `<key> <instruction id> <note>`. */
  effects(): Promise<string[]>;
  /** Payloads of a topic, in order per partition. */
  payloads(topic: string): Promise<Record<string, unknown>[]>;
  /** Writes bytes to a topic as anybody could. */
  append(topic: string, key: string, value: string): Promise<void>;
  parkedKinds(): Promise<string[]>;
  /** Sees to it that parked records are tried again. */
  retryParked(): Promise<void>;
  close(): Promise<void>;
}

const { commands, facts, answers, service } = conformanceContracts;

const commandOf = (key: number, note = 'plain', id = `i_${key}`): OutboundRecord<ConformanceNote> => ({
  contract: commands,
  data: { instruction_id: id, payment_id: `pay_${key}`, note },
  partition: key % 6,
});

const factOf = (key: number, sequence: number, note = 'plain'): OutboundRecord<ConformanceNote> => ({
  contract: facts,
  data: { instruction_id: `f_${sequence}`, payment_id: `pay_${key}`, note, sequence },
  partition: key % 6,
});

/** One suite for the in-memory twin and for Kafka with PostgreSQL: what a service may rely on. */
export function messagingConformance(name: string, open: () => Promise<MessagingUnderTest>): void {
  describe(`messaging conformance: ${name}`, () => {
    let messaging: MessagingUnderTest;
    beforeEach(async () => {
      messaging = await open();
    }, 60_000);
    afterEach(async () => {
      await messaging?.close();
    }, 60_000);
    const publish = (...records: OutboundRecord[]): Promise<null> =>
      messaging.transactions.run(async () => ({ result: null, emit: { records } }));

    it('handles each record once, answers and audits it without gaps', async () => {
      await publish(...Array.from({ length: 60 }, (_, key) => commandOf(key)));
      await messaging.settled(60, 0);
      expect(await messaging.payloads(answers.topic)).toHaveLength(60);
      const audits = (await messaging.payloads(`audit.${service}.v1`)) as { bucket: number; sequence: number }[];
      for (let bucket = 0; bucket < 6; bucket++) {
        const sequences = audits.filter((record) => record.bucket === bucket).map(({ sequence }) => sequence);
        expect(sequences.sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, n) => n + 1));
      }
    }, 60_000);

    it('publishes nothing of a transaction that throws', async () => {
      const failing = messaging.transactions.run(async () => {
        await publish(commandOf(1));
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      const refused = publish(commandOf(2), { ...commandOf(3), data: { note: 7 } });
      await expect(refused).rejects.toThrow();
      await messaging.settled(1, 0);
      expect(await messaging.effects()).toEqual(['pay_1 i_1 plain']);
    }, 60_000);

    it('takes a history in sequence, drops repeats and lets gaps wait', async () => {
      await publish(factOf(1, 1), factOf(1, 3), factOf(2, 2));
      await messaging.settled(1, 2);
      expect(await messaging.parkedKinds()).toEqual(['gap', 'gap']);
      await publish(factOf(1, 2), factOf(1, 1), factOf(2, 1));
      await messaging.settled(5, 0);
      const ofFirst = (await messaging.effects()).filter((line) => line.startsWith('pay_1 '));
      expect(ofFirst).toEqual(['pay_1 f_1 plain', 'pay_1 f_2 plain', 'pay_1 f_3 plain']);
    }, 60_000);

    it('parks the one record that cannot be handled, and those of its key behind it', async () => {
      messaging.poison.add('poison');
      await publish(...Array.from({ length: 12 }, (_, key) => commandOf(key, key === 5 ? 'poison' : 'plain')));
      await messaging.settled(11, 1);
      await publish(commandOf(5, 'plain', 'i_5b'), commandOf(6, 'plain', 'i_6b'));
      await messaging.settled(12, 2);
      expect((await messaging.parkedKinds()).sort()).toEqual(['behind', 'failed']);
      messaging.poison.clear();
      await messaging.retryParked();
      await messaging.settled(14, 0);
      const ofKey = (await messaging.effects()).filter((line) => line.startsWith('pay_5 '));
      expect(ofKey).toEqual(['pay_5 i_5 poison', 'pay_5 i_5b plain']);
    }, 60_000);

    it('goes on behind a record that it cannot read', async () => {
      await messaging.append(commands.topic, 'pay_1', 'not JSON');
      await publish(commandOf(1));
      await messaging.settled(1, 0);
    }, 60_000);

    it('tells a handler of the commit after it, and never of a rollback', async () => {
      const told: string[] = [];
      await messaging.transactions.run(async () => ({
        result: null,
        emit: { records: [], afterCommit: () => told.push('committed') },
      }));
      const refused = { ...commandOf(3), data: { note: 7 } as never };
      await messaging.transactions
        .run(async () => ({ result: null, emit: { records: [refused], afterCommit: () => told.push('never') } }))
        .catch(() => undefined);
      expect(told).toEqual(['committed']);
    }, 60_000);
  });
}
