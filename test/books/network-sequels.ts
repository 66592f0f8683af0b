import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { SeededRandom } from '../crash/seeded-random';
import { amountOf, type Happening, type Instruction } from './network-instruction';
import { AT, type NetworkLedger } from './network-ledger';

/** What a network does of its own accord after an outcome that was certain: it contradicts itself, takes back, disputes. */
export class NetworkSequels {
  constructor(
    private readonly ledger: NetworkLedger,
    private readonly random: SeededRandom,
    /** Whether something that was told of an instruction is still on its way. */
    private readonly isUnheard: (instructionId: string) => boolean,
    /** Whether what it was for still waits: where the money has gone another way since, a late yes is a case and no booking. */
    private readonly isAwaited: (instructionId: string) => boolean,
  ) {}

  of(one: Instruction): Happening[] {
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
      this.ledger.payOut(one);
      this.ledger.say(one, { ...this.ledger.yes(one), late: true });
    };
    return [{ name: `${one.command.operation} done after all`, surprise: true, happen }];
  }

  /** Money went another way since: what then proves to have been paid is a case, and no booking. */
  private isFormerAttempt({ command }: Instruction): boolean {
    const [, object] = /^((?:rfd|ret)_[0-9A-Z]+)-/.exec(command.instruction_id) ?? [];
    if (object === undefined) return false;
    return [...this.ledger.instructions.keys()].some((id) => id.startsWith(object) && id > command.instruction_id);
  }

  private cameBack(one: Instruction): Happening[] {
    const isOfRefund = one.command.instruction_id.startsWith('rfd_');
    // Whatever comes back of a late credit stays with a person.
    if (one.state !== 'done' || one.takenBack > 0n || isOfRefund || one.late) return [];
    const isPart = !one.command.instruction_id.startsWith('ret_') && this.random.below(3) === 0;
    const happen = (): void => {
      one.takenBack = isPart ? amountOf(one) / 3n : amountOf(one);
      this.ledger.move(one, 'float', one.takenBack);
      this.ledger.say(one, this.ledger.yes(one));
    };
    return [{ name: 'credit came back', surprise: true, happen }];
  }

  private lateTaking(one: Instruction): Happening[] {
    if (one.state !== 'refused' || one.told.outcome !== 'DECLINED' || one.released) return [];
    const happen = (): void => {
      one.late = true;
      this.ledger.take(one);
      this.ledger.say(one, { ...this.ledger.yes(one), late: true });
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
        if (isMoney) this.ledger.move(one, 'receivable', -amount);
        this.ledger.say(one, this.ledger.yes(one));
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
      this.ledger.move(one, 'receivable', -gross - fee);
      one.disputes.push({
        network_reference: `dispute-${one.disputes.length + 1}`,
        status: 'open',
        amount: this.ledger.wire(one, gross),
        category: 'not_received',
        reason_code: '13.1',
        received_at: AT,
        fee: this.ledger.wire(one, fee),
      });
      this.ledger.say(one, this.ledger.yes(one));
    };
    return { name: 'dispute opened', surprise: true, happen };
  }

  private disputeEnds(one: Instruction, dispute: NetworkDispute, position: number): Happening[] {
    if (dispute.status === 'won' || dispute.status === 'lost') return [];
    const end = (status: 'under_review' | 'won' | 'lost'): Happening => ({
      name: `dispute ${status}`,
      happen: () => {
        if (status === 'won') this.ledger.move(one, 'receivable', BigInt(dispute.amount.amount));
        one.disputes[position] = { ...dispute, status };
        this.ledger.say(one, this.ledger.yes(one));
      },
    });
    return [...(dispute.status === 'open' ? [end('under_review')] : []), end('won'), end('lost')];
  }
}
