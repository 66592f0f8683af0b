import { sqlMigration } from '@gateway/persistence';

/** What a payer's network takes back by itself is kept in parts, each of which is booked once. */
export const takenBackMigration = sqlMigration(
  1_700_000_123_500,
  'TakenBack',
  `
  UPDATE payment_progress g SET standing = (g.standing - 'partTakenBack') || jsonb_build_object('takenBack',
    jsonb_build_object('told', k.told, 'whole', k.whole, 'booked', CASE WHEN k.taken THEN k.told ELSE '0' END,
      'bookings', k.taken::integer, 'settled', '0', 'settlements', 0))
  FROM (
    SELECT p.payment_id, s.standing #>> '{parts,source}' = 'taken_back' AS whole,
      coalesce(s.standing ->> 'partTakenBack', p.total_source_minor::text) AS told,
      p.funding = 'collect' OR s.standing #>> '{parts,capture}' = 'processed' AS taken
    FROM payment p JOIN payment_progress s USING (payment_id)
    WHERE s.standing ->> 'partTakenBack' IS NOT NULL OR s.standing #>> '{parts,source}' = 'taken_back'
  ) AS k
  WHERE k.payment_id = g.payment_id;
`,
);
