/** What a payment is read with: where it stands, and what was ordered. */
const COLUMNS = `g.payment_id, g.state, g.sequence, g.due, g.standing,
  p.partner_id, p.partition, p.legal_entity, p.actor, p.quote_id, p.offer, p.offer_expires_at, p.source_network,
  p.target_network, p.purpose, p.bop_code, p.funding, p.hold_margin_ms, p.source_instrument, p.target_instrument,
  p.single_use_instrument IS NOT NULL AS single_use, p.payer_party, p.payee_party, p.source_currency, p.principal_minor,
  p.fee_minor, p.total_source_minor, p.target_currency, p.target_minor, p.mid, p.customer_rate, p.reference, p.metadata,
  p.created_at`;

/** Locked in id order, the one order that every transaction of this service locks payments in. */
export const LOCK_PAYMENTS = `
  SELECT ${COLUMNS} FROM payment_progress g JOIN payment p USING (payment_id)
  WHERE g.payment_id = ANY($1) ORDER BY g.payment_id FOR UPDATE OF g`;

export const LOCK_DUE_PAYMENTS = `
  SELECT ${COLUMNS} FROM payment_progress g JOIN payment p USING (payment_id)
  WHERE g.due <= clock_now() ORDER BY g.due LIMIT $1 FOR UPDATE OF g SKIP LOCKED`;

/** Inserted in the order of the quotes, so that two instances that meet on quotes wait in one direction. */
export const INSERT_PAYMENTS = `
  INSERT INTO payment (payment_id, partner_id, partition, legal_entity, actor, quote_id, offer, offer_expires_at,
    source_network, target_network, purpose, bop_code, funding, hold_margin_ms, source_instrument, target_instrument,
    single_use_instrument, payer_party, payee_party, source_currency, principal_minor, fee_minor, total_source_minor,
    target_currency, target_minor, mid, customer_rate, reference, metadata, route, created_at)
  SELECT * FROM json_to_recordset($1) AS n(payment_id text, partner_id text, partition smallint, legal_entity text,
    actor text, quote_id text, offer text, offer_expires_at timestamptz, source_network text, target_network text,
    purpose text, bop_code text, funding text, hold_margin_ms bigint, source_instrument text, target_instrument text,
    single_use_instrument text, payer_party text, payee_party text, source_currency text, principal_minor bigint,
    fee_minor bigint, total_source_minor bigint, target_currency text, target_minor bigint, mid text,
    customer_rate text, reference text, metadata jsonb, route jsonb, created_at timestamptz)
  ORDER BY quote_id
  ON CONFLICT DO NOTHING RETURNING payment_id`;

/** Of refused rows: whether the quote is taken; if not, it was the instrument. */
export const TAKEN_QUOTES = `SELECT quote_id FROM payment WHERE quote_id = ANY($1)`;

const STANDING_ROWS = `json_to_recordset($1) AS u(payment_id text, state text, public_status text, sequence integer,
    due timestamptz, standing jsonb, updated_at timestamptz)`;

export const INSERT_PROGRESS = `
  INSERT INTO payment_progress (payment_id, state, public_status, sequence, due, standing, updated_at)
  SELECT payment_id, state, public_status, sequence, due, standing, updated_at FROM ${STANDING_ROWS}`;

export const UPDATE_PROGRESS = `
  UPDATE payment_progress g SET state = u.state, public_status = u.public_status, sequence = u.sequence, due = u.due,
    standing = u.standing, updated_at = u.updated_at
  FROM ${STANDING_ROWS} WHERE g.payment_id = u.payment_id`;

export const POSTPONE = `UPDATE payment_progress SET due = $2 WHERE payment_id = ANY($1)`;

export const APPEND_CHANGES = `
  INSERT INTO payment_state_change (payment_id, sequence, state, public_status, changes, at)
  SELECT * FROM json_to_recordset($1) AS c(payment_id text, sequence integer, state text, public_status text,
    changes jsonb, at timestamptz)`;

export const OPEN_CASES = `
  INSERT INTO payment_case (case_id, payment_id, partner_id, kind, state, fact, instruction_id, detail, opened_at)
  SELECT * FROM json_to_recordset($1) AS c(case_id text, payment_id text, partner_id text, kind text, state text,
    fact text, instruction_id text, detail jsonb, opened_at timestamptz)`;

/** For readers: locks nothing. */
export const READ_PAYMENTS = `SELECT ${COLUMNS} FROM payment_progress g JOIN payment p USING (payment_id)`;
