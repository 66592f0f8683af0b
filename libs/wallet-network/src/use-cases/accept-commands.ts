import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import type { Emitted, InboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import type { NetworkDescription } from '../description';
import { beginForward, beginOnTarget, beginRelease, type Beginning } from '../domain/acceptance';
import type { InstructionRecord } from '../domain/instruction-record';
import { RELEASED_BEFORE_START } from '../domain/linked-release';
import { isFinal, neverStarted } from '../domain/standing';
import type { InstructionRepository } from '../outbound/instruction.repository';
import type { HeldInstrument, InstrumentRepository } from '../outbound/instrument.repository';
import type { CallDesk } from './call-desk';
import type { ExchangePlanner } from './exchange-planner';
import { InstructionChanges, type NetworkIdentity } from './instruction-changes';
import { fulfilledTombstone, newRecord, tombstoneFor } from './new-instruction';

type Command = InboundRecord<WalletCommand>;

/** PostgreSQL's serialization failure: messaging repeats the same batch, which then sees the other's rows. */
class RacedByAnotherInstance extends Error {
  readonly code = '40001';
}

/** Takes commands in: the first of an id wins, a repeat is answered with the outcome as it stands (design S1, S6, S7). */
export class AcceptCommands {
  constructor(
    private readonly instructions: InstructionRepository,
    private readonly instruments: InstrumentRepository,
    private readonly planner: ExchangePlanner,
    private readonly desk: CallDesk,
    private readonly network: NetworkIdentity & { description: NetworkDescription },
  ) {}

  async accept(records: readonly Command[], tx: Tx): Promise<Emitted> {
    const commands = records.map(({ data }) => data);
    const changes = new InstructionChanges(await this.instructions.nowMs(tx));
    const targets = commands.flatMap(({ target_instruction_id }) => target_instruction_id ?? []);
    const ids = [...new Set([...commands.map(({ instruction_id }) => instruction_id), ...targets])];
    changes.know((await this.instructions.lock(tx, ids)).values());
    const instruments = await this.instruments.find(tx, instrumentsOf(commands, targets, changes));
    const callable: string[] = [];
    for (const record of records) {
      if (this.take(record, instruments, changes)) callable.push(record.data.instruction_id);
    }
    return this.write(callable, instruments, changes, tx);
  }

  /** @returns whether the instruction may be called. */
  private take(
    command: Command,
    instruments: ReadonlyMap<string, HeldInstrument>,
    changes: InstructionChanges,
  ): boolean {
    const { data } = command;
    const known = changes.get(data.instruction_id);
    if (known?.state === 'TOMBSTONE') {
      changes.apply(fulfilledTombstone(known, data), RELEASED_BEFORE_START, 'clock');
      return false;
    }
    if (known !== null) {
      changes.repeat(known.instructionId);
      return false;
    }
    const target = changes.get(data.target_instruction_id ?? null);
    const begun = this.begin(data, target, instruments.get(data.instrument_id ?? '') ?? null, changes);
    const record = changes.put(newRecord(command, target, begun.as === 'waiting' ? null : changes.nowMs));
    if (data.operation === 'release') this.meetTarget(command, target, begun, changes);
    if (begun.as === 'ended') changes.apply(record, begun.change, 'clock');
    return begun.as === 'callable';
  }

  private begin(
    command: WalletCommand,
    target: InstructionRecord | null,
    instrument: HeldInstrument | null,
    changes: InstructionChanges,
  ): Beginning {
    switch (command.operation) {
      case 'hold':
      case 'collect':
      case 'credit':
        return beginForward(command, instrument, this.network.description, changes.nowMs);
      case 'capture':
      case 'refund':
      case 'represent':
      case 'accept':
        return beginOnTarget(command, target, this.network.description);
      case 'release':
        return beginRelease(command, target);
    }
  }

  /** What a release does to its target: refuses it before it comes or starts, or has it resolved. */
  private meetTarget(
    command: Command,
    target: InstructionRecord | null,
    begun: Beginning,
    changes: InstructionChanges,
  ): void {
    const { target_instruction_id: targetId, instruction_id: releasedBy } = command.data;
    if (target === null) {
      if (targetId !== undefined) changes.put(tombstoneFor(command, targetId));
      return;
    }
    if (neverStarted(target)) changes.apply(target, RELEASED_BEFORE_START, 'clock');
    else if (!isFinal(target.state) && target.state !== 'TOMBSTONE') {
      // An open target is asked about now: its certain outcome moves the release that waits for it.
      const dueMs = begun.as === 'waiting' ? changes.nowMs : target.dueMs;
      changes.put({ ...target, releasedBy, dueMs });
    }
  }

  /** What fits is leased in this transaction and called after its commit; the rest is found by the lease loop. */
  private async write(
    callable: readonly string[],
    instruments: ReadonlyMap<string, HeldInstrument>,
    changes: InstructionChanges,
    tx: Tx,
  ): Promise<Emitted> {
    const leased = callable.filter((id) => changes.get(id)?.state === 'QUEUED').slice(0, this.desk.free());
    const planned = leased.map((id) => this.planner.plan(changes.get(id)!, 'call', changes));
    const inserts = changes.inserts();
    const leases = await this.instructions.insert(tx, inserts);
    if (leases.size < inserts.length) throw new RacedByAnotherInstance('an instruction came to two instances at once');
    await this.instructions.update(tx, changes.updates(), changes.endsLease);
    await this.instructions.fulfilTombstones(tx, changes.fulfilled());
    const exchanges = planned.map((plan) => plan(leases, instruments));
    return { ...changes.emitted(this.network), afterCommit: () => this.desk.start(exchanges) };
  }
}

function instrumentsOf(
  commands: readonly WalletCommand[],
  targets: readonly string[],
  changes: InstructionChanges,
): string[] {
  const named = commands.flatMap(({ instrument_id }) => instrument_id ?? []);
  const behind = targets.flatMap((id) => changes.get(id)?.instrumentId ?? []);
  return [...new Set([...named, ...behind])];
}
