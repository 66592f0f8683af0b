import { until, type Gateway } from './gateway';

interface TrialBalance {
  balanced: boolean;
  currencies: { currency: string; difference: string }[];
}

export interface Booking {
  code: string;
  instruction_id: string | null;
  lines: { account: string; counterparty?: string; currency: string; debit: string; credit: string }[];
}

/** Debits equal credits in every currency taken alone. */
export async function expectBalanced(gateway: Gateway): Promise<void> {
  const balance = await gateway.internal<TrialBalance>('fx-settlement', '/internal/v1/trial-balance');
  expect(balance.currencies.map(({ currency, difference }) => [currency, difference])).toEqual(
    balance.currencies.map(({ currency }) => [currency, '0']),
  );
  expect(balance.balanced).toBe(true);
}

/** Waits until the ledger has booked these operations of the payment, each once. */
export async function bookedMovements(
  gateway: Gateway,
  paymentId: string,
  operations: readonly string[],
): Promise<void> {
  const wanted = [...operations].sort().join(' ');
  let seen = '';
  await until(`${paymentId} booked as ${wanted}`, async () => {
    const path = `/internal/v1/movements?payment=${paymentId}`;
    const { movements } = await gateway.internal<{ movements: { operation: string }[] }>('fx-settlement', path);
    seen = movements
      .map(({ operation }) => operation)
      .sort()
      .join(' ');
    return seen === wanted;
  }).catch((error: Error) => {
    throw new Error(`${error.message}; the ledger has: ${seen}`);
  });
}

/** The payment's bookings by code, in order. */
export async function bookings(gateway: Gateway, paymentId: string): Promise<Booking[]> {
  const path = `/internal/v1/bookings?payment=${paymentId}`;
  return (await gateway.internal<{ bookings: Booking[] }>('fx-settlement', path)).bookings;
}

/** Waits until the ledger has booked these facts of the payment, in this order, and no others. */
export async function untilBookedAs(gateway: Gateway, paymentId: string, codes: readonly string[]): Promise<void> {
  const booked = async (): Promise<string[]> => (await bookings(gateway, paymentId)).map(({ code }) => code);
  await until(`${paymentId} is booked`, async () => (await booked()).length >= codes.length);
  expect(await booked()).toEqual(codes);
}

/** No reservation of the payment stays open. */
export async function expectNothingReserved(gateway: Gateway, paymentId: string): Promise<void> {
  await until(`nothing is reserved for ${paymentId}`, async () => {
    const path = '/internal/v1/reservations?state=open';
    const { reservations } = await gateway.internal<{ reservations: { payment_id: string }[] }>('fx-settlement', path);
    return !reservations.some((reservation) => reservation.payment_id === paymentId);
  });
}
