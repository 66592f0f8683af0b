import type { AmountOnWire } from '@gateway/contracts/contract';
import type { WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';
import type { Outcome } from '../outcome';

/** One movement that the in-process network has executed: its own view, independent of what it answered. */
export interface Movement {
  instructionId: string;
  operation: WalletOperation;
  amount: AmountOnWire;
  targetId: string | null;
}

interface KnownId {
  outcome: Outcome;
  sinceMs: number;
}

/**
 * The network's own books, in memory: what it executed, and the answers that it keeps per id for as long as an id
 * lives. After that life the same id is a new request, and moves money again, as with real networks.
 */
export class InProcessBooks {
  private readonly executed: Movement[] = [];
  private readonly known = new Map<string, KnownId>();

  constructor(
    private readonly idLifeMs: number,
    private readonly nowMs: () => number,
  ) {}

  movements(): readonly Movement[] {
    return this.executed;
  }

  movementsOf(instructionId: string): readonly Movement[] {
    return this.executed.filter((movement) => movement.instructionId === instructionId);
  }

  /** The answer kept for an id, while the id lives. */
  answerTo(instructionId: string): Outcome | null {
    const found = this.known.get(instructionId);
    return found !== undefined && this.nowMs() < found.sinceMs + this.idLifeMs ? found.outcome : null;
  }

  /** What became of an id: known for ever, as in a network's own records. */
  find(instructionId: string): Outcome | null {
    return this.known.get(instructionId)?.outcome ?? null;
  }

  keep(instructionId: string, outcome: Outcome): void {
    const sinceMs = this.known.get(instructionId)?.sinceMs ?? this.nowMs();
    this.known.set(instructionId, { outcome, sinceMs });
  }

  execute(movement: Movement): void {
    this.executed.push(movement);
  }
}
