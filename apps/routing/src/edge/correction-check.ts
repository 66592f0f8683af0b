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
  instrument: RegisteredInstrument | undefined,
  now: Date,
): void {
  if (instrument?.partnerId !== order.partnerId) throw problem('INSTRUMENT_UNKNOWN', PARAM);
  if (instrument.use !== 'be_paid') throw problem('INSTRUMENT_WRONG_USE', PARAM);
  if (instrument.network !== order.targetNetwork) throw problem('INSTRUMENT_WRONG_NETWORK', PARAM);
  if (instrument.expiresAt !== null && instrument.expiresAt <= now) throw problem('INSTRUMENT_EXPIRED', PARAM);
  if (instrument.instrumentId === order.targetInstrument) {
    throw problem('FIELD_INVALID', {
      ...PARAM,
      detail: 'The credit came back from this instrument. Name another one.',
    });
  }
  requireAble(order, instrument);
}

function requireAble({ purpose, target }: Payment['order'], { capabilities }: RegisteredInstrument): void {
  const { credit, currency, minimum_minor: minimum, maximum_minor: maximum } = capabilities;
  if (credit?.[purpose] !== true || currency !== target.currency.code) throw problem('NO_COMMON_CAPABILITY', PARAM);
  const isWithin = target.minor >= BigInt(minimum) && target.minor <= BigInt(maximum);
  if (!isWithin) throw problem('AMOUNT_OUT_OF_RANGE', PARAM);
}
