import type { AmountError } from '@gateway/money';
import { Problem } from '@gateway/platform';
import type { QuoteRefusal, RefusedQuote } from '../use-cases/quote-refusal';

const SAYS: Readonly<
  Record<QuoteRefusal, { readonly status: number; readonly title: string; readonly detail: string }>
> = {
  RATE_UNAVAILABLE: {
    status: 503,
    title: 'No rate at present',
    detail: 'There is no fresh rate that can be promised. Payments that have started go on; ask again shortly.',
  },
  QUOTING_STOPPED: {
    status: 409,
    title: 'Quoting is stopped',
    detail: 'New quotes are stopped for this corridor or partner.',
  },
  NO_CORRIDOR: { status: 422, title: 'No such corridor', detail: 'There is no price for this pair of currencies.' },
  NETWORK_UNKNOWN: { status: 422, title: 'Unknown network', detail: 'This installation has no such wallet network.' },
  CURRENCY_NOT_OF_SIDE: {
    status: 422,
    title: 'Wrong currency',
    detail: 'The amount must be in the currency of the network whose side is fixed.',
  },
  AMOUNT_INVALID: { status: 422, title: 'Amount not valid', detail: 'The amount is not valid.' },
  AMOUNT_TOO_SMALL: { status: 422, title: 'Amount too small', detail: 'The other side would be zero.' },
  AMOUNT_BELOW_MINIMUM: {
    status: 422,
    title: 'Amount too small',
    detail: 'The amount is below the minimum of this corridor.',
  },
  AMOUNT_ABOVE_MAXIMUM: {
    status: 422,
    title: 'Amount too large',
    detail: 'The amount is above the maximum of this corridor.',
  },
};

const RETRY_AFTER_S = 2;
const CURRENCY_ERRORS: ReadonlySet<AmountError> = new Set(['CURRENCY_NOT_A_STRING', 'CURRENCY_UNKNOWN']);

/** A refused quote as a problem document. An amount's own error is named in the detail. */
export function problemOf(refused: RefusedQuote): Problem {
  const { status, title, detail } = SAYS[refused.refusal];
  const { amountError } = refused;
  const param =
    amountError === undefined ? refused.param : `amount.${CURRENCY_ERRORS.has(amountError) ? 'currency' : 'amount'}`;
  return new Problem({
    status,
    code: refused.refusal,
    title,
    detail: amountError === undefined ? detail : `The amount is not valid: ${amountError}. Send digits of minor units.`,
    ...(param === undefined ? {} : { param }),
    ...(status === 503 ? { retryable: true, retryAfterS: RETRY_AFTER_S } : {}),
  });
}
