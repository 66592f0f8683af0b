import type { Outcome } from '../outcome';
import type { InstructionRecord } from './instruction-record';

/** What a person has found out about an instruction of which the network does not say what became of it. */
export const FINDINGS = ['done', 'not_done'] as const;
export type Finding = (typeof FINDINGS)[number];

/** A finding with its proof. It is decided by a second person, and only then it is an outcome. */
export interface Resolution {
  resolutionId: string;
  instructionId: string;
  finding: Finding;
  /** The network's own reference of what it has done; present where it is done. */
  networkReference: string | null;
  /** Where the proof is kept: the name of a file or case, never its content. */
  evidenceFile: string;
  reason: string;
  /** `operator:<subject>`. */
  requestedBy: string;
}

/** Whether a person may resolve it: the enquiry plan has ended, and nothing certain has come since. */
export function isOpenToPeople({ state, needsPerson }: Pick<InstructionRecord, 'state' | 'needsPerson'>): boolean {
  return state === 'UNKNOWN' && needsPerson;
}

/**
 * The outcome that a finding proves, as an enquiry would answer it: the whole amount asked, or a certain no. Another
 * amount than asked is nothing that a person may enter: that is a break between two books, for settlement to work.
 */
export function outcomeOfFinding(record: InstructionRecord, resolution: Resolution, counterparty: string): Outcome {
  const { networkReference } = resolution;
  if (resolution.finding === 'not_done' || networkReference === null) return { kind: 'DECLINED', reason: 'OTHER' };
  return { kind: 'PROCESSED', networkReference, amount: record.asked, counterparty };
}
