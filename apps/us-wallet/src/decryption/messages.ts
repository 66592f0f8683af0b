import type { AcquirerCall } from '../acquirer/acquirer-call';
import type { AcquirerPayment, CardScheme, PayoutSupport } from '../acquirer/acquirer-answers';
import type { AcquirerClientOptions, PaymentOrder } from '../acquirer/acquirer-client';
import type { TokenFields } from '../apple-pay/payment-token';
import type { TokenRefusalCode } from '../apple-pay/token-refusal';
import type { MerchantCredentials } from '../merchants/merchant-credentials';

/** What the decryption process is started with, in the variable `DECRYPTION_SETTINGS` of its environment. */
export interface DecryptionSettings {
  acquirer: AcquirerClientOptions;
  /** Only those whose tokens the gateway decrypts. */
  merchants: MerchantCredentials[];
}

export const SETTINGS_VARIABLE = 'DECRYPTION_SETTINGS';

/** What can be asked: tokens go in encrypted, and nothing that was inside comes out but what an answer lists. */
export type DecryptionQuestion =
  { kind: 'inspect'; token: TokenFields; nowMs: number } | { kind: 'pay'; token: TokenFields; order: PaymentOrder };

export interface DecryptionRequest {
  id: number;
  question: DecryptionQuestion;
}

/** What a token holds, as far as the service may know it. */
export interface InspectedToken {
  scheme: CardScheme | null;
  last4: string;
  issuerCountry: string | null;
  payouts: PayoutSupport;
  /** Minor units that the payer confirmed. */
  amount: string;
}

/** `refused`: the token is not to be used, and nothing was sent. `called`: what became of the call to the acquirer. */
export type DecryptionAnswer<T> =
  { kind: 'refused'; code: TokenRefusalCode; field: string } | { kind: 'called'; call: AcquirerCall<T> };

/** `inspect` is answered by what the token holds, `pay` by the payment. */
export type AnyAnswer = DecryptionAnswer<InspectedToken | AcquirerPayment>;

/** What the process says: that it is ready, why it is not, or an answer. */
export type DecryptionNotice =
  { kind: 'ready' } | { kind: 'unfit'; problem: string } | { kind: 'answer'; id: number; answer: AnyAnswer };
