import type { Claim } from '@gateway/wallet-network';

const LONGEST = 128;

/** What `notifyPayment` of AMS claims; null for a type that says nothing of an end. */
export function claimOfAms(body: Record<string, unknown>): Claim | null {
  if (body['notifyType'] !== undefined && body['notifyType'] !== 'PAYMENT_RESULT') return null;
  const result = objectAt(body, 'result');
  const amount = objectAt(body, 'paymentAmount');
  const claim = CLAIM_OF_AMS.get(textOf(result['resultStatus']));
  return claimOf(claim, {
    type: body['notifyType'],
    status: result['resultStatus'],
    code: result['resultCode'],
    id: body['paymentId'],
    amount: amount['value'],
    currency: amount['currency'],
    at: body['paymentTime'],
  });
}

/** What a fund notification of the open platform claims of a transfer. REFUND and DEALING say nothing of an end. */
export function claimOfTransfer(order: Record<string, unknown>): Claim | null {
  const claim = CLAIM_OF_TRANSFER.get(textOf(order['status']));
  return claimOf(claim, {
    type: order['action_type'],
    status: order['status'],
    code: order['error_code'],
    id: order['order_id'],
    amount: order['trans_amount'],
    at: order['pay_date'],
  });
}

const CLAIM_OF_AMS = new Map<string | null, Claim['claim']>([
  ['S', 'done'],
  ['F', 'not_done'],
]);
const CLAIM_OF_TRANSFER = new Map<string | null, Claim['claim']>([
  ['SUCCESS', 'done'],
  ['FAIL', 'not_done'],
]);

function claimOf(claim: Claim['claim'] | undefined, given: Record<string, unknown>): Claim | null {
  if (claim === undefined) return null;
  const fields = Object.entries(given).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === null ? [] : [[name, text.slice(0, LONGEST)]];
  });
  return { claim, fields: Object.fromEntries(fields) as Record<string, string> };
}

function objectAt(body: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = body[name];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
