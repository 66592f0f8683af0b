/** What somebody clears: cards of a country in its own currency, or payments across its border. */
export type ClearingActivity = 'domestic_clearing' | 'cross_border';

/** What lets a card scheme do it: a licence, a report to the authority, or no permission is needed there. */
export type ClearingBasis = 'licence' | 'report' | 'none_needed';

/** From when (and until when) a scheme may clear in a country. Days are `YYYY-MM-DD`, the end is the first day without. */
export interface ClearingLicence {
  scheme: string;
  country: string;
  activity: ClearingActivity;
  basis: ClearingBasis;
  from: string;
  to?: string;
}

/**
 * Dated data. China opened the clearing of bank cards by the State Council's decision of October 2014 (applications from
 * 1 June 2015): the American Express joint venture clears since August 2020, Mastercard's since 9 May 2024, Visa has no
 * licence; what crosses the border needs a report only. In the United States no licence of this kind exists.
 */
export const CLEARING_LICENCES: readonly ClearingLicence[] = [
  { scheme: 'unionpay', country: 'CN', activity: 'domestic_clearing', basis: 'licence', from: '2002-03-26' },
  { scheme: 'amex', country: 'CN', activity: 'domestic_clearing', basis: 'licence', from: '2020-08-01' },
  { scheme: 'mastercard', country: 'CN', activity: 'domestic_clearing', basis: 'licence', from: '2024-05-09' },
  ...(['visa', 'mastercard', 'amex'] as const).flatMap((scheme): ClearingLicence[] => [
    { scheme, country: 'CN', activity: 'cross_border', basis: 'report', from: '2015-06-01' },
    { scheme, country: 'US', activity: 'domestic_clearing', basis: 'none_needed', from: '1970-01-01' },
    { scheme, country: 'US', activity: 'cross_border', basis: 'none_needed', from: '1970-01-01' },
  ]),
];

/** Schemes whose cards are cleared; the other networks are wallets, which clear within themselves. */
const CARD_SCHEMES: ReadonlySet<string> = new Set(CLEARING_LICENCES.map(({ scheme }) => scheme));

export function isCardScheme(scheme: string): boolean {
  return CARD_SCHEMES.has(scheme);
}

/** The row that lets this scheme clear here on that day, or null: then it may not. */
export function licenceFor(
  wanted: Pick<ClearingLicence, 'scheme' | 'country' | 'activity'>,
  day: string,
  licences: readonly ClearingLicence[] = CLEARING_LICENCES,
): ClearingLicence | null {
  const { scheme, country, activity } = wanted;
  const matches = licences.filter(
    (row) => row.scheme === scheme && row.country === country && row.activity === activity,
  );
  return matches.find(({ from, to }) => from <= day && (to === undefined || day < to)) ?? null;
}
