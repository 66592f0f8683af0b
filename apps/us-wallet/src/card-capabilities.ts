import { IntakeRefused, type InstrumentCapabilities } from '@gateway/wallet-network';
import type { CardScheme, PayoutSupport } from './acquirer/acquirer-answers';
import { APPLE_PAY_DESCRIPTION } from './applepay.description';

const LIMITS = APPLE_PAY_DESCRIPTION.limits['USD'] ?? { minimumMinor: '1', maximumMinor: '1' };

/** A card that can be taken, as far as its capabilities follow from it. */
export interface CapableCard {
  scheme: CardScheme;
  /** The one amount that the payer confirmed on the device, where it is known: minor units. */
  confirmed?: string;
}

/** What the card can pay: Amex is held only, never pulled from person to person. */
export function payable(card: CapableCard): InstrumentCapabilities {
  const { person_to_person: pull, ...purchases } = APPLE_PAY_DESCRIPTION.funding;
  const funding = card.scheme === 'amex' || pull === undefined ? purchases : { ...purchases, person_to_person: pull };
  return { ...base('pay', card), funding };
}

/** Amex cards cannot be pushed to. @throws IntakeRefused */
export function requirePushable(scheme: CardScheme): void {
  if (scheme === 'amex') throw new IntakeRefused('NO_COMMON_CAPABILITY', 'token', 'Amex cards cannot be paid to.');
}

/** What the card can be paid, by what its issuer takes. @throws IntakeRefused where it takes nothing */
export function payableTo(card: CapableCard, support: PayoutSupport | null): InstrumentCapabilities {
  const credit = {
    goods: takes(support?.domestic_non_money_transfer),
    services: takes(support?.domestic_non_money_transfer),
    person_to_person: takes(support?.domestic_money_transfer),
  };
  if (!Object.values(credit).some(Boolean))
    throw new IntakeRefused('NO_COMMON_CAPABILITY', 'token', "The card's issuer does not take push payments.");
  return { ...base('be_paid', card), credit };
}

/** An amount that the payer has confirmed is the least and the most that can be paid: any other is refused by its payment. */
function base(use: 'pay' | 'be_paid', { scheme, confirmed }: CapableCard): InstrumentCapabilities {
  if (confirmed !== undefined) requireWithinLimits(confirmed);
  return {
    use,
    network: APPLE_PAY_DESCRIPTION.id,
    currency: 'USD',
    single_use: true,
    scheme,
    minimum_minor: confirmed ?? LIMITS.minimumMinor,
    maximum_minor: confirmed ?? LIMITS.maximumMinor,
    hold_margin_ms: APPLE_PAY_DESCRIPTION.holdMarginMs,
    pending_ms: 0,
  };
}

function requireWithinLimits(confirmed: string): void {
  const minor = BigInt(confirmed);
  if (minor >= BigInt(LIMITS.minimumMinor) && minor <= BigInt(LIMITS.maximumMinor)) return;
  const detail = `The amount in the token is outside of ${LIMITS.minimumMinor} to ${LIMITS.maximumMinor} minor units.`;
  throw new IntakeRefused('AMOUNT_OUT_OF_RANGE', 'token', detail);
}

function takes(support: string | undefined): boolean {
  return support === 'fast_funds' || support === 'standard';
}
