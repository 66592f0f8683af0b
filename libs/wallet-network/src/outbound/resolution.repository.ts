import { Injectable } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';
import type { Finding, Resolution } from '../domain/resolution';

/** What has become of a resolution. */
export type ResolutionEnd = 'approved' | 'rejected' | 'overtaken';

/** An instruction that waits for a person, as the queue shows it. */
export interface ReviewItem {
  instruction_id: string;
  payment_id: string;
  partner_id: string;
  operation: string;
  amount: bigint;
  currency: string;
  network_reference: string | null;
  plan_start: Date | null;
  due: Date | null;
  resolution: { id: string; finding: Finding; requested_by: string; evidence: string; reason: string } | null;
  /** The newest answers of the network, newest first. */
  evidence: KeptEvidence[];
}

/** One answer of the network as it was kept: kinds, codes, references and amounts only. */
export interface KeptEvidence {
  source: string;
  /** As PostgreSQL writes it into JSON: ISO 8601 in microseconds. */
  at: string;
  answer: Record<string, unknown>;
}

interface ResolutionRow {
  resolution_id: string;
  instruction_id: string;
  finding: Finding;
  network_reference: string | null;
  evidence_file: string;
  reason: string;
  requested_by: string;
}

const QUEUE = `
  SELECT i.instruction_id, i.payment_id, i.partner_id, i.operation, i.amount, i.currency, i.network_reference,
         i.plan_start, i.due,
         CASE WHEN r.resolution_id IS NOT NULL THEN json_build_object('id', r.resolution_id, 'finding', r.finding,
           'requested_by', r.requested_by, 'evidence', r.evidence_file, 'reason', r.reason) END AS resolution,
         coalesce((SELECT json_agg(json_build_object('source', e.source, 'at', e.at, 'answer', e.answer)) FROM (
           SELECT source, at, answer FROM instruction_evidence
           WHERE instruction_id = i.instruction_id ORDER BY evidence_id DESC LIMIT $3) e), '[]') AS evidence
    FROM instruction i LEFT JOIN resolution r ON r.instruction_id = i.instruction_id AND r.state = 'requested'
   WHERE i.needs_person AND i.instruction_id > $1 ORDER BY i.instruction_id LIMIT $2`;

/** Findings of people about unknown outcomes, and the queue that they work on. */
@Injectable()
export class ResolutionRepository {
  /** What waits for a person, after the given id, each with so many of the network's last answers. */
  async queue(reader: Tx, after: string, limit: number, answers: number): Promise<ReviewItem[]> {
    return reader.query<ReviewItem>(QUEUE, [after, limit, answers]);
  }

  /** @returns false where a finding about the same instruction waits for its decision. */
  async request(tx: Tx, resolution: Resolution): Promise<boolean> {
    const { resolutionId, instructionId, finding, networkReference, evidenceFile, reason, requestedBy } = resolution;
    const rows = await tx.query(
      `INSERT INTO resolution
         (resolution_id, instruction_id, finding, network_reference, evidence_file, reason, requested_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING 1 AS one`,
      [resolutionId, instructionId, finding, networkReference, evidenceFile, reason, requestedBy],
    );
    return rows.length === 1;
  }

  /** The finding that waits for its decision, locked. */
  async lockRequested(tx: Tx, instructionId: string): Promise<Resolution | null> {
    const [row] = await tx.query<ResolutionRow>(
      `SELECT resolution_id, instruction_id, finding, network_reference, evidence_file, reason, requested_by
         FROM resolution WHERE instruction_id = $1 AND state = 'requested' FOR UPDATE`,
      [instructionId],
    );
    if (row === undefined) return null;
    return {
      resolutionId: row.resolution_id,
      instructionId: row.instruction_id,
      finding: row.finding,
      networkReference: row.network_reference,
      evidenceFile: row.evidence_file,
      reason: row.reason,
      requestedBy: row.requested_by,
    };
  }

  async end(tx: Tx, resolutionId: string, state: ResolutionEnd, decidedBy: string | null): Promise<void> {
    await tx.query(
      `UPDATE resolution SET state = $2, decided_by = $3, decided_at = clock_now() WHERE resolution_id = $1`,
      [resolutionId, state, decidedBy],
    );
  }
}
