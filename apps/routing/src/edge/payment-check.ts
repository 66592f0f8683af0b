import type { AmountOnWire } from '@gateway/contracts/contract';
import { Money } from '@gateway/money';
import type { PaymentOrder } from '../domain/payment';
import { decideRoute, missingIn, type RouteDecision, type RouteSide } from '../domain/route/decide-route';
import { problem } from './problems';
import type { CreatePaymentBody } from './payment.schema';
import type { RegisteredInstrument, RegisteredParty } from '../outbound/intake.repository';
import type { OfferClaims, VerifiedOffer } from './offer';

/** One request to create a payment, with everything that is known about it in the transaction. */
export interface PaymentCheck {
  partnerId: string;
  actor: string;
  body: CreatePaymentBody;
  offer: VerifiedOffer;
  instruments: ReadonlyMap<string, RegisteredInstrument>;
  parties: ReadonlyMap<string, RegisteredParty>;
  /** The country of a network of this installation. */
  countryOf: (network: string) => string;
  /** The legal entity that acts on the source's side. */
  legalEntity: string;
  /** Business time of the transaction: `clock_now()`. */
  now: Date;
}

/**
 * Whether the payment is possible, before any money step; and if so the order, with partner, networks, amounts and fees
 * from the offer alone.
 *
 * @throws Problem that names the field
 */
export function checkPayment(check: PaymentCheck): PaymentOrder {
  const { claims } = check.offer;
  requireLivingOffer(check);
  const source = instrumentFor(check, 'source_instrument', 'pay', claims.source_network);
  const target = instrumentFor(check, 'target_instrument', 'be_paid', claims.target_network);
  requireParty(check, 'payer');
  requireParty(check, 'payee');
  const funding = source.capabilities.funding?.[claims.purpose];
  if (funding === undefined || source.capabilities.currency !== claims.total_source_amount.currency) {
    throw problem('NO_COMMON_CAPABILITY', { param: 'source_instrument' });
  }
  if (
    target.capabilities.credit?.[claims.purpose] !== true ||
    target.capabilities.currency !== claims.target_amount.currency
  ) {
    throw problem('NO_COMMON_CAPABILITY', { param: 'target_instrument' });
  }
  requireWithin(source, claims.total_source_amount, 'source_instrument');
  requireWithin(target, claims.target_amount, 'target_instrument');
  return orderOf(check, source, funding, routeOf(check, source, target));
}

/** Where the chosen rails need a licence or a bank that there is not, nothing begins. */
function routeOf(check: PaymentCheck, source: RegisteredInstrument, target: RegisteredInstrument): RouteDecision {
  const route = decideRoute({
    source: { ...sideOf(check, source), funding: source.capabilities.funding ?? {} },
    target: { ...sideOf(check, target), credit: target.capabilities.credit ?? {} },
    purpose: check.offer.claims.purpose,
    day: check.now.toISOString().slice(0, 10),
  });
  if (missingIn(route) !== null) throw problem('CORRIDOR_NOT_LICENSED', { param: 'offer' });
  return route;
}

function sideOf({ countryOf }: PaymentCheck, { network, capabilities }: RegisteredInstrument): RouteSide {
  const { scheme, currency } = capabilities;
  return { network, country: countryOf(network), scheme, currency };
}

/** Zero tolerance: at the second of `exp` the offer is over. A key past its end signs nothing any more. */
function requireLivingOffer({ offer: { claims, key }, now }: PaymentCheck): void {
  const nowMs = now.getTime();
  if (nowMs >= claims.exp * 1000) throw problem('QUOTE_EXPIRED', { param: 'offer' });
  if (nowMs >= key.validUntilMs) throw problem('OFFER_INVALID', { param: 'offer' });
}

type InstrumentField = 'source_instrument' | 'target_instrument';

/** Another partner's instrument and an unknown one get the same answer. */
function instrumentFor(
  { body, instruments, partnerId, now }: PaymentCheck,
  param: InstrumentField,
  use: RegisteredInstrument['use'],
  network: string,
): RegisteredInstrument {
  const instrument = instruments.get(body[param]);
  if (instrument?.partnerId !== partnerId) throw problem('INSTRUMENT_UNKNOWN', { param });
  if (instrument.use !== use) throw problem('INSTRUMENT_WRONG_USE', { param });
  if (instrument.network !== network) throw problem('INSTRUMENT_WRONG_NETWORK', { param });
  if (instrument.expiresAt !== null && instrument.expiresAt <= now) throw problem('INSTRUMENT_EXPIRED', { param });
  return instrument;
}

function requireParty({ body, parties, partnerId }: PaymentCheck, param: 'payer' | 'payee'): void {
  const party = parties.get(body[param]);
  const fits = party?.partnerId === partnerId && (party.role === 'any' || party.role === param);
  if (!fits) throw problem('PARTY_UNKNOWN', { param });
}

function requireWithin({ capabilities }: RegisteredInstrument, { amount }: AmountOnWire, param: InstrumentField): void {
  const minor = BigInt(amount);
  if (minor < BigInt(capabilities.minimum_minor) || minor > BigInt(capabilities.maximum_minor)) {
    throw problem('AMOUNT_OUT_OF_RANGE', { param });
  }
}

function orderOf(
  check: PaymentCheck,
  source: RegisteredInstrument,
  funding: 'hold' | 'collect',
  route: RouteDecision,
): PaymentOrder {
  const { body, partnerId, actor, legalEntity } = check;
  const { claims } = check.offer;
  return {
    partnerId,
    actor,
    legalEntity,
    ...priceOf(claims),
    quoteId: claims.quote_id,
    offer: body.offer,
    offerExpiresAt: new Date(claims.exp * 1000),
    sourceNetwork: claims.source_network,
    targetNetwork: claims.target_network,
    purpose: claims.purpose,
    bopCode: body.bop_code,
    funding,
    holdMarginMs: source.capabilities.hold_margin_ms,
    sourceInstrument: body.source_instrument,
    sourceInstrumentSingleUse: source.capabilities.single_use,
    targetInstrument: body.target_instrument,
    payerParty: body.payer,
    payeeParty: body.payee,
    reference: body.reference ?? null,
    metadata: body.metadata ?? null,
    route,
  };
}

type Price = Pick<PaymentOrder, 'principal' | 'fee' | 'totalSource' | 'target' | 'mid' | 'customerRate'>;

function priceOf(claims: OfferClaims): Price {
  return {
    principal: moneyOf(claims.source_amount),
    fee: moneyOf(claims.fee),
    totalSource: moneyOf(claims.total_source_amount),
    target: moneyOf(claims.target_amount),
    mid: claims.mid,
    customerRate: claims.customer_rate,
  };
}

function moneyOf({ amount, currency }: AmountOnWire): Money {
  return Money.of(BigInt(amount), currency);
}
