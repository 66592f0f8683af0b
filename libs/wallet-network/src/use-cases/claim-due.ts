import type { Emitted, OutboxTransactions } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import type { InstructionRecord } from '../domain/instruction-record';
import { nextStep } from '../domain/next-step';
import type { InstructionRepository } from '../outbound/instruction.repository';
import type { InstrumentRepository } from '../outbound/instrument.repository';
import type { CallDesk } from './call-desk';
import type { Exchange } from './exchange';
import type { ExchangePlanner, PlannedExchange } from './exchange-planner';
import { InstructionChanges, type NetworkIdentity } from './instruction-changes';
import { withTarget } from './linked-changes';
import type { CircumstancesOf } from './record-answers';

const MAX_CLAIM = 200;

/** Finds what is due and free, decides its next step, leases it, and after the commit makes the exchanges. */
export class ClaimDue {
  constructor(
    private readonly transactions: OutboxTransactions,
    private readonly instructions: InstructionRepository,
    private readonly instruments: InstrumentRepository,
    private readonly planner: ExchangePlanner,
    private readonly desk: CallDesk,
    private readonly network: NetworkIdentity & { circumstancesOf: CircumstancesOf },
  ) {}

  /** One claim. @returns how many instructions were due: as many as asked for means that more may wait. */
  async claim(): Promise<{ found: number; full: boolean }> {
    const limit = Math.min(MAX_CLAIM, this.desk.free());
    if (limit === 0) return { found: 0, full: false };
    const { exchanges, found } = await this.transactions.run(async (tx) => {
      const { result, emit } = await this.lease(limit, tx);
      return { result, emit };
    });
    this.desk.start(exchanges);
    return { found, full: found === limit };
  }

  private async lease(
    limit: number,
    tx: Tx,
  ): Promise<{ result: { exchanges: Exchange[]; found: number }; emit: Emitted }> {
    const due = await this.instructions.lockDue(tx, limit);
    if (due.length === 0) return { result: { exchanges: [], found: 0 }, emit: { records: [] } };
    const changes = new InstructionChanges(await this.instructions.nowMs(tx));
    changes.know(due);
    changes.know((await this.instructions.read(tx, linkedReads(due))).values());
    const planned = due.flatMap((record) => this.step(withTarget(record, changes), changes) ?? []);
    const leases = await this.instructions.update(tx, changes.updates(), changes.endsLease);
    const instruments = await this.instruments.find(tx, instrumentsOf(due, changes));
    const exchanges = planned.map((plan) => plan(leases, instruments));
    return { result: { exchanges, found: due.length }, emit: changes.emitted(this.network) };
  }

  private step(record: InstructionRecord, changes: InstructionChanges): PlannedExchange | null {
    const step = nextStep(record, this.network.circumstancesOf(record.operation, changes.nowMs));
    switch (step.do) {
      case 'call':
        return this.planner.plan(record, 'call', changes);
      case 'enquire':
        return this.planner.plan(record, 'enquiry', changes);
      case 'undo':
        return this.planner.plan(record, 'undo', changes);
      case 'end':
        changes.apply(record, step.change, 'clock');
        return null;
      case 'nothing':
        changes.put({ ...record, dueMs: null });
        return null;
    }
  }
}

/** A call needs to know what it acts on; the target is read, not locked: it is the instruction's row that is leased. */
function linkedReads(due: readonly InstructionRecord[]): string[] {
  return [...new Set(due.flatMap(({ targetId }) => targetId ?? []))];
}

function instrumentsOf(due: readonly InstructionRecord[], changes: InstructionChanges): string[] {
  const ids = due.flatMap(({ instrumentId, targetId }) => [instrumentId, changes.get(targetId)?.instrumentId ?? null]);
  return [...new Set(ids.filter((id) => id !== null))];
}
