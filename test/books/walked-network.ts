import type { AmountOnWire } from '@gateway/contracts/contract';
import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { OutcomeKind, WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import type { SeededRandom } from '../crash/seeded-random';

/** Money that a network has moved: positive where a counterparty owes us more, or our float there grew. */
export interface Moved {
  counterparty: string;
  role: 'receivable' | 'float';
  currency: string;
  minor: bigint;
}

/** Something that a network may do next. */
export interface Happening {
  name: string;
  /** What it costs of the walk's budget of surprises; absent where it is the ordinary course. */
  surprise?: true;
  happen: () => void;
}

/** One instruction at its network: what is true of it, and what was told. */
export interface Instruction {
  command: WalletCommand;
  state: 'open' | 'done' | 'refused';
  told: Partial<WalletOutcome> & { outcome: OutcomeKind };
  version: number;
  /** Of a hold or collection: what the network has of the payer's, and what it has given back by itself. */
  held: bigint;
  captured: boolean;
  takenBack: bigint;
  parts: number;
  /** Undone by our own release. */
  released: boolean;
  /** It stands after a certain no. */
  late: boolean;
  disputes: NetworkDispute[];
}

const AT = '2026-11-25T10:00:00.000Z';
const HALF_TRUTHS = [
  { outcome: 'PENDING' },
  { outcome: 'UNKNOWN' },
  { outcome: 'UNKNOWN', needs_person: true },
] as const;

/** What differs between the two networks of a payment. */
export interface NetworkTraits {
  id: string;
  /** Who owes what was taken from a payer, and who pays payees. */
  collector: string;
  payer: string;
  holdExpiresAt: string;
}

/**
 * The truth of one network as a small automaton: what it has executed of each instruction. It may be slow, tell half-truths
 * first, contradict its own no, give a payer back by itself what it took, give back a credit, and dispute.
 */
export class WalkedNetwork {
  readonly moved: Moved[] = [];
  readonly instructions = new Map<string, Instruction>();
  /** Holds and collections that a release was faster than. */
  private readonly tombstones = new Set<string>();

  constructor(
    readonly traits: NetworkTraits,
    private readonly random: SeededRandom,
    private readonly tell: (outcome: WalletOutcome) => void,
    /** Whether something that was told of an instruction is still on its way. */
    private readonly isUnheard: (instructionId: string) => boolean,
    /** Whether what it was for still waits: where the money has gone another way since, a late yes is a case and no booking. */
    private readonly isAwaited: (instructionId: string) => boolean,
  ) {}

  /** The first command with an id wins, a repeat is answered with the outcome as it stands. */
  arrive(command: WalletCommand): void {
    const known = this.instructions.get(command.instruction_id);
    if (known !== undefined) {
      if (known.version > 0) this.say(known, known.told, false);
      return;
    }
    const instruction: Instruction = {
      command,
      state: 'open',
      told: { outcome: 'PENDING' },
      version: 0,
      held: 0n,
      captured: false,
      takenBack: 0n,
      parts: 0,
      released: false,
      late: false,
      disputes: [],
    };
    this.instructions.set(command.instruction_id, instruction);
    if (this.tombstones.has(command.instruction_id)) {
      instruction.state = 'refused';
      this.say(instruction, { outcome: 'NOT_SUBMITTED', reason: 'RELEASED_BEFORE_START' });
    }
  }

  happenings(): Happening[] {
    return [...this.instructions.values()].flatMap((one) => [
      ...(one.state === 'open' ? [...this.endings(one), ...this.halfTruths(one)] : this.sequels(one)),
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
      happen: () => this.say(one, half),
    }));
  }

  private takings(one: Instruction): Happening[] {
    const { operation } = one.command;
    const proof = { amount: one.command.amount, counterparty: this.traits.collector };
    const taken: Happening[] = [
      {
        name: `${operation} done`,
        happen: () => {
          this.take(one);
          this.say(one, this.yes(one));
        },
      },
      {
        name: `${operation} done and reversed by the wallet`,
        surprise: true,
        happen: () => {
          one.state = 'refused';
          this.say(one, { outcome: 'DECLINED', reason: 'NO_ANSWER_IN_TIME', ...proof });
        },
      },
      this.refusal(one, { outcome: 'DECLINED', reason: 'INSUFFICIENT_FUNDS' }),
      this.refusal(one, { outcome: 'DECLINED', reason: 'PAYER_DID_NOT_CONFIRM' }),
      this.refusal(one, { outcome: 'NOT_SUBMITTED', reason: 'NOT_AFTER_PASSED' }),
    ];
    return taken;
  }

  private refusal(one: Instruction, told: Instruction['told']): Happening {
    return {
      name: `${one.command.operation} ${told.outcome}`,
      surprise: true,
      happen: () => {
        one.state = 'refused';
        this.say(one, told);
      },
    };
  }

  private take(one: Instruction): void {
    one.state = 'done';
    one.held = amountOf(one);
    if (one.command.operation === 'collect') this.move(one, 'receivable', one.held);
  }

  private yes(one: Instruction): Instruction['told'] {
    const isHold = one.command.operation === 'hold';
    return {
      outcome: 'PROCESSED',
      amount: one.command.amount,
      counterparty: this.partyOf(one),
      ...(isHold && { hold_expires_at: this.traits.holdExpiresAt }),
      ...(one.takenBack > 0n && { returned: this.wire(one, one.takenBack) }),
      ...(one.disputes.length > 0 && { disputes: [...one.disputes] }),
    };
  }

  private captures(one: Instruction): Happening[] {
    const hold = this.targetOf(one);
    const lost = this.refusal(one, { outcome: 'DECLINED', reason: 'HOLD_EXPIRED' });
    if (hold === undefined || hold.held === 0n) return [lost];
    const captured: Happening = {
      name: 'capture done',
      happen: () => {
        one.state = 'done';
        hold.captured = true;
        this.move(hold, 'receivable', hold.held);
        this.say(one, this.yes(one));
      },
    };
    const unsent: Happening = {
      name: 'capture not sent',
      surprise: true,
      happen: () => this.say(one, { outcome: 'NOT_SUBMITTED', reason: 'OTHER' }),
    };
    return [captured, lost, unsent];
  }

  private releases(one: Instruction): Happening[] {
    const source = this.targetOf(one);
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
          this.say(one, notNeeded);
        }),
      ];
    }
    if (source.state === 'refused') return [done('of nothing', () => this.say(one, notNeeded))];
    if (source.state === 'open') return [done('ends an open one', () => this.endOpen(source, one, notNeeded))];
    if (source.released || source.held === 0n) {
      const declined = this.refusal(one, { outcome: 'DECLINED', reason: 'ALREADY_FINAL' });
      const isDone = done('of what is undone', () => this.say(one, this.yes(one)));
      // After parts of it nobody could tell whether a yes is about the same money: a person is asked.
      if (source.parts > 0) return [declined];
      return source.takenBack > 0n ? [isDone, declined] : [isDone];
    }
    const refused: Happening = {
      name: 'release refused for now',
      surprise: true,
      happen: () => this.say(one, { outcome: 'DECLINED', reason: 'OTHER' }),
    };
    if (amountOf(one) > source.held) return [this.refusal(one, { outcome: 'DECLINED', reason: 'OTHER' })];
    return [done('done', () => this.undo(source, one)), refused];
  }

  private undo(source: Instruction, one: Instruction): void {
    if (source.command.operation === 'collect') this.move(source, 'receivable', -amountOf(one));
    source.held -= source.command.operation === 'collect' ? amountOf(one) : source.held;
    source.released = true;
    this.say(one, this.yes(one));
  }

  /** A release that meets an open hold or collection ends it: nothing was taken, or it was and is given back. */
  private endOpen(source: Instruction, one: Instruction, notNeeded: Instruction['told']): void {
    const way = this.random.below(3);
    if (way === 0) {
      source.state = 'refused';
      this.say(source, { outcome: 'DECLINED', reason: 'PAYER_CANCELLED' });
      this.say(one, notNeeded);
      return;
    }
    this.take(source);
    if (way === 1) this.say(source, this.yes(source));
    this.undo(source, one);
    if (way === 2) {
      source.state = 'refused';
      this.say(source, { outcome: 'DECLINED', reason: 'PAYER_CANCELLED' });
    }
  }

  /** Credits, refunds, and answers to disputes, which move nothing. */
  private payouts(one: Instruction): Happening[] {
    const done: Happening = {
      name: `${one.command.operation} done`,
      happen: () => {
        one.state = 'done';
        this.payOut(one);
        this.say(one, this.yes(one));
      },
    };
    const reason = one.command.operation === 'credit' ? 'PAYEE_ACCOUNT_CLOSED' : 'OTHER';
    return [
      done,
      this.refusal(one, { outcome: 'DECLINED', reason }),
      this.refusal(one, { outcome: 'NOT_SUBMITTED', reason: 'NOT_AFTER_PASSED' }),
    ];
  }

  private payOut(one: Instruction): void {
    const { operation } = one.command;
    if (operation === 'credit') this.move(one, 'float', -amountOf(one));
    if (operation === 'refund') this.move(one, 'receivable', -amountOf(one));
  }

  /** What comes after an outcome that was certain. */
  private sequels(one: Instruction): Happening[] {
    const { operation } = one.command;
    // That it was done after all is told once, and not again with what comes later.
    if (one.late && this.isUnheard(one.command.instruction_id)) return [];
    if (operation === 'credit') return [...this.lateYes(one), ...this.cameBack(one)];
    if (operation === 'refund') return this.lateYes(one);
    if (operation === 'hold' || operation === 'collect') {
      return [...this.lateTaking(one), ...this.takenBack(one), ...this.disputed(one)];
    }
    return [];
  }

  private lateYes(one: Instruction): Happening[] {
    const isFormer = this.isFormerAttempt(one);
    if (one.state !== 'refused' || one.told.outcome !== 'DECLINED' || isFormer) return [];
    if (!this.isAwaited(one.command.instruction_id)) return [];
    const happen = (): void => {
      one.state = 'done';
      one.late = true;
      this.payOut(one);
      this.say(one, { ...this.yes(one), late: true });
    };
    return [{ name: `${one.command.operation} done after all`, surprise: true, happen }];
  }

  /** Money went another way since: what then proves to have been paid is a case, and no booking. */
  private isFormerAttempt({ command }: Instruction): boolean {
    const [, object] = /^((?:rfd|ret)_[0-9A-Z]+)-/.exec(command.instruction_id) ?? [];
    if (object === undefined) return false;
    return [...this.instructions.keys()].some((id) => id.startsWith(object) && id > command.instruction_id);
  }

  private cameBack(one: Instruction): Happening[] {
    const isOfRefund = one.command.instruction_id.startsWith('rfd_');
    // Whatever comes back of a late credit stays with a person.
    if (one.state !== 'done' || one.takenBack > 0n || isOfRefund || one.late) return [];
    const isPart = !one.command.instruction_id.startsWith('ret_') && this.random.below(3) === 0;
    const happen = (): void => {
      one.takenBack = isPart ? amountOf(one) / 3n : amountOf(one);
      this.move(one, 'float', one.takenBack);
      this.say(one, this.yes(one));
    };
    return [{ name: 'credit came back', surprise: true, happen }];
  }

  private lateTaking(one: Instruction): Happening[] {
    if (one.state !== 'refused' || one.told.outcome !== 'DECLINED' || one.released) return [];
    const happen = (): void => {
      one.late = true;
      this.take(one);
      this.say(one, { ...this.yes(one), late: true });
    };
    return [{ name: `${one.command.operation} stands after all`, surprise: true, happen }];
  }

  /** The whole, or of what was collected or captured a part, which may be followed by more. */
  private takenBack(one: Instruction): Happening[] {
    if (one.state !== 'done' || one.held === 0n || one.disputes.length > 0) return [];
    const isMoney = one.captured || one.command.operation === 'collect';
    const back = (name: string, amount: bigint): Happening => ({
      name,
      surprise: true,
      happen: () => {
        one.takenBack += amount;
        one.held -= amount;
        if (one.held > 0n) one.parts += 1;
        if (isMoney) this.move(one, 'receivable', -amount);
        this.say(one, this.yes(one));
      },
    });
    if (one.released) return [];
    const part = one.held / 3n;
    const inParts = isMoney && part > 0n && !one.late;
    return [back('taken back', one.held), ...(inParts ? [back('taken back in part', part)] : [])];
  }

  private disputed(one: Instruction): Happening[] {
    const isTaken = one.captured || one.command.operation === 'collect';
    if (one.state !== 'done' || !isTaken || one.released || one.takenBack > 0n) return [];
    const disputed = one.disputes.reduce((sum, { amount }) => sum + BigInt(amount.amount), 0n);
    const left = amountOf(one) - disputed;
    const goingOn = one.disputes.flatMap((dispute, position) => this.disputeEnds(one, dispute, position));
    const opens = one.disputes.length < 2 && left > 0n;
    return opens ? [...goingOn, this.disputeOpens(one, this.random.below(2) === 0 ? left : (left + 1n) / 2n)] : goingOn;
  }

  private disputeOpens(one: Instruction, gross: bigint): Happening {
    const fee = 1_500n;
    const happen = (): void => {
      this.move(one, 'receivable', -gross - fee);
      one.disputes.push({
        network_reference: `dispute-${one.disputes.length + 1}`,
        status: 'open',
        amount: this.wire(one, gross),
        category: 'not_received',
        reason_code: '13.1',
        received_at: AT,
        fee: this.wire(one, fee),
      });
      this.say(one, this.yes(one));
    };
    return { name: 'dispute opened', surprise: true, happen };
  }

  private disputeEnds(one: Instruction, dispute: NetworkDispute, position: number): Happening[] {
    if (dispute.status === 'won' || dispute.status === 'lost') return [];
    const end = (status: 'under_review' | 'won' | 'lost'): Happening => ({
      name: `dispute ${status}`,
      happen: () => {
        if (status === 'won') this.move(one, 'receivable', BigInt(dispute.amount.amount));
        one.disputes[position] = { ...dispute, status };
        this.say(one, this.yes(one));
      },
    });
    return [...(dispute.status === 'open' ? [end('under_review')] : []), end('won'), end('lost')];
  }

  private say(one: Instruction, told: Instruction['told'], isNews = true): void {
    if (isNews) one.version += 1;
    one.told = told;
    const { instruction_id, payment_id, partner_id, operation } = one.command;
    const named = { instruction_id, payment_id, partner_id, operation, network: this.traits.id };
    this.tell({ ...named, version: one.version, evidence: 'answer', at: AT, ...told });
  }

  private move(one: Instruction, role: Moved['role'], minor: bigint): void {
    this.moved.push({ counterparty: this.partyOf(one), role, currency: one.command.amount.currency, minor });
  }

  private partyOf({ command }: Instruction): string {
    return command.operation === 'credit' ? this.traits.payer : this.traits.collector;
  }

  private targetOf({ command }: Instruction): Instruction | undefined {
    return this.instructions.get(command.target_instruction_id ?? '');
  }

  private wire({ command }: Instruction, minor: bigint): AmountOnWire {
    return { amount: minor.toString(), currency: command.amount.currency };
  }
}

function amountOf({ command }: Instruction): bigint {
  return BigInt(command.amount.amount);
}
