import { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { SignedQuote } from '../domain/quote';
import type { QuoteTerms } from '../domain/reservation';
import { QuoteStore } from '../use-cases/quote-store';
import { columns } from './column';

const INSERT_QUOTES = `
  INSERT INTO quote (quote_id, partner_id, source_network, target_network, purpose, fixed_side, source_currency, principal,
    fee, at_mid, target_currency, target, commission, mid, customer_rate, markup_bps, rate_source, rate_as_of, refund_rule,
    issued_at, expires_at, kid, offer_digest, offer)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
    $9::bigint[], $10::bigint[], $11::text[], $12::bigint[], $13::bigint[], $14::numeric[], $15::numeric[], $16::integer[],
    $17::text[], $18::timestamptz[], $19::text[], $20::timestamptz[], $21::timestamptz[], $22::text[], $23::text[], $24::text[])`;

const TERMS = `
  SELECT quote_id, partner_id, source_network, target_network, source_currency, principal, fee, at_mid, target_currency,
         target, commission, rate_source, issued_at, offer_digest
  FROM quote WHERE quote_id = ANY($1::text[])`;

const USES = 'SELECT quote_id, payment_id FROM quote_use WHERE quote_id = ANY($1::text[])';

/** A row that conflicts is answered from what was there before the statement. */
const MARK_USED = `
  WITH fresh AS (
    INSERT INTO quote_use (quote_id, payment_id, used_at)
    SELECT u.quote_id, u.payment_id, (SELECT clock_now())
    FROM unnest($1::text[], $2::text[]) AS u (quote_id, payment_id) ORDER BY u.quote_id
    ON CONFLICT DO NOTHING
    RETURNING quote_id, payment_id
  )
  SELECT quote_id, payment_id FROM fresh
  UNION ALL
  ${USES}`;

interface UseRow {
  quote_id: string;
  payment_id: string;
}

interface TermsRow {
  quote_id: string;
  partner_id: string;
  source_network: string;
  target_network: string;
  source_currency: string;
  principal: bigint;
  fee: bigint;
  at_mid: bigint;
  target_currency: string;
  target: bigint;
  commission: bigint;
  rate_source: string;
  issued_at: Date;
  offer_digest: string;
}

@Injectable()
export class PostgresQuoteStore extends QuoteStore {
  async insert(quotes: readonly SignedQuote[], tx: Tx): Promise<void> {
    const values = columns(
      quotes,
      ({ quote }) => quote.quoteId,
      ({ quote }) => quote.partnerId,
      ({ quote }) => quote.sourceNetwork,
      ({ quote }) => quote.targetNetwork,
      ({ quote }) => quote.purpose,
      ({ quote }) => quote.fixedSide,
      ({ quote }) => quote.priced.principal.currency.code,
      ({ quote }) => quote.priced.principal.minor,
      ({ quote }) => quote.priced.fee.minor,
      ({ quote }) => quote.priced.atMid.minor,
      ({ quote }) => quote.priced.target.currency.code,
      ({ quote }) => quote.priced.target.minor,
      ({ quote }) => quote.priced.commission.minor,
      ({ quote }) => quote.rate.mid.toString(),
      ({ quote }) => quote.priced.customerRate.toString(),
      ({ quote }) => quote.markUpBps,
      ({ quote }) => quote.rate.source,
      ({ quote }) => quote.rate.asOf,
      ({ quote }) => quote.refundRule,
      ({ quote }) => quote.issuedAt,
      ({ quote }) => quote.expiresAt,
      ({ kid }) => kid,
      ({ digest }) => digest,
      ({ offer }) => offer,
    );
    await tx.query(INSERT_QUOTES, values, 'quote-insert');
  }

  async termsOf(quoteIds: readonly string[], tx: Tx): Promise<Map<string, QuoteTerms>> {
    const rows = await tx.query<TermsRow>(TERMS, [quoteIds], 'quote-terms');
    return new Map(rows.map((row) => [row.quote_id, termsOfRow(row)]));
  }

  async markUsed(uses: readonly { quoteId: string; paymentId: string }[], tx: Tx): Promise<Map<string, string>> {
    const values = columns(
      uses,
      (use) => use.quoteId,
      (use) => use.paymentId,
    );
    const rows = await tx.query<UseRow>(MARK_USED, values, 'quote-mark-used');
    return new Map(rows.map((row) => [row.quote_id, row.payment_id]));
  }

  async usesOf(quoteIds: readonly string[], tx: Tx): Promise<Map<string, string>> {
    const rows = await tx.query<UseRow>(USES, [quoteIds], 'quote-uses');
    return new Map(rows.map((row) => [row.quote_id, row.payment_id]));
  }
}

function termsOfRow(row: TermsRow): QuoteTerms {
  return {
    quoteId: row.quote_id,
    partnerId: row.partner_id,
    sourceNetwork: row.source_network,
    targetNetwork: row.target_network,
    rateSource: row.rate_source,
    issuedAt: row.issued_at,
    amounts: {
      principal: Money.of(row.principal, row.source_currency),
      fee: Money.of(row.fee, row.source_currency),
      atMid: Money.of(row.at_mid, row.source_currency),
      target: Money.of(row.target, row.target_currency),
    },
    commission: Money.of(row.commission, row.target_currency),
    offerDigest: row.offer_digest,
  };
}
