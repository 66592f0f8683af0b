import { sqlMigration } from '@gateway/persistence';

/** Refund rules by the partner's contract, and which rule a booked refund was under. */
export const refundTermsMigration = sqlMigration(
  1_700_000_130_040,
  'RefundTerms',
  `
  CREATE TABLE refund_terms (
    partner_id text NOT NULL DEFAULT '*',
    valid_from timestamptz NOT NULL,
    rule text NOT NULL CHECK (rule IN ('R1', 'R2', 'R3', 'R4')),
    basis text NOT NULL,
    PRIMARY KEY (partner_id, valid_from)
  );
  COMMENT ON TABLE refund_terms IS 'Who bears a move of the rate between payment and refund, by contract: R1 the gateway, R2 and R3 the rate of the day of the refund or of the day after it holds, R4 each refund says. A partner''s own row wins over *; the newest valid row counts. A quote carries its rule, so a new row changes no payment that has one.';
  INSERT INTO refund_terms VALUES ('*', '2026-01-01', 'R1', 'list terms: the payer gets back exactly what was paid');
  SELECT make_append_only('refund_terms');

  ALTER TABLE refund_booked ADD COLUMN rule text NOT NULL DEFAULT 'R1' CHECK (rule IN ('R1', 'R2', 'R3', 'R4')),
    ADD COLUMN bearer text CHECK (bearer IN ('gateway', 'payer', 'payee'));
  COMMENT ON TABLE refund_booked IS 'A refund as its booking refund_funded took it: what moved on both sides under its rule, the rate at which it was valued, the mark-up given back (payer''s currency) and the gateway''s result. Minor units. position_out: in the payer''s currency, position_in: in the other one. bearer: of rule R4 alone.';
`,
);
