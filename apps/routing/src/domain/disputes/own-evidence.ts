import type { Authentication, DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import type { Money } from '@gateway/money';
import type { Payment } from '../payment';
import { refundableSides } from '../refund/check-refund';
import { movedBy, refundInstructionId, type Refund } from '../refund/refund';
import type { Dispute } from './dispute';

/**
 * Indicators of a cardholder who proved to be one, by scheme: fully or as far as the issuer took part. Fraud is then the
 * issuer's to bear; any other indicator, also one that the network downgraded, proves nothing.
 */
const AUTHENTICATED: Readonly<Record<string, readonly string[]>> = {
  visa: ['05', '06'],
  mastercard: ['01', '02'],
  amex: ['05', '06'],
};

/** The networks take 500 characters a field. */
const LENGTH = 500;

/** What the gateway can answer a dispute with by itself, or null where it needs the partner. */
export function ownEvidence(
  { order }: Pick<Dispute, 'order'>,
  payment: Pick<Payment, 'order' | 'standing'>,
  refunds: readonly Refund[],
): DisputeEvidence | null {
  const { authentication, category } = order;
  const scheme = payment.standing.counterparty ?? '';
  if (isRefundedInFull(payment, refunds)) return refundProof(sentToCard(refunds));
  if (category === 'fraudulent' && authentication !== null && isAuthenticated(scheme, authentication)) {
    return authenticationProof(scheme, authentication);
  }
  return null;
}

export function isAuthenticated(scheme: string, { eci, cryptogram }: Authentication): boolean {
  return cryptogram && eci !== undefined && (AUTHENTICATED[scheme] ?? []).includes(eci);
}

/** All that can be refunded has gone out: the network has it under these references. */
export function isRefundedInFull(payment: Pick<Payment, 'order'>, refunds: readonly Refund[]): boolean {
  const whole = refundableSides(payment).source;
  const sent = sentToCard(refunds);
  const refunded = sent.reduce((sum, refund) => sum.plus(movedBy(refund).source), whole.minus(whole));
  return refunded.equals(whole);
}

/** What went to another instrument, or was paid by hand, the card's network does not have. */
function sentToCard(refunds: readonly Refund[]): Refund[] {
  return refunds.filter(({ state, standing }) => state === 'COMPLETED' && standing.elsewhere === null);
}

function refundProof(sent: readonly Refund[]): DisputeEvidence {
  const lines = sent.map((refund) => {
    const day = refund.createdAt.toISOString().slice(0, 10);
    return `${refundInstructionId(refund, 'send')}: ${decimal(movedBy(refund).source)}, asked for on ${day}`;
  });
  return { additional: `Refunded in full to the card. References: ${lines.join('; ')}.`.slice(0, LENGTH) };
}

function authenticationProof(scheme: string, { eci }: Authentication): DisputeEvidence {
  return {
    additional:
      `The cardholder was authenticated: ${scheme}, electronic commerce indicator ${eci ?? ''} in the authorisation ` +
      'response, payment cryptogram present. Liability is with the issuer.',
  };
}

function decimal(amount: Money): string {
  const { code, exponent } = amount.currency;
  const digits = amount.toDigits().padStart(exponent + 1, '0');
  const point = digits.length - exponent;
  return exponent === 0 ? `${code} ${digits}` : `${code} ${digits.slice(0, point)}.${digits.slice(point)}`;
}
