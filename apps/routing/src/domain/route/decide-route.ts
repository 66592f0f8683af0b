import type { Funding, Purpose } from '../payment';
import {
  CLEARING_LICENCES,
  isCardScheme,
  licenceFor,
  type ClearingBasis,
  type ClearingLicence,
} from './clearing-licence';
import { hasCorridor, SETTLEMENT_BANKS, type SettlementBank } from './settlement-bank';

/** One side of a payment, as its instrument and its network describe it. */
export interface RouteSide {
  network: string;
  country: string;
  scheme: string;
  currency: string;
}

/** What a route is decided from; the source can be funded in some ways, the target can be credited or not. */
export interface RouteQuestion {
  source: RouteSide & { funding: Partial<Record<Purpose, Funding>> };
  target: RouteSide & { credit: Partial<Record<Purpose, boolean>> };
  purpose: Purpose;
  /** Business day, `YYYY-MM-DD`. */
  day: string;
}

/** Why something was not chosen. */
export type RouteRefusal =
  | 'NOT_FOR_THIS_PURPOSE'
  | 'NOT_OFFERED_BY_INSTRUMENT'
  | 'NO_CLEARING_LICENCE'
  | 'NO_CORRIDOR_LICENCE'
  | 'NOT_PREFERRED';

/** One thing that could have been chosen, and what became of it. */
export interface RouteCandidate {
  what: 'fund' | 'credit' | 'clear' | 'settle';
  /** `applepay.hold`, `alipay.credit`, `visa.US.domestic_clearing`, `cn_settlement_bank`. */
  name: string;
  verdict: 'chosen' | RouteRefusal;
  /** Of clearing: what permits it. */
  basis?: ClearingBasis;
}

/** The decision with everything that was considered: stored with the payment, so that it can be explained later. */
export interface RouteDecision {
  day: string;
  purpose: Purpose;
  candidates: RouteCandidate[];
}

/** The dated data that decides. */
export interface RouteData {
  licences: readonly ClearingLicence[];
  banks: readonly SettlementBank[];
}

const OWN_DATA: RouteData = { licences: CLEARING_LICENCES, banks: SETTLEMENT_BANKS };
/** A card is cleared where it was issued, in that country's currency, whatever crosses the border after it. */
const ACTIVITY = 'domestic_clearing';
const FUNDINGS: readonly Funding[] = ['hold', 'collect'];

/** Considers every rail, every clearing and every bank. Nothing of it moves money. */
export function decideRoute(question: RouteQuestion, data: RouteData = OWN_DATA): RouteDecision {
  const { source, target, purpose, day } = question;
  const candidates = [
    ...FUNDINGS.map((funding) => fundCandidate(question, funding)),
    creditCandidate(question),
    ...clearing(source, day, data.licences),
    ...clearing(target, day, data.licences),
    ...banksFor(source.currency, target.currency, day, data.banks),
    ...banksFor(target.currency, source.currency, day, data.banks),
  ];
  return { day, purpose, candidates };
}

/** What of a payment has no way to go, in the order in which it would be needed; null where there is a whole route. */
export function missingIn({ candidates }: RouteDecision): RouteCandidate['what'] | null {
  const chosen = (what: RouteCandidate['what']): number =>
    candidates.filter((one) => one.what === what && one.verdict === 'chosen').length;
  if (chosen('fund') === 0) return 'fund';
  if (chosen('credit') === 0) return 'credit';
  if (candidates.some(({ what, verdict }) => what === 'clear' && verdict !== 'chosen')) return 'clear';
  return chosen('settle') < 2 ? 'settle' : null;
}

function fundCandidate({ source, purpose }: RouteQuestion, funding: Funding): RouteCandidate {
  const name = `${source.network}.${funding}`;
  if (source.funding[purpose] === funding) return { what: 'fund', name, verdict: 'chosen' };
  const offered = Object.values(source.funding).includes(funding);
  return { what: 'fund', name, verdict: offered ? 'NOT_FOR_THIS_PURPOSE' : 'NOT_OFFERED_BY_INSTRUMENT' };
}

function creditCandidate({ target, purpose }: RouteQuestion): RouteCandidate {
  const offered = Object.values(target.credit).some(Boolean);
  const refusal = offered ? 'NOT_FOR_THIS_PURPOSE' : 'NOT_OFFERED_BY_INSTRUMENT';
  const verdict = target.credit[purpose] === true ? 'chosen' : refusal;
  return { what: 'credit', name: `${target.network}.credit`, verdict };
}

/** Cards are cleared where they were issued, in that country's currency; a wallet clears within itself. */
function clearing({ scheme, country }: RouteSide, day: string, licences: readonly ClearingLicence[]): RouteCandidate[] {
  if (!isCardScheme(scheme)) return [];
  const licence = licenceFor({ scheme, country, activity: ACTIVITY }, day, licences);
  const name = `${scheme}.${country}.${ACTIVITY}`;
  return licence === null
    ? [{ what: 'clear', name, verdict: 'NO_CLEARING_LICENCE' }]
    : [{ what: 'clear', name, verdict: 'chosen', basis: licence.basis }];
}

function banksFor(currency: string, other: string, day: string, banks: readonly SettlementBank[]): RouteCandidate[] {
  let chosen = false;
  return banks
    .filter((bank) => bank.currency === currency)
    .map((bank) => {
      const may = hasCorridor(bank, other, day);
      const verdict = !may ? 'NO_CORRIDOR_LICENCE' : chosen ? 'NOT_PREFERRED' : 'chosen';
      chosen ||= may;
      return { what: 'settle', name: bank.id, verdict };
    });
}
