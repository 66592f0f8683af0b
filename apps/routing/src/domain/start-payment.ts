import { advance, emptyJournal, type Journal } from './advance-payment';
import { createPayment, type NewPaymentIdentity, type Payment, type PaymentOrder } from './payment';

/** A payment that has taken its first fact, and what follows from it: screen and reserve, both at once. */
export interface StartedPayment {
  payment: Payment;
  journal: Journal;
}

/** The pure beginning of a payment. Nothing is stored or sent; the caller inserts it and publishes what follows. */
export function startPayment(identity: NewPaymentIdentity, order: PaymentOrder): StartedPayment {
  const payment = createPayment(identity, order);
  const journal = emptyJournal();
  advance(payment, { name: 'payment_created' }, identity.createdAt, journal);
  return { payment, journal };
}
