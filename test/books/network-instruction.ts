import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { OutcomeKind, WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';

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

/** Before its network has done anything. */
export function newInstruction(command: WalletCommand): Instruction {
  return {
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
}

export function amountOf({ command }: Instruction): bigint {
  return BigInt(command.amount.amount);
}
