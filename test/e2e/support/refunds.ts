import { randomUUID } from 'node:crypto';
import { until, type Gateway } from './gateway';
import type { PartnerClient } from './partner-client';

export interface RefundView {
  id: string;
  status: string;
  outcome?: string;
  source_amount: { amount: string; currency: string };
  target_amount: { amount: string; currency: string };
  failure?: { code: string };
  history: { state: string; fact: string }[];
}

const OVER = new Set(['completed', 'refused', 'failed']);

/** Waits until the refund has ended, one way or another. */
export async function untilRefundOver(partner: PartnerClient, id: string): Promise<RefundView> {
  return until(`${id} is over`, async () => {
    const { body } = await partner.get<RefundView>(`/v1/refunds/${id}`);
    return OVER.has(body.status) ? body : null;
  });
}

/** What a partner places with us: asked for by one of the settlement people and approved by the other. */
export async function topUp(
  gateway: Gateway,
  partner: PartnerClient,
  amount: string,
  currency: 'USD' | 'CNY',
): Promise<void> {
  const receipt = { partner: partner.partnerId, amount: { amount, currency }, bank_reference: randomUUID() };
  const { id } = (await gateway.asOperator('settlement-1', 'POST', '/ops/v1/top_ups', receipt)).body as { id: string };
  const approved = await gateway.asOperator('settlement-2', 'POST', `/ops/v1/top_ups/${id}/approve`, {});
  if (approved.status >= 300) throw new Error(`top-up: ${approved.status} ${JSON.stringify(approved.body)}`);
}
