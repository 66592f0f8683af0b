import { bookings, type Booking } from './books';
import { until, type Gateway } from './gateway';
import type { DisputeView, PartnerClient, PaymentView } from './partner-client';
import { pay, stateOf, untilOver, type PaymentWish } from './payments';
import type { WebhookReceiver } from './webhook-receiver';

/** A completed payment by card, in Flow US to China. */
export async function paidByCard(
  gateway: Gateway,
  partner: PartnerClient,
  wish: PaymentWish = {},
): Promise<PaymentView> {
  const { id } = await pay(gateway, partner, 'us-to-china', wish);
  const payment = await untilOver(partner, id);
  if (stateOf(payment) !== 'COMPLETED') throw new Error(`${id} is ${stateOf(payment)}`);
  return payment;
}

/** The cardholder's bank disputes the payment; answers the acquirer's id of the dispute. */
export async function disputed(
  gateway: Gateway,
  paymentId: string,
  category: string,
  more: object = {},
  source: 'hold' | 'collect' = 'hold',
): Promise<string> {
  return (await gateway.simulator.dispute(`${paymentId}-${source}`, { category, ...more })).id;
}

/** Waits until the payment shows a dispute with this status. */
export async function untilDispute(partner: PartnerClient, paymentId: string, status: string): Promise<DisputeView> {
  let last: unknown;
  const found = await until(`${paymentId} is disputed and ${status}`, async () => {
    const { disputes = [] } = await partner.payment(paymentId);
    last = disputes;
    return disputes.find((one) => one.status === status) ?? null;
  }).catch((error: Error) => {
    throw new Error(`${error.message}; last seen: ${JSON.stringify(last)}`);
  });
  return (await partner.get<DisputeView>(`/v1/disputes/${found.id}`)).body;
}

/** Waits until the ledger has booked these facts about the payment's disputes, and no others. */
export async function untilDisputeBooked(gateway: Gateway, paymentId: string, codes: string[]): Promise<Booking[]> {
  const ofDisputes = async (): Promise<Booking[]> =>
    (await bookings(gateway, paymentId)).filter(({ code }) => code.startsWith('dispute_'));
  await until(`${paymentId}: ${codes.join(', ')}`, async () => (await ofDisputes()).length >= codes.length);
  const booked = await ofDisputes();
  expect(booked.map(({ code }) => code)).toEqual(codes);
  return booked;
}

/** A booking's lines as words: account, debit, credit. */
export function linesOf({ lines }: Booking): string[] {
  return lines.map(({ account, debit, credit }) => `${account} ${debit} ${credit}`);
}

/** What lies in an account by these bookings alone: debits less credits. */
export function balanceIn(account: string, booked: readonly Booking[]): string {
  const lines = booked.flatMap(({ lines: all }) => all).filter((line) => line.account === account);
  return String(lines.reduce((sum, { debit, credit }) => sum + BigInt(debit) - BigInt(credit), 0n));
}

/** The movements of the cardholder's money by a dispute, as the acquirer's own books have them. */
export async function movedByDispute(gateway: Gateway, paymentId: string): Promise<string[]> {
  const movements = await gateway.simulator.movements(paymentId);
  return movements
    .filter(({ operation }) => operation.startsWith('chargeback'))
    .map(({ operation, amount, sign }) => `${operation} ${amount} ${sign}`);
}

/** Waits until the partner has been told these events about disputes, and no others, in this order. */
export async function untilToldOfDispute(receiver: WebhookReceiver, paymentId: string, types: string[]): Promise<void> {
  const told = async (): Promise<string[]> =>
    (await receiver.received(paymentId)).map(({ event }) => event.type).filter((type) => type.startsWith('dispute.'));
  await until(`the partner is told ${types.join(', ')}`, async () => (await told()).length >= types.length);
  expect(await told()).toEqual(types);
}

/** What the audit of the payment says of its disputes, action by action, once it has this one. */
export async function auditOfDispute(
  gateway: Gateway,
  paymentId: string,
  last: string,
): Promise<{ action: string; detail: Record<string, string> }[]> {
  const read = (): Promise<{ action: string; detail: Record<string, string> }[]> =>
    gateway.inDatabaseOf('compliance', (database) =>
      database.query<{ action: string; detail: Record<string, string> }>(
        `SELECT a ->> 'action' AS action, a -> 'detail' AS detail
       FROM audit_log, jsonb_array_elements(record) AS a
       WHERE subject_id = $1 AND service = 'routing' AND a ->> 'action' LIKE 'payment.dispute%' ORDER BY sequence`,
        [paymentId],
      ),
    );
  return until(`${last} of ${paymentId} is in the audit log`, async () => {
    const rows = await read();
    return rows.some(({ action }) => action === `payment.dispute_${last}`) ? rows : null;
  });
}
