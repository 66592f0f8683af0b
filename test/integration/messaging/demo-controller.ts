import { Controller } from '@nestjs/common';
import { Consumes, isOf, type Emitted, type InboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { demoAnswers, demoCommands, demoFacts } from './contracts';

/** What the handlers of a test process do and have seen; tests set it from outside. */
export const script = {
  /** Notes that make the handler throw. */
  poison: new Set<string>(),
  /** Sizes of the batches handled. */
  batches: [] as number[],
  /** Called inside the transaction, after the effects of a batch. */
  insideTransaction: (_records: InboundRecord[]): Promise<void> | void => undefined,
  /** Called right after the commit, before anything is published. */
  afterCommit: undefined as (() => void) | undefined,
};

/** The script as every test finds it: notes of `poison` throw, nothing else happens. */
export function resetScript(...poison: string[]): void {
  Object.assign(script, {
    poison: new Set(poison),
    batches: [],
    insideTransaction: () => undefined,
    afterCommit: undefined,
  });
}

/** One effect per record; a command is answered and audited. */
@Controller()
export class DemoController {
  @Consumes(demoCommands, demoFacts)
  async onRecords(records: InboundRecord[], tx: Tx): Promise<Emitted> {
    const emitted: Required<Pick<Emitted, 'records' | 'audit'>> = { records: [], audit: [] };
    for (const record of records) {
      const { note } = record.data as { note: string };
      if (script.poison.has(note)) throw new Error(`cannot handle ${note}`);
      if (!isOf(record, demoCommands)) continue;
      emitted.records.push({ contract: demoAnswers, data: record.data, partition: record.partition });
      const actions = [{ action: 'done' }];
      emitted.audit.push({ subjectId: record.key, bucket: record.partition, actor: 'service:demo', actions });
    }
    await tx.query(
      `INSERT INTO effect (instance, key, what) SELECT $1, t.key, t.what FROM unnest($2::text[], $3::text[]) AS t (key, what)`,
      [String(process.pid), records.map(({ key }) => key), records.map(whatOf)],
    );
    script.batches.push(records.length);
    await script.insideTransaction(records);
    return script.afterCommit ? { ...emitted, afterCommit: script.afterCommit } : emitted;
  }
}

function whatOf(record: InboundRecord): string {
  return isOf(record, demoCommands) ? `${record.data.instruction_id} ${record.data.note}` : `fact ${record.sequence}`;
}
