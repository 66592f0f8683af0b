import { defineContract, idSchema, instantSchema } from './contract';

/**
 * CLEAR: go on. REVIEW: a person decides, more outcomes follow with a higher version. REJECTED: refused by a rule
 * (a limit). HIT: a sanctions match. PARTY_UNKNOWN: no such party for this partner.
 */
export const SCREENING_OUTCOMES = ['CLEAR', 'REVIEW', 'REJECTED', 'HIT', 'PARTY_UNKNOWN'] as const;
export type ScreeningOutcomeKind = (typeof SCREENING_OUTCOMES)[number];

/** The screening as it stands; higher `version` wins. The reason is a rule's code and never says whom a list names. */
export interface ScreeningOutcome {
  instruction_id: string;
  payment_id: string;
  partner_id: string;
  version: number;
  outcome: ScreeningOutcomeKind;
  rule?: string;
  list_version?: string;
  at: string;
}

/** Writer: compliance. */
export const screeningEvents = defineContract<ScreeningOutcome>({
  topic: 'compliance.screening.events.v1',
  kind: 'instruction',
  writer: 'compliance',
  schema: {
    type: 'object',
    required: ['instruction_id', 'payment_id', 'partner_id', 'version', 'outcome', 'at'],
    properties: {
      instruction_id: idSchema,
      payment_id: idSchema,
      partner_id: idSchema,
      version: { type: 'integer', minimum: 1 },
      outcome: { enum: SCREENING_OUTCOMES },
      rule: { type: 'string', maxLength: 64 },
      list_version: { type: 'string', maxLength: 64 },
      at: instantSchema,
    },
  },
  examples: [
    {
      instruction_id: 'pay_01K0EXAMPLE0000000000000000-screen',
      payment_id: 'pay_01K0EXAMPLE0000000000000000',
      partner_id: 'prt_demo',
      version: 1,
      outcome: 'CLEAR',
      list_version: 'sample-1',
      at: '2026-11-25T10:00:00.000Z',
    },
  ],
  keyOf: (outcome) => outcome.payment_id,
});
