import type { NotifyPlan } from '../faults/fault';
import type { JsonObject } from '../wire/fields';
import { isoInChina } from '../wire/china-time';

/** How the payer agrees: shows a code, scans ours, or confirms in the app. */
export type AmsScenario = 'payment_code' | 'order_code' | 'cashier';
export type AmsStatus = 'PROCESSING' | 'SUCCESS' | 'FAIL' | 'CANCELLED';

/** A collection; amounts are minor units. */
export interface AmsPayment {
  readonly payment_request_id: string;
  readonly payment_id: string;
  readonly fingerprint: string;
  readonly request: JsonObject;
  readonly scenario: AmsScenario;
  readonly account: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly refunded: bigint;
  readonly status: AmsStatus;
  readonly result_code: string;
  readonly plan: { readonly notify: NotifyPlan; readonly outcome?: 'success' | 'fail' };
  readonly created_at: Date;
  readonly paid_at: Date | null;
  readonly cancelled_at: Date | null;
  readonly expires_at: Date;
  readonly completes_at: Date | null;
}

export interface AmsRefund {
  readonly refund_request_id: string;
  readonly refund_id: string;
  readonly payment_request_id: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly refunded_at: Date;
}

export type AmsBody = Record<string, unknown>;

const MESSAGES: Readonly<Record<string, string>> = {
  SUCCESS: 'success.',
  PAYMENT_IN_PROCESS: 'The payment is in process.',
  UNKNOWN_EXCEPTION: 'API failed due to unknown reason.',
  ORDER_NOT_EXIST: 'The order does not exist.',
  ORDER_IS_CLOSED: 'The order is closed.',
  REPEAT_REQ_INCONSISTENT: 'Repeated requests are inconsistent.',
};

export function result(resultStatus: 'S' | 'F' | 'U', resultCode: string): AmsBody {
  return {
    resultStatus,
    resultCode,
    resultMessage: MESSAGES[resultCode] ?? resultCode.toLowerCase().replaceAll('_', ' '),
  };
}

/** A body that says only how it went. */
export function outcomeOnly(resultStatus: 'S' | 'F' | 'U', resultCode: string): AmsBody {
  return { result: result(resultStatus, resultCode) };
}

export function amountOf(value: bigint, currency: string): AmsBody {
  return { currency, value: value.toString() };
}

/** The answer to `pay`, also to its repeats. */
export function payAnswer(payment: AmsPayment): AmsBody {
  switch (payment.status) {
    case 'SUCCESS':
      return { result: result('S', 'SUCCESS'), ...paidFacts(payment) };
    case 'FAIL':
      return { result: result('F', payment.result_code), ...identifiers(payment) };
    case 'CANCELLED':
      return { result: result('F', 'ORDER_IS_CLOSED'), ...identifiers(payment) };
    case 'PROCESSING':
      return { ...identifiers(payment), ...waitingFor(payment) };
  }
}

/** The answer to `inquiryPayment`: `result` says only that the query worked. */
export function inquiryAnswer(payment: AmsPayment): AmsBody {
  const isPaid = payment.status === 'SUCCESS';
  return {
    result: result('S', 'SUCCESS'),
    ...(isPaid ? paidFacts(payment) : identifiers(payment)),
    paymentStatus: payment.status,
    paymentResultCode: payment.result_code,
    paymentResultMessage: MESSAGES[payment.result_code] ?? payment.result_code,
    // Cancelled after it was paid: it says when it had been.
    ...(payment.cancelled_at && payment.paid_at && { paymentTime: isoInChina(payment.paid_at) }),
    ...(payment.cancelled_at && { cancelTime: isoInChina(payment.cancelled_at) }),
  };
}

/** `notifyPayment`, to our paymentNotifyUrl. */
export function paymentNotification(payment: AmsPayment, contradicting = false): AmsBody {
  const isPaid = (payment.status === 'SUCCESS') !== contradicting;
  const { amount, currency, reference } = payment.plan.notify;
  return {
    notifyType: 'PAYMENT_RESULT',
    result: isPaid ? result('S', 'SUCCESS') : result('F', contradicting ? 'PROCESS_FAIL' : payment.result_code),
    ...(isPaid ? paidFacts(payment) : identifiers(payment)),
    ...(amount !== undefined && { paymentAmount: amountOf(BigInt(amount), currency ?? payment.currency) }),
    ...(reference !== undefined && { paymentRequestId: reference }),
  };
}

function identifiers(payment: AmsPayment): AmsBody {
  return {
    paymentRequestId: payment.payment_request_id,
    paymentId: payment.payment_id,
    paymentAmount: amountOf(payment.amount, payment.currency),
    paymentCreateTime: isoInChina(payment.created_at),
  };
}

/** Settled onshore: what is paid, what the payer is charged and what we are settled are one amount in CNY. */
function paidFacts(payment: AmsPayment): AmsBody {
  return {
    ...identifiers(payment),
    actualPaymentAmount: amountOf(payment.amount, payment.currency),
    grossSettlementAmount: amountOf(payment.amount, payment.currency),
    ...(payment.paid_at && { paymentTime: isoInChina(payment.paid_at) }),
    pspCustomerInfo: { pspName: 'ALIPAY_CN', pspCustomerId: '2088000000000000', displayCustomerId: payment.account },
  };
}

/** An order that waits: a code to show, an app to open, or a payer who is typing the password. */
function waitingFor(payment: AmsPayment): AmsBody {
  if (payment.scenario === 'order_code') {
    const codeValue = `https://qr.simulated.example/${payment.payment_id}`;
    return {
      result: result('S', 'SUCCESS'),
      orderCodeForm: {
        expireTime: isoInChina(payment.expires_at),
        codeDetails: [{ codeValue, codeValueType: 'QRCODE', displayType: 'TEXT' }],
      },
    };
  }
  const inApp = {
    normalUrl: `https://cashier.simulated.example/pay?id=${payment.payment_id}`,
    schemeUrl: `alipays://platformapi/startapp?order=${payment.payment_id}`,
  };
  return { result: result('U', 'PAYMENT_IN_PROCESS'), ...(payment.scenario === 'cashier' && inApp) };
}
