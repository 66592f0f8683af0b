import type { Gateway } from './gateway';
import { stateOf } from './payments';
import type { PaymentView } from './partner-client';

/** Operations of the payee's side; all others move the payer's money. */
const PAYEE_SIDE = new Set(['transfer', 'payout', 'return']);
/** Whose money has moved in the end; in every other final state nobody's has. */
const MOVED: Partial<Record<string, { payer: boolean; payee: boolean }>> = {
  COMPLETED: { payer: true, payee: true },
  CAPTURE_LOST: { payer: false, payee: true },
};
const NOBODYS = { payer: false, payee: false };

/**
 * What a payment that is over comes to for payer and payee by the books of the networks themselves: the payer has paid
 * everything or nothing, the payee has got everything or nothing. A credit that proved true late has reached the payee
 * though the payer is whole.
 */
export async function expectMoved(gateway: Gateway, payment: PaymentView): Promise<void> {
  const { payer, payee } = MOVED[stateOf(payment)] ?? NOBODYS;
  const { total_source_amount: total, target_amount: target } = payment;
  const got = { payer: new Map<string, bigint>(), payee: new Map<string, bigint>() };
  for (const { operation, amount, currency, sign } of await gateway.simulator.movements(payment.id)) {
    const side = PAYEE_SIDE.has(operation) ? got.payee : got.payer;
    side.set(currency, (side.get(currency) ?? 0n) + BigInt(amount) * BigInt(sign));
  }
  const gain = (side: Map<string, bigint>): string[] =>
    [...side].filter(([, minor]) => minor !== 0n).map(([currency, minor]) => `${currency} ${minor}`);
  expect({ payer: gain(got.payer), payee: gain(got.payee) }).toEqual({
    payer: payer ? [`${total.currency} -${total.amount}`] : [],
    payee: payee || payment.credited_late === true ? [`${target.currency} ${target.amount}`] : [],
  });
}
