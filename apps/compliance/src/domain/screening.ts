import { limitFor } from './payment-limit';

/** What is screened: both parties' comparable names as blind indexes, and both amounts. */
export interface Subject {
  payerIndex: string | null;
  payeeIndex: string | null;
  amounts: readonly { amountMinor: bigint; currency: string }[];
  /** ISO day of business time. */
  day: string;
}

/** CLEAR, a limit's refusal, a list hit, or a party that is not there. The rule's code goes to the partner's side, never a name. */
export type Decision =
  | { outcome: 'CLEAR' }
  | { outcome: 'REJECTED'; rule: 'PAYMENT_LIMIT' | 'CURRENCY_WITHOUT_LIMIT' }
  | { outcome: 'HIT'; rule: 'LISTED_NAME' }
  | { outcome: 'PARTY_UNKNOWN'; rule: 'PAYER' | 'PAYEE' };

/** Decides one screening. A hit weighs more than a limit: both are refusals, but only a hit has consequences. */
export function decide(subject: Subject, listed: ReadonlySet<string>): Decision {
  if (subject.payerIndex === null) return { outcome: 'PARTY_UNKNOWN', rule: 'PAYER' };
  if (subject.payeeIndex === null) return { outcome: 'PARTY_UNKNOWN', rule: 'PAYEE' };
  if (listed.has(subject.payerIndex) || listed.has(subject.payeeIndex)) return { outcome: 'HIT', rule: 'LISTED_NAME' };
  for (const { amountMinor, currency } of subject.amounts) {
    const limit = limitFor(currency, subject.day);
    if (limit === null) return { outcome: 'REJECTED', rule: 'CURRENCY_WITHOUT_LIMIT' };
    if (amountMinor > limit.maximumMinor) return { outcome: 'REJECTED', rule: 'PAYMENT_LIMIT' };
  }
  return { outcome: 'CLEAR' };
}
