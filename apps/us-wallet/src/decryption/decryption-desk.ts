import type { AcquirerCall } from '../acquirer/acquirer-call';
import type { AcquirerPayment } from '../acquirer/acquirer-answers';
import { AcquirerClient, type PaymentOrder } from '../acquirer/acquirer-client';
import { networkToken } from '../acquirer/acquirer-requests';
import { decryptToken } from '../apple-pay/decryption';
import { assertConfirmed, assertNotExpired } from '../apple-pay/payment-check';
import { readPaymentData, type PaymentData } from '../apple-pay/payment-data';
import { readPaymentToken, type TokenFields } from '../apple-pay/payment-token';
import { TokenRefused } from '../apple-pay/token-refusal';
import { DecryptionKeys } from './decryption-keys';
import type { AnyAnswer, DecryptionAnswer, DecryptionQuestion, DecryptionSettings, InspectedToken } from './messages';

/** The currency of every amount on this side; a token in another one is refused at its intake. */
const CURRENCY = 'USD';

/**
 * Opens tokens, looks at what is inside, and pays with it at the acquirer. Card number and cryptogram live for the length
 * of one question; nothing is written down, and no answer holds them.
 */
export class DecryptionDesk {
  private readonly keys: DecryptionKeys;
  private readonly acquirer: AcquirerClient;

  constructor(settings: DecryptionSettings) {
    this.keys = new DecryptionKeys(settings.merchants);
    this.acquirer = new AcquirerClient(settings.acquirer);
  }

  async answer(question: DecryptionQuestion, signal: AbortSignal): Promise<AnyAnswer> {
    try {
      const data = this.open(question.token);
      return question.kind === 'inspect'
        ? await this.inspect(data, question.nowMs, signal)
        : await this.pay(data, question.order, signal);
    } catch (error) {
      if (error instanceof TokenRefused) return { kind: 'refused', code: error.code, field: error.field };
      throw error;
    }
  }

  private open(fields: TokenFields): PaymentData {
    const transactionIdentifier = fields.header['transactionId'];
    const token = readPaymentToken({ paymentData: fields, transactionIdentifier });
    const key = this.keys.namedBy(token);
    return readPaymentData(decryptToken(token, key), key.submerchants);
  }

  private async inspect(
    data: PaymentData,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<DecryptionAnswer<InspectedToken>> {
    assertNotExpired(data, nowMs);
    const amount = data.amountMinor.toString();
    assertConfirmed(data, { amount, currency: CURRENCY });
    const call = await this.acquirer.cardFacts(data.number, signal);
    if (call.kind !== 'answered') return { kind: 'called', call };
    const answer = { ...call.answer, last4: data.number.slice(-4), amount };
    return { kind: 'called', call: { kind: 'answered', answer } };
  }

  /** The payer confirmed an amount: another one is never sent. */
  private async pay(
    data: PaymentData,
    order: PaymentOrder,
    signal: AbortSignal,
  ): Promise<{ kind: 'called'; call: AcquirerCall<AcquirerPayment> }> {
    assertConfirmed(data, order.amount);
    return { kind: 'called', call: await this.acquirer.pay(order, networkToken(data), signal) };
  }
}
