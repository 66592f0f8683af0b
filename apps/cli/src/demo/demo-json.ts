import { compareBooks, PASSING_ACCOUNTS } from './books';
import type { DemoResult, Travelled } from './run-demo';

/** The demo as a tool reads it. Amounts are digits of minor units beside their currency. */
export function describeDemoForTools(
  result: DemoResult,
  topics: Readonly<Record<string, number>>,
  timings: object,
): object {
  return {
    ok: result.ok,
    payments: result.payments.map(describePayment),
    balanced: result.after.balanced,
    trial_balance: result.after.currencies,
    clearing_accounts: compareBooks(result.before, result.after).filter(({ account }) =>
      PASSING_ACCOUNTS.includes(account),
    ),
    balances: { before: result.before.accounts, after: result.after.accounts },
    topics,
    timings,
  };
}

function describePayment({ journey, quote, payment, elapsedMs, told }: Travelled): object {
  return {
    direction: journey.direction,
    id: payment.id,
    status: payment.status,
    source_network: journey.sourceNetwork,
    target_network: journey.targetNetwork,
    source_amount: payment.source_amount,
    fee: payment.fee,
    total_source_amount: payment.total_source_amount,
    target_amount: payment.target_amount,
    rate: { customer: quote.customer_rate, mid: quote.mid, markup_bps: quote.markup_bps, source: quote.rate_source },
    states: payment.history ?? [],
    elapsed_ms: elapsedMs,
    webhooks: told,
    failure: payment.failure,
  };
}
