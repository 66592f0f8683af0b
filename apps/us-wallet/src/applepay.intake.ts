import { Injectable } from '@nestjs/common';
import {
  InstrumentIntake,
  IntakeRefused,
  type InstrumentCapabilities,
  type IntakeRequest,
  type IntakeResult,
} from '@gateway/wallet-network';
import type { AcquirerToken, CardScheme, PayoutSupport } from './acquirer/acquirer-answers';
import { TOKEN_REFUSALS, TokenRefused } from './apple-pay/token-refusal';
import type { VerifiedToken } from './apple-pay/token-verifier';
import { isOpenTo } from './merchants/merchants';
import { ApplePayClients } from './applepay.clients';
import { APPLE_PAY_DESCRIPTION } from './applepay.description';

const EXCHANGE_TIMEOUT_MS = 10_000;
const LIMITS = APPLE_PAY_DESCRIPTION.limits['USD'] ?? { minimumMinor: '1', maximumMinor: '1' };
const NAMES: Readonly<Record<CardScheme, string>> = { visa: 'Visa', mastercard: 'Mastercard', amex: 'Amex' };

/** Apple Pay tokens: verified before anything else, then passed encrypted to the acquirer, which alone can open them. */
@Injectable()
export class ApplePayIntake extends InstrumentIntake {
  constructor(private readonly clients: ApplePayClients) {
    super();
  }

  async take({ data, use, partner_id: partnerId }: IntakeRequest): Promise<IntakeResult> {
    const unknown = Object.keys(data).find((field) => field !== 'token');
    if (unknown !== undefined) throw refused('INVALID_INSTRUMENT', unknown, `There is no field ${unknown} here.`);
    const verified = this.verify(data['token']);
    if (!isOpenTo(this.clients.merchants.ownerOf(verified.publicKeyHash), partnerId))
      throw refusedToken(new TokenRefused('MERCHANT_NOT_YOURS', 'paymentData.header.publicKeyHash'));
    const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
    const card = await this.exchange(verified, signal);
    const { scheme } = card;
    if (scheme === null) throw refused('NO_COMMON_CAPABILITY', 'token', 'Only Visa, Mastercard and Amex are taken.');
    if (card.issuerCountry !== null && card.issuerCountry !== APPLE_PAY_DESCRIPTION.country)
      throw refused('NO_COMMON_CAPABILITY', 'token', 'Only cards issued in the United States are taken.');
    const capabilities = use === 'pay' ? payable(scheme) : await this.payableTo(card.token, scheme, signal);
    return {
      capabilities,
      label: `${NAMES[scheme]} •••• ${card.last4}`,
      secret: { token: card.token },
      uniqueKey: verified.transactionId,
      ...(card.expiresAt && { expires_at: card.expiresAt.toISOString() }),
    };
  }

  private verify(token: unknown): VerifiedToken {
    try {
      return this.clients.tokens.verify(token);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      throw refusedToken(error);
    }
  }

  private async exchange(verified: VerifiedToken, signal: AbortSignal): Promise<AcquirerToken> {
    const call = await this.clients.acquirer.exchangeToken(verified.fields, signal);
    if (call.kind === 'answered') return call.answer;
    if (call.kind === 'refused') throw refused('INVALID_TOKEN', 'token', 'The acquirer does not take this token.');
    throw unavailable();
  }

  /** Push-to-card: Visa and Mastercard only, and only where the card's issuer takes it. */
  private async payableTo(token: string, scheme: CardScheme, signal: AbortSignal): Promise<InstrumentCapabilities> {
    if (scheme === 'amex') throw refused('NO_COMMON_CAPABILITY', 'token', 'Amex cards cannot be paid to.');
    const call = await this.clients.acquirer.payoutSupport(token, signal);
    if (call.kind === 'silent' || call.kind === 'never_left') throw unavailable();
    const support = call.kind === 'answered' ? call.answer : null;
    const credit = {
      goods: takes(support?.domestic_non_money_transfer),
      services: takes(support?.domestic_non_money_transfer),
      person_to_person: takes(support?.domestic_money_transfer),
    };
    if (!Object.values(credit).some(Boolean)) {
      throw refused('NO_COMMON_CAPABILITY', 'token', "The card's issuer does not take push payments.");
    }
    return { ...base('be_paid', scheme), credit };
  }
}

function payable(scheme: CardScheme): InstrumentCapabilities {
  const { person_to_person: pull, ...purchases } = APPLE_PAY_DESCRIPTION.funding;
  const funding = scheme === 'amex' || pull === undefined ? purchases : { ...purchases, person_to_person: pull };
  return { ...base('pay', scheme), funding };
}

function base(use: 'pay' | 'be_paid', scheme: CardScheme): InstrumentCapabilities {
  return {
    use,
    network: APPLE_PAY_DESCRIPTION.id,
    currency: 'USD',
    single_use: true,
    scheme,
    minimum_minor: LIMITS.minimumMinor,
    maximum_minor: LIMITS.maximumMinor,
    hold_margin_ms: APPLE_PAY_DESCRIPTION.holdMarginMs,
    pending_ms: 0,
  };
}

function takes(support: PayoutSupport['domestic_money_transfer'] | undefined): boolean {
  return support === 'fast_funds' || support === 'standard';
}

function refused(code: string, param: string, detail: string): IntakeRefused {
  return new IntakeRefused(code, param, detail);
}

/** The token's own reason, in the words for a partner's developer. */
function refusedToken({ code, field }: TokenRefused): IntakeRefused {
  return refused('INVALID_TOKEN', `token.${field}`, `${code}: ${TOKEN_REFUSALS[code]}.`);
}

/** The token is not used up: its transaction id is taken only with the instrument, so the same one may come again. */
function unavailable(): IntakeRefused {
  const detail = 'The acquirer did not answer; send the token again while it is fresh.';
  return new IntakeRefused('ACQUIRER_UNAVAILABLE', 'token', detail, 503);
}
