import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import type { SeededRandom } from '../crash/seeded-random';
import { amountOf, newInstruction, type Happening, type Instruction, type Moved } from './network-instruction';
import { NetworkLedger, type NetworkTraits } from './network-ledger';
import { NetworkSequels } from './network-sequels';

const HALF_TRUTHS = [
  { outcome: 'PENDING' },
  { outcome: 'UNKNOWN' },
  { outcome: 'UNKNOWN', needs_person: true },
] as const;

/**
 * The truth of one network as a small automaton: what it has executed of each instruction. It may be slow, tell half-truths
 * first, contradict its own no, give a payer back by itself what it took, give back a credit, and dispute.
 */
export class WalkedNetwork {
  private readonly ledger: NetworkLedger;
  private readonly sequels: NetworkSequels;
  /** Holds and collections that a release was faster than. */
  private readonly tombstones = new Set<string>();

  constructor(
    readonly traits: NetworkTraits,
    private readonly random: SeededRandom,
    tell: (outcome: WalletOutcome) => void,
    isUnheard: (instructionId: string) => boolean,
    isAwaited: (instructionId: string) => boolean,
  ) {
    this.ledger = new NetworkLedger(traits, tell);
    this.sequels = new NetworkSequels(this.ledger, random, isUnheard, isAwaited);
  }

  get moved(): readonly Moved[] {
    return this.ledger.moved;
  }

  /** The first command with an id wins, a repeat is answered with the outcome as it stands. */
  arrive(command: WalletCommand): void {
    const known = this.ledger.instructions.get(command.instruction_id);
    if (known !== undefined) {
      if (known.version > 0) this.ledger.say(known, known.told, false);
      return;
    }
    const instruction = newInstruction(command);
    this.ledger.instructions.set(command.instruction_id, instruction);
    if (this.tombstones.has(command.instruction_id)) {
      instruction.state = 'refused';
      this.ledger.say(instruction, { outcome: 'NOT_SUBMITTED', reason: 'RELEASED_BEFORE_START' });
    }
  }

  happenings(): Happening[] {
    return [...this.ledger.instructions.values()].flatMap((one) => [
      ...(one.state === 'open' ? [...this.endings(one), ...this.halfTruths(one)] : this.sequels.of(one)),
    ]);
  }

  private endings(one: Instruction): Happening[] {
    switch (one.command.operation) {
      case 'hold':
      case 'collect':
        return this.takings(one);
      case 'capture':
        return this.captures(one);
      case 'release':
        return this.releases(one);
      default:
        return this.payouts(one);
    }
  }

  private halfTruths(one: Instruction): Happening[] {
    return HALF_TRUTHS.map((half) => ({
      name: `${one.command.operation} ${half.outcome}`,
      surprise: true,
      happen: () => this.ledger.say(one, half),
    }));
  }

  private takings(one: Instruction): Happening[] {
    const { operation } = one.command;
    const proof = { amount: one.command.amount, counterparty: this.traits.collector };
    const taken: Happening[] = [
      {
        name: `${operation} done`,
        happen: () => {
          this.ledger.take(one);
          this.ledger.say(one, this.ledger.yes(one));
        },
      },
      {
        name: `${operation} done and reversed by the wallet`,
        surprise: true,
        happen: () => {
          one.state = 'refused';
          this.ledger.say(one, { outcome: 'DECLINED', reason: 'NO_ANSWER_IN_TIME', ...proof });
        },
      },
      this.ledger.refusal(one, { outcome: 'DECLINED', reason: 'INSUFFICIENT_FUNDS' }),
      this.ledger.refusal(one, { outcome: 'DECLINED', reason: 'PAYER_DID_NOT_CONFIRM' }),
      this.ledger.refusal(one, { outcome: 'NOT_SUBMITTED', reason: 'NOT_AFTER_PASSED' }),
    ];
    return taken;
  }

  private captures(one: Instruction): Happening[] {
    const hold = this.ledger.targetOf(one);
    const lost = this.ledger.refusal(one, { outcome: 'DECLINED', reason: 'HOLD_EXPIRED' });
    if (hold === undefined || hold.held === 0n) return [lost];
    const captured: Happening = {
      name: 'capture done',
      happen: () => {
        one.state = 'done';
        hold.captured = true;
        this.ledger.move(hold, 'receivable', hold.held);
        this.ledger.say(one, this.ledger.yes(one));
      },
    };
    const unsent: Happening = {
      name: 'capture not sent',
      surprise: true,
      happen: () => this.ledger.say(one, { outcome: 'NOT_SUBMITTED', reason: 'OTHER' }),
    };
    return [captured, lost, unsent];
  }

  private releases(one: Instruction): Happening[] {
    const source = this.ledger.targetOf(one);
    const notNeeded = { outcome: 'PROCESSED', reason: 'RELEASED_BEFORE_START', amount: one.command.amount } as const;
    const done = (name: string, happen: () => void): Happening => ({
      name: `release ${name}`,
      happen: () => {
        one.state = 'done';
        happen();
      },
    });
    if (source === undefined) {
      return [
        done('before its start', () => {
          this.tombstones.add(one.command.target_instruction_id ?? '');
          this.ledger.say(one, notNeeded);
        }),
      ];
    }
    if (source.state === 'refused') return [done('of nothing', () => this.ledger.say(one, notNeeded))];
    if (source.state === 'open') return [done('ends an open one', () => this.endOpen(source, one, notNeeded))];
    if (source.released || source.held === 0n) {
      const declined = this.ledger.refusal(one, { outcome: 'DECLINED', reason: 'ALREADY_FINAL' });
      const isDone = done('of what is undone', () => this.ledger.say(one, this.ledger.yes(one)));
      // After parts of it nobody could tell whether a yes is about the same money: a person is asked.
      if (source.parts > 0) return [declined];
      return source.takenBack > 0n ? [isDone, declined] : [isDone];
    }
    const refused: Happening = {
      name: 'release refused for now',
      surprise: true,
      happen: () => this.ledger.say(one, { outcome: 'DECLINED', reason: 'OTHER' }),
    };
    if (amountOf(one) > source.held) return [this.ledger.refusal(one, { outcome: 'DECLINED', reason: 'OTHER' })];
    return [done('done', () => this.undo(source, one)), refused];
  }

  private undo(source: Instruction, one: Instruction): void {
    if (source.command.operation === 'collect') this.ledger.move(source, 'receivable', -amountOf(one));
    source.held -= source.command.operation === 'collect' ? amountOf(one) : source.held;
    source.released = true;
    this.ledger.say(one, this.ledger.yes(one));
  }

  /** A release that meets an open hold or collection ends it: nothing was taken, or it was and is given back. */
  private endOpen(source: Instruction, one: Instruction, notNeeded: Instruction['told']): void {
    const way = this.random.below(3);
    if (way === 0) {
      source.state = 'refused';
      this.ledger.say(source, { outcome: 'DECLINED', reason: 'PAYER_CANCELLED' });
      this.ledger.say(one, notNeeded);
      return;
    }
    this.ledger.take(source);
    if (way === 1) this.ledger.say(source, this.ledger.yes(source));
    this.undo(source, one);
    if (way === 2) {
      source.state = 'refused';
      this.ledger.say(source, { outcome: 'DECLINED', reason: 'PAYER_CANCELLED' });
    }
  }

  /** Credits, refunds, and answers to disputes, which move nothing. */
  private payouts(one: Instruction): Happening[] {
    const done: Happening = {
      name: `${one.command.operation} done`,
      happen: () => {
        one.state = 'done';
        this.ledger.payOut(one);
        this.ledger.say(one, this.ledger.yes(one));
      },
    };
    const reason = one.command.operation === 'credit' ? 'PAYEE_ACCOUNT_CLOSED' : 'OTHER';
    return [
      done,
      this.ledger.refusal(one, { outcome: 'DECLINED', reason }),
      this.ledger.refusal(one, { outcome: 'NOT_SUBMITTED', reason: 'NOT_AFTER_PASSED' }),
    ];
  }
}
