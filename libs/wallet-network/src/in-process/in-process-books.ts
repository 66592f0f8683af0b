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

/** All that the network has of one id. */
interface IdRecord {
  readonly sinceMs: number;
  tries: number;
  enquiries: number;
  answer: { outcome: Outcome; sinceMs: number } | null;
  readonly executed: Movement[];
}

/**
 * The network's own books, in memory: what it executed, and the answers that it keeps per id for as long as an id
 * lives. After that life the same id is a new request, and moves money again, as with real networks. Records are kept
 * for ever unless `forgetAfterMs` says how long: a long run in one process measures the runtime's memory, not theirs.
 */
export class InProcessBooks {
  private readonly records = new Map<string, IdRecord>();

  constructor(
    private readonly idLifeMs: number,
    private readonly nowMs: () => number,
    private readonly forgetAfterMs: number = Infinity,
  ) {}

  movements(): readonly Movement[] {
    return [...this.records.values()].flatMap(({ executed }) => executed);
  }

  movementsOf(instructionId: string): readonly Movement[] {
    return this.records.get(instructionId)?.executed ?? [];
  }

  /** The answer kept for an id, while the id lives. */
  answerTo(instructionId: string): Outcome | null {
    const answer = this.records.get(instructionId)?.answer ?? null;
    return answer !== null && this.nowMs() < answer.sinceMs + this.idLifeMs ? answer.outcome : null;
  }

  /** What became of an id. */
  find(instructionId: string): Outcome | null {
    return this.records.get(instructionId)?.answer?.outcome ?? null;
  }

  /** Counts a try that moves money; gives back which one it is. */
  tried(instructionId: string): number {
    return ++this.recordOf(instructionId).tries;
  }

  /** Counts an enquiry; gives back which one it is. */
  asked(instructionId: string): number {
    return ++this.recordOf(instructionId).enquiries;
  }

  keep(instructionId: string, outcome: Outcome): void {
    const record = this.recordOf(instructionId);
    record.answer = { outcome, sinceMs: record.answer?.sinceMs ?? this.nowMs() };
  }

  execute(movement: Movement): void {
    this.recordOf(movement.instructionId).executed.push(movement);
  }

  private recordOf(instructionId: string): IdRecord {
    const found = this.records.get(instructionId);
    if (found !== undefined) return found;
    this.forget();
    const record: IdRecord = { sinceMs: this.nowMs(), tries: 0, enquiries: 0, answer: null, executed: [] };
    this.records.set(instructionId, record);
    return record;
  }

  /** The oldest come first in a map. */
  private forget(): void {
    const before = this.nowMs() - this.forgetAfterMs;
    for (const [instructionId, { sinceMs }] of this.records) {
      if (sinceMs >= before) return;
      this.records.delete(instructionId);
    }
  }
}
