import type { AmountOnWire } from '@gateway/contracts/contract';
import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { amountOf, type Happening, type Instruction, type Moved } from './network-instruction';

export const AT = '2026-11-25T10:00:00.000Z';

/** What differs between the two networks of a payment. */
export interface NetworkTraits {
  id: string;
  /** Who owes what was taken from a payer, and who pays payees. */
  collector: string;
  payer: string;
  holdExpiresAt: string;
}

/** What one network has executed of its instructions, and what it has told of them. */
export class NetworkLedger {
  readonly moved: Moved[] = [];
  readonly instructions = new Map<string, Instruction>();

  constructor(
    readonly traits: NetworkTraits,
    private readonly tell: (outcome: WalletOutcome) => void,
  ) {}

  take(one: Instruction): void {
    one.state = 'done';
    one.held = amountOf(one);
    if (one.command.operation === 'collect') this.move(one, 'receivable', one.held);
  }

  yes(one: Instruction): Instruction['told'] {
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

  payOut(one: Instruction): void {
    const { operation } = one.command;
    if (operation === 'credit') this.move(one, 'float', -amountOf(one));
    if (operation === 'refund') this.move(one, 'receivable', -amountOf(one));
  }

  refusal(one: Instruction, told: Instruction['told']): Happening {
    return {
      name: `${one.command.operation} ${told.outcome}`,
      surprise: true,
      happen: () => {
        one.state = 'refused';
        this.say(one, told);
      },
    };
  }

  say(one: Instruction, told: Instruction['told'], isNews = true): void {
    if (isNews) one.version += 1;
    one.told = told;
    const { instruction_id, payment_id, partner_id, operation } = one.command;
    const named = { instruction_id, payment_id, partner_id, operation, network: this.traits.id };
    this.tell({ ...named, version: one.version, evidence: 'answer', at: AT, ...told });
  }

  move(one: Instruction, role: Moved['role'], minor: bigint): void {
    this.moved.push({ counterparty: this.partyOf(one), role, currency: one.command.amount.currency, minor });
  }

  partyOf({ command }: Instruction): string {
    return command.operation === 'credit' ? this.traits.payer : this.traits.collector;
  }

  targetOf({ command }: Instruction): Instruction | undefined {
    return this.instructions.get(command.target_instruction_id ?? '');
  }

  wire({ command }: Instruction, minor: bigint): AmountOnWire {
    return { amount: minor.toString(), currency: command.amount.currency };
  }
}
