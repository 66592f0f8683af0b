import { randomInt } from 'node:crypto';
import { callJson, type WireAmount } from './partner-api';

/** Codes that begin so are those of payers in the simulator's Alipay; the next four digits say what happens: all is well. */
const PAYMENT_CODE_START = '2899990000';

/** Plays the people: what their phones hand to the partner's app. */
export class Wallets {
  constructor(private readonly simulatorUrl: string) {}

  /** The token that Apple Pay makes when a payer confirms with a finger or a face, or a payee shows a card. */
  applePayToken(amount: WireAmount): Promise<object> {
    const request = { scheme: 'visa', amount: amount.amount, currency: amount.currency };
    return callJson(`${this.simulatorUrl}/apple/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
  }

  /** The code that a payer's Alipay shows: 18 digits, good for one payment. */
  alipayPaymentCode(): string {
    return PAYMENT_CODE_START + String(randomInt(100_000_000)).padStart(8, '0');
  }
}
