import { defineContract, idSchema, type Contract } from '@gateway/contracts/contract';
import { isOf, type BatchHandler, type Emitted } from '@gateway/messaging';

/** The payload of all topics of the conformance suite; `note` says what the handler does with it. */
export interface ConformanceNote {
  instruction_id: string;
  payment_id: string;
  note: string;
  sequence?: number;
}

const CONFORMANCE_SERVICE = 'conformance';

function contractOf(topic: string, kind: 'instruction' | 'history'): Contract<ConformanceNote> {
  return defineContract<ConformanceNote>({
    topic,
    kind,
    writer: CONFORMANCE_SERVICE,
    schema: {
      type: 'object',
      required: ['instruction_id', 'payment_id', 'note'],
      properties: {
        instruction_id: idSchema,
        payment_id: idSchema,
        note: { type: 'string' },
        sequence: { type: 'integer', minimum: 1 },
      },
    },
    examples: [{ instruction_id: 'i_1', payment_id: 'pay_1', note: 'plain' }],
    keyOf: ({ payment_id }) => payment_id,
  });
}

/** The suite's topics: a command, its answer, and a history. */
export const conformanceContracts = {
  service: CONFORMANCE_SERVICE,
  commands: contractOf('conformance.thing.commands.v1', 'instruction'),
  answers: contractOf('conformance.thing.events.v1', 'instruction'),
  facts: contractOf('conformance.fact.events.v1', 'history'),
};

/** Writes one effect per record, answers and audits commands, and throws for notes in `poison`. */
export function conformanceHandler(poison: ReadonlySet<string>): BatchHandler {
  return async (records, tx): Promise<Emitted> => {
    const emitted: Required<Pick<Emitted, 'records' | 'audit'>> = { records: [], audit: [] };
    for (const record of records) {
      const { note, instruction_id } = record.data as ConformanceNote;
      await tx.query('INSERT INTO effect (key, what) VALUES ($1, $2)', [record.key, `${instruction_id} ${note}`]);
      if (poison.has(note)) throw new Error(`cannot handle ${note}`);
      if (!isOf(record, conformanceContracts.commands)) continue;
      emitted.records.push({ contract: conformanceContracts.answers, data: record.data, partition: record.partition });
      const actions = [{ action: 'answered' }];
      emitted.audit.push({ subjectId: record.key, bucket: record.partition, actor: 'service:conformance', actions });
    }
    return emitted;
  };
}
