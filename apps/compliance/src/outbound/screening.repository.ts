import { Injectable } from '@nestjs/common';
import type { ScreeningOutcome, ScreeningOutcomeKind } from '@gateway/contracts/compliance.screening.events.v1';
import type { Tx } from '@gateway/persistence';
import { ScreeningStore } from '../use-cases/screening-store';

interface Row {
  instruction_id: string;
  payment_id: string;
  partner_id: string;
  version: number;
  outcome: ScreeningOutcomeKind;
  rule: string | null;
  list_version: string;
  screened_at: Date;
}

const COLUMNS = 'instruction_id, payment_id, partner_id, version, outcome, rule, list_version, screened_at';

/** Screenings in PostgreSQL, read and written a batch at a time. */
@Injectable()
export class ScreeningRepository extends ScreeningStore {
  async find(tx: Tx, instructionIds: readonly string[]): Promise<Map<string, ScreeningOutcome>> {
    const sql = `SELECT ${COLUMNS} FROM screening WHERE instruction_id = ANY($1)`;
    const rows = await tx.query<Row>(sql, [instructionIds], 'screening_find');
    return new Map(rows.map((row) => [row.instruction_id, outcomeOf(row)]));
  }

  async add(tx: Tx, outcomes: readonly ScreeningOutcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    const column = <K extends keyof ScreeningOutcome>(name: K): (ScreeningOutcome[K] | null)[] =>
      outcomes.map((outcome) => outcome[name] ?? null);
    await tx.query(
      `INSERT INTO screening (${COLUMNS})
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])`,
      [
        column('instruction_id'),
        column('payment_id'),
        column('partner_id'),
        column('version'),
        column('outcome'),
        column('rule'),
        column('list_version'),
        column('at'),
      ],
      'screening_add',
    );
  }
}

function outcomeOf(row: Row): ScreeningOutcome {
  return {
    instruction_id: row.instruction_id,
    payment_id: row.payment_id,
    partner_id: row.partner_id,
    version: row.version,
    outcome: row.outcome,
    ...(row.rule === null ? {} : { rule: row.rule }),
    list_version: row.list_version,
    at: row.screened_at.toISOString(),
  };
}
