import type { Money } from '@gateway/money';
import type { Payment } from '../domain/payment';
import type { RegisteredInstrument } from '../outbound/intake.repository';
import { problem } from './problems';

const PARAM = { param: 'target_instrument' };

/**
 * Whether a returned credit can be given on this instrument: the partner's, of the payee's network, another one than the
 * credit came back from, and able to take the amount for the payment's purpose. Who the payee is does not change.
 *
 * @throws Problem that names the field
 */
export function checkCorrection(
  { order }: Pick<Payment, 'order'>,
  amount: Money,
  instrument: RegisteredInstrument | undefined,
  now: Date,
): void {
  const { partnerId, purpose, targetNetwork: network } = order;
  requirePayable(instrument, { partnerId, purpose, network, amount }, now, PARAM);
  if (instrument?.instrumentId === order.targetInstrument) {
    throw problem('FIELD_INVALID', {
      ...PARAM,
      detail: 'The credit came back from this instrument. Name another one.',
    });
  }
}

/** What somebody is to be paid, and by which network. */
export interface WantedPayout {
  partnerId: string;
  network: string;
  purpose: Payment['order']['purpose'];
  amount: Money;
}

/** Whether this network can pay the amount to the partner's instrument. @throws Problem that names the field */
export function requirePayable(
  instrument: RegisteredInstrument | undefined,
  { partnerId, network, purpose, amount }: WantedPayout,
  now: Date,
  param: { param: string },
): void {
  if (instrument?.partnerId !== partnerId) throw problem('INSTRUMENT_UNKNOWN', param);
  if (instrument.use !== 'be_paid') throw problem('INSTRUMENT_WRONG_USE', param);
  if (instrument.network !== network) throw problem('INSTRUMENT_WRONG_NETWORK', param);
  if (instrument.expiresAt !== null && instrument.expiresAt <= now) throw problem('INSTRUMENT_EXPIRED', param);
  requireAble(instrument, purpose, amount, param);
}

function requireAble(
  { capabilities }: RegisteredInstrument,
  purpose: WantedPayout['purpose'],
  amount: Money,
  param: { param: string },
): void {
  const { credit, currency, minimum_minor: minimum, maximum_minor: maximum } = capabilities;
  if (credit?.[purpose] !== true || currency !== amount.currency.code) throw problem('NO_COMMON_CAPABILITY', param);
  const isWithin = amount.minor >= BigInt(minimum) && amount.minor <= BigInt(maximum);
  if (!isWithin) throw problem('AMOUNT_OUT_OF_RANGE', param);
}
