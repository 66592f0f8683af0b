import { until, type Gateway } from './gateway';
import type { PartnerClient, ReturnView } from './partner-client';
import type { Direction } from './payments';

/** The payee's network gives the payment's credit back, or a part of it (minor units), as it does days later. */
export async function giveBack(
  gateway: Gateway,
  direction: Direction,
  paymentId: string,
  part?: string,
): Promise<void> {
  const creditId = `${paymentId}-credit`;
  if (direction === 'us-to-china') return gateway.simulator.giveBack(`transfers/${creditId}`, part);
  const movements = await gateway.simulator.movements(paymentId);
  const payout = movements.find(({ operation, reference }) => operation === 'payout' && reference === creditId);
  return gateway.simulator.giveBack(`payouts/${payout?.network_reference ?? ''}`, part);
}

/** Waits until the payment shows its returned credit with this status. */
export async function untilReturn(
  partner: PartnerClient,
  paymentId: string,
  status = 'action_required',
): Promise<ReturnView> {
  return until(`the credit of ${paymentId} is returned and ${status}`, async () => {
    const { returns = [] } = await partner.payment(paymentId);
    return returns.find((one) => one.status === status) ?? null;
  });
}
