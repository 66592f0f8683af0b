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
  const code = textAt(body, 'paymentMethod.paymentMethodId');
  const isIncomplete = paymentRequestId === '' || paymentRequestId.length > ID_LENGTH || amount === undefined;
  if (isIncomplete || textAt(body, 'order.referenceOrderId') === undefined) return 'PARAM_ILLEGAL';
  if (currency !== 'CNY') return 'CURRENCY_NOT_SUPPORT';
  if (scenario === 'payment_code' && !/^(2[5-9]|30)[0-9]{14,22}$/.test(code ?? '')) return 'PAYMENT_CODE_INVALID';
  const account = scenario === 'payment_code' ? (code ?? '') : 'buy*@simulated.example';
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
