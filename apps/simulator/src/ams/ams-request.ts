import { createHash } from 'node:crypto';
import { minorUnitsAt, textAt, type JsonObject } from '../wire/fields';
import type { AmsScenario } from './ams-payment';

/** `pay`, read. */
export interface PayRequest {
  readonly paymentRequestId: string;
  readonly scenario: AmsScenario;
  /** Payment code, or the name of an unknown payer who will confirm. */
  readonly account: string;
  /** Minor units. */
  readonly amount: bigint;
  readonly currency: string;
  /** Hash of the fields that a repeat must not change. */
  readonly fingerprint: string;
}

const ID_LENGTH = 64;

/** The request, or the result code that refuses it. */
export function readPayRequest(body: JsonObject): PayRequest | string {
  const paymentRequestId = textAt(body, 'paymentRequestId') ?? '';
  const amount = minorUnitsAt(body, 'paymentAmount.value');
  const currency = textAt(body, 'paymentAmount.currency') ?? '';
  const scenario = scenarioOf(body);
  const hasId = paymentRequestId !== '' && paymentRequestId.length <= ID_LENGTH;
  if (!hasId || amount === undefined || !textAt(body, 'order.referenceOrderId')) return 'PARAM_ILLEGAL';
  if (currency !== 'CNY') return 'CURRENCY_NOT_SUPPORT';
  const account = accountIn(body, scenario);
  if (account === undefined) return 'PAYMENT_CODE_INVALID';
  const keyFields = [paymentRequestId, scenario, account, amount.toString(), currency];
  return {
    paymentRequestId,
    scenario,
    account,
    amount,
    currency,
    fingerprint: createHash('sha256').update(keyFields.join('\n')).digest('hex'),
  };
}

/** A payment code has 16 to 24 digits and begins with 25 to 30. */
function accountIn(body: JsonObject, scenario: AmsScenario): string | undefined {
  if (scenario !== 'payment_code') return 'buy*@simulated.example';
  const code = textAt(body, 'paymentMethod.paymentMethodId') ?? '';
  return /^(2[5-9]|30)[0-9]{14,22}$/.test(code) ? code : undefined;
}

function scenarioOf(body: JsonObject): AmsScenario {
  switch (textAt(body, 'paymentFactor.inStorePaymentScenario')) {
    case 'PaymentCode':
      return 'payment_code';
    case 'OrderCode':
      return 'order_code';
    default:
      return 'cashier';
  }
}

/** The payment that an enquiry, cancel or refund is about: by the network's id, else by ours. */
export function paymentIdIn(body: JsonObject): string {
  return textAt(body, 'paymentId') ?? textAt(body, 'paymentRequestId') ?? '';
}
