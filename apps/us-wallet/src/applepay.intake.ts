import { Injectable } from '@nestjs/common';
import { Clock } from '@gateway/platform';
import {
  InstrumentIntake,
  IntakeRefused,
  onlyFields,
  type InstrumentCapabilities,
  type IntakeRequest,
  type IntakeResult,
} from '@gateway/wallet-network';
import type { CardScheme, PayoutSupport } from './acquirer/acquirer-answers';
import type { AcquirerCall } from './acquirer/acquirer-call';
import { TOKEN_REFUSALS, TokenRefused } from './apple-pay/token-refusal';
import type { VerifiedToken } from './apple-pay/token-verifier';
import { applicationDataHash } from './application-data';
import { ApplePayClients } from './applepay.clients';
import { APPLE_PAY_DESCRIPTION } from './applepay.description';
import { payable, payableTo, requirePushable, type CapableCard } from './card-capabilities';
import { secretOf } from './encrypted-token';
import { isOpenTo } from './merchants/merchants';

const ACQUIRER_TIMEOUT_MS = 10_000;
/** As long as the acquirer keeps what it exchanges. */
const ENCRYPTED_LIFE_MS = 15 * 60_000;
const NAMES: Readonly<Record<CardScheme, string>> = { visa: 'Visa', mastercard: 'Mastercard', amex: 'Amex' };

/** The card in a token, by whoever opened it. */
interface IntakenCard extends Omit<CapableCard, 'scheme'> {
  scheme: CardScheme | null;
  last4: string;
  issuerCountry: string | null;
  secret: Record<string, string>;
  expiresAt: Date | null;
  payouts: () => Promise<PayoutSupport | null>;
}

/** Apple Pay tokens: verified before anything else, then opened by the acquirer or by the decryption process. */
@Injectable()
export class ApplePayIntake extends InstrumentIntake {
  constructor(
    private readonly clients: ApplePayClients,
    private readonly clock: Clock,
  ) {
    super();
  }

  async take({ data, use, partner_id: partnerId }: IntakeRequest): Promise<IntakeResult> {
    onlyFields(data, ['token', 'application_data']);
    const verified = this.verify(data['token'], applicationDataHash(data['application_data']));
    const merchant = this.clients.merchants.ownerOf(verified.publicKeyHash);
    if (!isOpenTo(merchant, partnerId)) throw refusedToken('MERCHANT_NOT_YOURS', 'paymentData.header.publicKeyHash');
    const signal = AbortSignal.timeout(ACQUIRER_TIMEOUT_MS);
    const card =
      merchant.profile === 'gateway_decrypts'
        ? await this.inspect(verified, signal)
        : await this.exchange(verified, signal);
    const scheme = schemeTaken(card);
    return {
      capabilities: await capabilitiesOf({ ...card, scheme }, use),
      label: `${NAMES[scheme]} •••• ${card.last4}`,
      secret: card.secret,
      uniqueKey: verified.transactionId,
      ...(card.expiresAt && { expires_at: card.expiresAt.toISOString() }),
    };
  }

  private verify(token: unknown, applicationData: Buffer | null): VerifiedToken {
    try {
      return this.clients.tokens.verify(token, applicationData);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      throw refusedToken(error.code, error.field);
    }
  }

  /** The token goes to the acquirer encrypted as it came; what comes back stands for the card, and only there. */
  private async exchange({ fields }: VerifiedToken, signal: AbortSignal): Promise<IntakenCard> {
    const call = await this.clients.acquirer.exchangeToken(fields, signal);
    const { token, ...card } = answerOf(call, 'The acquirer does not take this token.');
    const payouts = async (): Promise<PayoutSupport | null> => {
      const support = await this.clients.acquirer.payoutSupport(token, signal);
      if (support.kind === 'silent' || support.kind === 'never_left') throw unavailable();
      return support.kind === 'answered' ? support.answer : null;
    };
    return { ...card, secret: { token }, payouts };
  }

  /** The token is kept encrypted until it pays; what it holds is told as far as the instrument has to know. */
  private async inspect({ fields }: VerifiedToken, signal: AbortSignal): Promise<IntakenCard> {
    const nowMs = this.clock.nowMs();
    const answer = await this.clients.decryption.inspect(fields, nowMs, signal);
    if (answer.kind === 'refused') throw refusedToken(answer.code, answer.field);
    const { payouts, amount, ...card } = answerOf(answer.call, 'The acquirer does not know this card.');
    return {
      ...card,
      confirmed: amount,
      secret: secretOf(fields),
      expiresAt: new Date(nowMs + ENCRYPTED_LIFE_MS),
      payouts: () => Promise.resolve(payouts),
    };
  }
}

function schemeTaken({ scheme, issuerCountry }: IntakenCard): CardScheme {
  if (scheme === null) throw refused('NO_COMMON_CAPABILITY', 'token', 'Only Visa, Mastercard and Amex are taken.');
  if (issuerCountry !== null && issuerCountry !== APPLE_PAY_DESCRIPTION.country)
    throw refused('NO_COMMON_CAPABILITY', 'token', 'Only cards issued in the United States are taken.');
  return scheme;
}

/** Push-to-card: Visa and Mastercard only, and only where the card's issuer takes it. */
async function capabilitiesOf(
  card: IntakenCard & CapableCard,
  use: IntakeRequest['use'],
): Promise<InstrumentCapabilities> {
  if (use === 'pay') return payable(card);
  requirePushable(card.scheme);
  return payableTo(card, await card.payouts());
}

function answerOf<T>(call: AcquirerCall<T>, refusal: string): T {
  if (call.kind === 'answered') return call.answer;
  throw call.kind === 'refused' ? refused('INVALID_TOKEN', 'token', refusal) : unavailable();
}

function refused(code: string, param: string, detail: string): IntakeRefused {
  return new IntakeRefused(code, param, detail);
}

/** The token's own reason, in words for a partner's developer. */
function refusedToken(code: keyof typeof TOKEN_REFUSALS, field: string): IntakeRefused {
  return refused('INVALID_TOKEN', `token.${field}`, `${code}: ${TOKEN_REFUSALS[code]}.`);
}

/** The token is not used up: its transaction id is taken only with the instrument, so the same one may come again. */
function unavailable(): IntakeRefused {
  const detail = 'The acquirer did not answer; send the token again while it is fresh.';
  return new IntakeRefused('ACQUIRER_UNAVAILABLE', 'token', detail, 503);
}
