import { sqlMigration } from '@gateway/persistence';

/** Terms of contracts on lost disputes have an end, and are set by two people. */
export const liabilityMigration = sqlMigration(
  1_700_000_123_000,
  'DisputeLiability',
  `
  ALTER TABLE dispute_liability ADD COLUMN valid_to timestamptz, ADD CHECK (valid_to > valid_from);
  COMMENT ON TABLE dispute_liability IS
    'Who bears a lost dispute, by the contract with the partner: by category, or * for all that no row names, from valid_from until before valid_to. What was in force when the payment was made decides, of several the one that began last; where nothing was, the gateway bears it.';

  CREATE TABLE liability_decision (
    decision_id text PRIMARY KEY,
    partner_id text NOT NULL REFERENCES partner,
    category text NOT NULL,
    bearer text NOT NULL CHECK (bearer IN ('partner', 'gateway')),
    clause text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz CHECK (valid_to > valid_from),
    reason text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'approved', 'rejected')),
    approved_by text,
    decided_at timestamptz,
    CHECK (requested_by <> approved_by),
    CHECK ((state = 'requested') = (approved_by IS NULL) AND (state = 'requested') = (decided_at IS NULL))
  );
  CREATE UNIQUE INDEX liability_decision_open ON liability_decision (partner_id, category, valid_from)
    WHERE state = 'requested';
  COMMENT ON TABLE liability_decision IS
    'A term of a contract that one person asks for, with a reason, and another one decides (approved_by, also of a rejection); approved, it is a row of dispute_liability.';
`,
);
