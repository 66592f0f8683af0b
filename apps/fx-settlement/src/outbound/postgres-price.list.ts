import { Database } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { Price } from '../domain/offer-pricing';
import type { RefundRule } from '../domain/refund-rule';
import { PriceList } from '../use-cases/quote-store';

const PRICES = `
  SELECT DISTINCT ON (source_currency, target_currency, partner_id)
         source_currency, target_currency, partner_id, mark_up_bps, fee_fixed, fee_bps, commission_bps, minimum, maximum
  FROM price WHERE valid_from <= clock_now()
  ORDER BY source_currency, target_currency, partner_id, valid_from DESC`;

const REFUND_TERMS = `
  SELECT DISTINCT ON (partner_id) partner_id, rule FROM refund_terms WHERE valid_from <= clock_now()
  ORDER BY partner_id, valid_from DESC`;

interface PriceRow {
  source_currency: string;
  target_currency: string;
  partner_id: string;
  mark_up_bps: number;
  fee_fixed: bigint;
  fee_bps: number;
  commission_bps: number;
  minimum: bigint;
  maximum: bigint;
}

/** A new price counts within this time; every quote would otherwise ask the database for a list that hardly changes. */
const KEEP_MS = 5_000;
const EVERYBODY = '*';

@Injectable()
export class PostgresPriceList extends PriceList {
  private prices = new Map<string, Price>();
  private refundRules = new Map<string, RefundRule>();
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly database: Database) {
    super();
  }

  async priceOf(sourceCurrency: string, targetCurrency: string, partnerId: string): Promise<Price | undefined> {
    await this.refresh();
    const own = this.prices.get(`${sourceCurrency} ${targetCurrency} ${partnerId}`);
    return own ?? this.prices.get(`${sourceCurrency} ${targetCurrency} ${EVERYBODY}`);
  }

  async refundRuleOf(partnerId: string): Promise<RefundRule> {
    await this.refresh();
    return this.refundRules.get(partnerId) ?? this.refundRules.get(EVERYBODY) ?? 'R1';
  }

  private async refresh(): Promise<void> {
    if (performance.now() - this.readAt < KEEP_MS) return;
    const rows = await this.database.query<PriceRow>(PRICES);
    this.prices = new Map(
      rows.map((row) => [`${row.source_currency} ${row.target_currency} ${row.partner_id}`, priceOfRow(row)]),
    );
    const terms = await this.database.query<{ partner_id: string; rule: RefundRule }>(REFUND_TERMS);
    this.refundRules = new Map(terms.map(({ partner_id: partner, rule }) => [partner, rule]));
    this.readAt = performance.now();
  }
}

function priceOfRow(row: PriceRow): Price {
  return {
    markUpBps: row.mark_up_bps,
    feeFixed: row.fee_fixed,
    feeBps: row.fee_bps,
    commissionBps: row.commission_bps,
    minimum: row.minimum,
    maximum: row.maximum,
  };
}
