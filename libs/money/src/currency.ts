/** An ISO 4217 currency and the number of digits after its point (the "minor unit" column of ISO 4217 list one). */
export interface Currency {
  readonly code: string;
  readonly exponent: number;
}

/**
 * ISO 4217 list one, the currencies a wallet can hold, by number of minor digits.
 * Left out on purpose: XXX and XTS (no currency, test), metals and funds, and CNH, which is market slang for offshore
 * yuan and has no ISO code: an amount in any of them is not money that somebody can be paid.
 */
const CODES_BY_EXPONENT: Readonly<Record<number, string>> = {
  0: 'CLP ISK JPY KRW PYG UGX VND VUV XAF XOF XPF',
  2:
    'AED ALL AMD ARS AUD AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BZD CAD CHF CNY COP CRC CZK DKK DOP EGP EUR FJD GBP ' +
    'GEL GHS GTQ HKD HNL HUF IDR ILS INR JMD KES KHR KZT LAK LKR MAD MDL MKD MMK MNT MOP MUR MXN MYR NAD NGN NOK NPR ' +
    'NZD PAB PEN PHP PKR PLN QAR RON RSD SAR SCR SEK SGD THB TRY TTD TWD TZS UAH USD UYU UZS ZAR ZMW',
  3: 'BHD IQD JOD KWD LYD OMR TND',
};

const CURRENCIES: ReadonlyMap<string, Currency> = new Map(
  Object.entries(CODES_BY_EXPONENT).flatMap(([exponent, codes]) =>
    codes.split(' ').map((code): [string, Currency] => [code, Object.freeze({ code, exponent: Number(exponent) })]),
  ),
);

/** The currency of an exact upper-case code, or undefined. Nothing is trimmed, folded or guessed. */
export function findCurrency(code: unknown): Currency | undefined {
  return typeof code === 'string' ? CURRENCIES.get(code) : undefined;
}

/** The currency of a code that our own side wrote (a column, a contract); anything else is a defect and throws. */
export function currencyOf(code: string): Currency {
  const currency = findCurrency(code);
  if (currency === undefined) throw new RangeError('not a currency that we carry');
  return currency;
}

/** Every currency we carry, for documents and tests. */
export function knownCurrencies(): readonly Currency[] {
  return [...CURRENCIES.values()];
}

export const USD: Currency = currencyOf('USD');
export const CNY: Currency = currencyOf('CNY');
