import type { AmountOnWire } from '@gateway/contracts/contract';
import type { Instruction } from '@gateway/wallet-network';
import type { AmsAmount } from './ams-client';

const MERCHANT = {
  referenceMerchantId: 'gateway',
  merchantName: 'Wallet Gateway',
  merchantMCC: '6051',
  store: { referenceStoreId: 'online', storeName: 'Wallet Gateway', storeMCC: '6051' },
};

export function amsAmount(amount: AmountOnWire): AmsAmount {
  return { currency: amount.currency, value: amount.amount };
}

/**
 * Body of `pay`. Identical for the same instruction however often it is sent: AMS answers a changed body under the same
 * `paymentRequestId` with REPEAT_REQ_INCONSISTENT. Settlement is onshore in CNY.
 */
export function payBody(instruction: Instruction, notifyUrl: string): object {
  const secret = instruction.instrument?.secret ?? {};
  const amount = amsAmount(instruction.amount);
  const common = {
    paymentRequestId: instruction.instructionId,
    paymentAmount: amount,
    order: {
      referenceOrderId: instruction.paymentId,
      orderDescription: 'Cross-border payment',
      orderAmount: amount,
      merchant: MERCHANT,
    },
    settlementStrategy: { settlementCurrency: 'CNY' },
    paymentNotifyUrl: notifyUrl,
  };
  if (secret.mode === 'payment_code') {
    return {
      ...common,
      productCode: 'IN_STORE_PAYMENT',
      paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: secret.payment_code },
      paymentFactor: { inStorePaymentScenario: 'PaymentCode' },
    };
  }
  if (secret.mode === 'order_code') {
    return {
      ...common,
      productCode: 'IN_STORE_PAYMENT',
      paymentMethod: { paymentMethodType: 'CONNECT_WALLET' },
      paymentFactor: { inStorePaymentScenario: 'OrderCode' },
    };
  }
  return {
    ...common,
    productCode: 'CASHIER_PAYMENT',
    paymentMethod: { paymentMethodType: 'ALIPAY_CN' },
    paymentRedirectUrl: 'https://gateway.example/return',
    env: { terminalType: 'APP' },
  };
}

/** Body of `refund`: our instruction id is its idempotency key. */
export function refundBody(instruction: Instruction): object {
  return {
    refundRequestId: instruction.instructionId,
    paymentId: instruction.target?.networkReference ?? undefined,
    refundAmount: amsAmount(instruction.amount),
  };
}
