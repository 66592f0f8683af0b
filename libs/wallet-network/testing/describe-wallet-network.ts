import type { WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';
import { NotificationRefused, type Instruction } from '@gateway/wallet-network';
import { beginForward } from '../src/domain/acceptance';
import { cancelIdOf, MemoryRuntime, wayBack, type Played } from './memory-runtime';
import type { NetworkScenario, NetworkUnderTest, WithoutScenarios } from './network-under-test';

const FORWARD = ['hold', 'collect', 'credit'] as const;
const DEFAULT_TIMEOUT_MS = 1_000;
const PATIENCE_MS = 60_000;

/**
 * What every wallet network keeps, run against its simulator with the simulator's own books: one call of this function
 * in a network's tests is the whole of it. A scenario that a network cannot have is named in `without`, with the reason.
 */
export function describeWalletNetwork(
  name: string,
  setup: () => Promise<NetworkUnderTest>,
  without: WithoutScenarios = {},
): void {
  describe(`${name} as a wallet network`, () => {
    let under: NetworkUnderTest;
    let runtime: MemoryRuntime;

    beforeAll(async () => {
      under = await setup();
    }, PATIENCE_MS);
    beforeEach(() => {
      runtime = new MemoryRuntime(
        under.network,
        under.callTimeoutMs ?? DEFAULT_TIMEOUT_MS,
        under.passTime ?? ((): Promise<void> => Promise.resolve()),
      );
    });
    afterAll(() => under?.close());

    const offered = (): (typeof FORWARD)[number][] =>
      FORWARD.filter((operation) => under.network.describe().operations[operation] !== undefined);
    const offers = (operation: WalletOperation): boolean =>
      under.network.describe().operations[operation] !== undefined;
    const test = (what: string, run: () => Promise<void>): void => it(what, run, PATIENCE_MS);
    const scenario = (key: NetworkScenario, what: string, run: () => Promise<void>): void => {
      const reason = without[key];
      if (reason === undefined) test(what, run);
      else it.skip(`${what} (${reason})`, () => undefined);
    };
    const meeting = async (key: NetworkScenario, operation: (typeof FORWARD)[number]): Promise<Instruction> => {
      const prepare = under.scenarios[key];
      if (!prepare) throw new Error(`the set-up has no scenario ${key}; name it in without, with the reason`);
      return prepare(await under.instruction(operation));
    };
    const processed = async (instruction: Instruction): Promise<Played> => {
      const played = await runtime.play(instruction);
      expect(played.told.at(-1)).toMatchObject({
        outcome: 'PROCESSED',
        amount: instruction.amount,
        networkReference: expect.stringMatching(/./) as string,
        counterparty: expect.stringMatching(/./) as string,
      });
      expect(await under.executed(instruction.instructionId)).toBe(1);
      return played;
    };

    test('describes its operations, plans and limits', async () => {
      const { id, currencies, limits, operations } = under.network.describe();
      expect(id).toMatch(/^[a-z0-9-]+$/);
      for (const currency of currencies) expect(BigInt(limits[currency]!.maximumMinor)).toBeGreaterThan(0n);
      expect(offered().length).toBeGreaterThan(0);
      for (const rules of Object.values(operations)) {
        expect(rules.enquiry.delaysMs.length).toBeGreaterThan(0);
        expect(rules.callTimeoutMs).toBeGreaterThan(0);
        expect(rules.idempotencyLifeMs).toBeGreaterThan(rules.callTimeoutMs);
      }
    });

    test('one id sent twice: the same outcome, with a reference, and one movement', async () => {
      for (const operation of offered()) {
        const instruction = await under.instruction(operation);
        const first = await processed(instruction);
        const again = await runtime.play(instruction);
        expect(again.told.at(-1)).toMatchObject({ outcome: 'PROCESSED', amount: first.told.at(-1)!.amount });
        expect(again.told.at(-1)!.networkReference).toBe(first.told.at(-1)!.networkReference);
        expect(await under.executed(instruction.instructionId)).toBe(1);
      }
    });

    test('what follows a processed one is repeatable, too: capture, release and refund move money once', async () => {
      const ways: [(typeof FORWARD)[number], ('capture' | 'release' | 'refund')[]][] = [
        ['hold', ['capture']],
        ['hold', ['release']],
        ['collect', ['release']],
        ['collect', ['refund']],
      ];
      for (const [forward, steps] of ways.filter(([operation]) => offers(operation))) {
        for (const step of steps.filter(offers)) {
          const target = await processed(await under.instruction(forward));
          const instruction = wayBack(target, step);
          for (let time = 0; time < 2; time++) {
            expect([step, (await runtime.play(instruction)).told.at(-1)?.outcome]).toEqual([step, 'PROCESSED']);
          }
          expect([step, await under.executed(instruction.instructionId)]).toEqual([step, 1]);
        }
      }
    });

    scenario('declined', 'a decline has our reason, is final and moves nothing', async () => {
      for (const operation of offered()) {
        const instruction = await meeting('declined', operation);
        for (let time = 0; time < 2; time++) {
          const played = await runtime.play(instruction);
          expect(played.told.at(-1)).toMatchObject({
            outcome: 'DECLINED',
            reason: expect.stringMatching(/./) as string,
          });
        }
        expect(await under.executed(instruction.instructionId)).toBe(0);
      }
    });

    for (const key of ['answer_lost', 'executed_then_error'] as const) {
      scenario(key, `${key.replaceAll('_', ' ')}: UNKNOWN, then found by enquiry, one movement`, async () => {
        for (const operation of offered()) {
          const instruction = await meeting(key, operation);
          const played = await runtime.play(instruction);
          expect(played.told.map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'PROCESSED']);
          expect(played.exchanges[1]).toBe('enquiry');
          expect(await under.executed(instruction.instructionId)).toBe(1);
        }
      });
    }

    scenario('request_lost', 'not found proves nothing: the same id is sent again, one movement', async () => {
      for (const operation of offered()) {
        const instruction = await meeting('request_lost', operation);
        const played = await runtime.play(instruction);
        expect(played.told.at(-1)?.outcome).toBe('PROCESSED');
        expect(played.told[0]?.outcome).toBe('UNKNOWN');
        expect(await under.executed(instruction.instructionId)).toBe(1);
      }
    });

    test('an enquiry about an id that the network never saw is no certain answer', async () => {
      for (const operation of offered()) {
        const answer = await under.network.enquire(await under.instruction(operation), new AbortController().signal);
        expect(['NOT_FOUND', 'UNKNOWN']).toContain(answer.kind);
      }
    });

    test('a release of what the network never saw is no certain yes', async () => {
      for (const operation of offered().filter((one) => one !== 'credit')) {
        const never = runtime.accept(await under.instruction(operation));
        const answer = await under.network.release(wayBack(never, 'release'), new AbortController().signal);
        expect(answer.kind).not.toBe('PROCESSED');
      }
    });

    scenario(
      'answer_lost',
      'after the life of an id nothing is sent again, even where the answer was lost',
      async () => {
        for (const operation of offered()) {
          const instruction = await meeting('answer_lost', operation);
          const played = runtime.accept(instruction);
          await runtime.step(played, true);
          await runtime.advance(under.network.describe().operations[operation]!.idempotencyLifeMs);
          for (let step = 0; step < 5 && played.standing.state !== 'PROCESSED'; step++) await runtime.step(played);
          expect(played.exchanges.filter((source) => source === 'call')).toHaveLength(1);
          expect(await under.executed(instruction.instructionId)).toBe(1);
        }
      },
    );

    test('amounts outside the limits are declined before the wire', async () => {
      const description = under.network.describe();
      for (const operation of offered()) {
        const { instructionId, amount, partnerId, paymentId, purpose, bopCode } = await under.instruction(operation);
        const over = (BigInt(description.limits[amount.currency]!.maximumMinor) + 1n).toString();
        const command = {
          instruction_id: instructionId,
          payment_id: paymentId,
          partner_id: partnerId,
          operation,
          amount: { ...amount, amount: over },
          purpose,
          bop_code: bopCode,
        };
        const begun = beginForward(command, { partnerId, expiresAtMs: null }, description, runtime.nowMs);
        expect(begun).toMatchObject({ as: 'ended', change: { state: 'DECLINED' } });
        expect(await under.executed(instructionId)).toBe(0);
      }
    });

    scenario('partial_approval', 'a hold of another amount is released and declined', async () => {
      if (!offers('hold')) return;
      const instruction = await meeting('partial_approval', 'hold');
      const played = await runtime.play(instruction);
      expect(played.told.at(-1)).toMatchObject({ outcome: 'DECLINED', reason: 'PARTIAL_APPROVAL' });
      expect(await under.executed(cancelIdOf(instruction))).toBe(1);
    });

    scenario('credit_returned', 'a credit that comes back is told once, with its amount', async () => {
      if (!offers('credit')) return;
      if (!under.giveBack) throw new Error('the set-up cannot give a credit back; name it in without, with the reason');
      const played = await processed(await under.instruction('credit'));
      const told = played.told.length;
      await runtime.notify(played);
      expect(played.told).toHaveLength(told);
      await under.giveBack(played);
      for (let time = 0; time < 2; time++) await runtime.notify(played);
      const { amount } = played.instruction;
      expect(played.told.slice(told)).toMatchObject([{ outcome: 'PROCESSED', amount, returned: amount }]);
    });

    scenario('credit_returned', 'a credit that comes back before anybody knew of it is a decline', async () => {
      if (!offers('credit') || !under.giveBack) return;
      const played = runtime.accept(await under.instruction('credit'));
      const known = await processed(played.instruction);
      await runtime.step(played, true);
      await under.giveBack(known);
      for (let step = 0; step < 5 && played.told.at(-1)?.outcome !== 'DECLINED'; step++) await runtime.step(played);
      expect(played.told.at(-1)).toMatchObject({ outcome: 'DECLINED', reason: expect.stringMatching(/./) as string });
    });

    test('a signed notification names its instruction; an altered body or signature is refused', async () => {
      const instruction = await under.instruction(offered()[0]!);
      const signed = await under.notification(instruction);
      const verified = await under.network.verifyNotification(signed);
      expect(verified.instructionId).toBe(instruction.instructionId);
      const altered = { ...signed, rawBody: Buffer.from(signed.rawBody.toString('utf8').replace(/[0-9]/, '/')) };
      await expect(under.network.verifyNotification(altered)).rejects.toBeInstanceOf(NotificationRefused);
      const unsigned = { ...signed, headers: {}, rawBody: Buffer.from('{}') };
      await expect(under.network.verifyNotification(unsigned)).rejects.toBeInstanceOf(NotificationRefused);
    });
  });
}
