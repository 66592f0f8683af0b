/** How long after its payment a network refunds, and since when that is so. */
export interface RefundWindow {
  /** The payer's network. */
  network: string;
  /** The legal entity that holds the contract; null for every other one. */
  legalEntity: string | null;
  /** The day from which payments fall under this row, `YYYY-MM-DD`. */
  from: string;
  /** In whole days, or in calendar months. */
  days?: number;
  months?: number;
}

/**
 * Dated data: Alipay refunds for 365 days, for the China entity for 18 months (docs.antom.com, refund); the acquirer's
 * contract says a year. Of the rows for a payment the one of its own entity wins, then the latest that had begun.
 */
export const REFUND_WINDOWS: readonly RefundWindow[] = [
  { network: 'applepay', legalEntity: null, from: '2020-01-01', days: 365 },
  { network: 'alipay', legalEntity: null, from: '2020-01-01', days: 365 },
  { network: 'alipay', legalEntity: 'gateway-cn', from: '2020-01-01', months: 18 },
];

/** Where nothing is written down, the shortest that is known of any network holds. */
const OTHERWISE: Pick<RefundWindow, 'days' | 'months'> = { days: 180 };

const DAY_MS = 86_400_000;

/** Until when a payment can be refunded at the payer's network. */
export function refundableUntil(
  payment: { createdAt: Date; order: { sourceNetwork: string; legalEntity: string } },
  windows: readonly RefundWindow[] = REFUND_WINDOWS,
): Date {
  const { sourceNetwork, legalEntity } = payment.order;
  const day = payment.createdAt.toISOString().slice(0, 10);
  const rows = windows
    .filter((row) => row.network === sourceNetwork && row.from <= day)
    .filter((row) => row.legalEntity === null || row.legalEntity === legalEntity)
    .sort((a, b) => Number(b.legalEntity !== null) - Number(a.legalEntity !== null) || (a.from < b.from ? 1 : -1));
  return endOf(payment.createdAt, rows[0] ?? OTHERWISE);
}

function endOf(start: Date, { days = 0, months = 0 }: Pick<RefundWindow, 'days' | 'months'>): Date {
  const end = new Date(start.getTime() + days * DAY_MS);
  const dayOfMonth = end.getUTCDate();
  end.setUTCMonth(end.getUTCMonth() + months);
  // 31 August and six months is the last of February, not a day in March.
  if (end.getUTCDate() !== dayOfMonth) end.setUTCDate(0);
  return end;
}
