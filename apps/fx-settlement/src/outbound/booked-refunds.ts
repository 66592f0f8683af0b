import { Money, Rate } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import type { BookedRefund } from '../domain/refund-book';
import type { PlacedPosting } from '../use-cases/ledger-store';
import { columns } from './column';

const READ = `
  SELECT r.payment_id, r.refund_id, r.source_currency, r.source_minor, r.target_currency, r.target_minor, r.mid,
    r.spread_minor, r.result_currency, r.result_minor, r.position_out_minor, r.position_in_minor, r.rule, r.bearer,
    EXISTS (SELECT 1 FROM booking b WHERE b.subject_id = r.payment_id AND b.code = 'refund_withdrawn'
      AND b.leg_id = r.refund_id || '-fund') AS is_withdrawn
  FROM refund_booked r WHERE r.payment_id = ANY($1::text[]) ORDER BY r.refund_id`;

const WRITE = `
  INSERT INTO refund_booked (payment_id, refund_id, source_currency, source_minor, target_currency, target_minor, mid,
    spread_minor, result_currency, result_minor, position_out_minor, position_in_minor, rule, bearer)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::numeric[],
    $8::bigint[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[], $14::text[])`;

interface RefundRow {
  payment_id: string;
  refund_id: string;
  source_currency: string;
  source_minor: bigint;
  target_currency: string;
  target_minor: bigint;
  mid: string;
  spread_minor: bigint;
  result_currency: string;
  result_minor: bigint;
  position_out_minor: bigint;
  position_in_minor: bigint;
  rule: BookedRefund['rule'];
  bearer: BookedRefund['bearer'];
  is_withdrawn: boolean;
}

/** The refunds booked of these payments; which was first does not matter, only their sums are read. */
export async function readRefunds(paymentIds: readonly string[], tx: Tx): Promise<Map<string, BookedRefund[]>> {
  const found = new Map<string, BookedRefund[]>();
  for (const row of await tx.query<RefundRow>(READ, [paymentIds], 'refund-booked-read')) {
    found.set(row.payment_id, [...(found.get(row.payment_id) ?? []), refundOf(row)]);
  }
  return found;
}

/** Writes what the refunds among new bookings took, in the transaction that books them. */
export async function writeRefunds(postings: readonly PlacedPosting[], tx: Tx): Promise<void> {
  const refunds = postings.flatMap(({ paymentId, posting }) =>
    posting.refund === undefined ? [] : [{ paymentId, refund: posting.refund }],
  );
  if (refunds.length === 0) return;
  const values = columns(
    refunds,
    ({ paymentId }) => paymentId,
    ({ refund }) => refund.refundId,
    ({ refund }) => refund.source.currency.code,
    ({ refund }) => refund.source.minor,
    ({ refund }) => refund.target.currency.code,
    ({ refund }) => refund.target.minor,
    ({ refund }) => refund.mid.toString(),
    ({ refund }) => refund.spread.minor,
    ({ refund }) => refund.result.currency.code,
    ({ refund }) => refund.result.minor,
    ({ refund }) => refund.positionOut.minor,
    ({ refund }) => refund.positionIn.minor,
    ({ refund }) => refund.rule,
    ({ refund }) => refund.bearer,
  );
  await tx.query(WRITE, values, 'refund-booked-write');
}

function refundOf(row: RefundRow): BookedRefund {
  const mid = Rate.parse('USD', 'CNY', row.mid);
  if (mid === undefined) throw new RangeError(`refund ${row.refund_id} has no rate`);
  return {
    refundId: row.refund_id,
    source: Money.of(row.source_minor, row.source_currency),
    target: Money.of(row.target_minor, row.target_currency),
    mid,
    rule: row.rule,
    bearer: row.bearer,
    spread: Money.of(row.spread_minor, row.source_currency),
    result: Money.of(row.result_minor, row.result_currency),
    positionOut: Money.of(row.position_out_minor, row.source_currency),
    positionIn: Money.of(row.position_in_minor, row.target_currency),
    isWithdrawn: row.is_withdrawn,
  };
}
