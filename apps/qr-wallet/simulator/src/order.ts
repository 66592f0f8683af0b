import { sha256 } from './signatures';

/** WAITING for the payer; the other states are final, but a PAID order can be cancelled for a while. */
export type OrderState = 'WAITING' | 'PAID' | 'REFUSED' | 'CANCELLED' | 'EXPIRED';

/** One order as QRPay keeps it. */
export interface Order {
  readonly orderId: string;
  readonly qrpayId: string;
  readonly state: OrderState;
  readonly reason: string | null;
  /** Minor units. */
  readonly amount: bigint;
  readonly currency: string;
  /** Whose code it is: the payer's, shown to the retailer, or the order's, scanned by the payer. */
  readonly presented: 'payer' | 'merchant';
  readonly notifyUrl: string;
  /** Of the request: another content under the same id is a mistake of the merchant. */
  readonly fingerprint: string;
  readonly madeAt: Date;
  readonly validUntil: Date;
  readonly paidAt: Date | null;
}

/** A merchant's wish, read and checked. */
export interface OrderRequest {
  readonly orderId: string;
  readonly amount: bigint;
  readonly presented: Order['presented'];
  readonly payerCode: string;
  readonly notifyUrl: string;
  readonly validMs: number;
  readonly fingerprint: string;
}

const DAY_MS = 86_400_000;
/** An id means its order for a day. */
export const ID_LIFE_MS = DAY_MS;
/** Until the money is on its way from the payer's bank. */
const CANCEL_WINDOW_MS = 30 * 60_000;
const CONFIRM_WITHIN_MS = 2 * 60_000;
const MOST_MINOR = 250_000n;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const PAYER_CODE = /^51([0-9]{4})[0-9]{12}$/;

/** The third to sixth digit of a payer's code say how that payer's account behaves; all others simply pay. */
const REFUSALS: Readonly<Record<string, string>> = {
  '0051': 'NOT_ENOUGH_FUNDS',
  '0054': 'CODE_EXPIRED',
  '0057': 'ACCOUNT_LOCKED',
  '0059': 'RISK',
  '0061': 'ACCOUNT_LIMIT',
};
const ASKS_THE_PAYER = '0075';

/** Undefined where a field is missing or wrong. */
export function readOrderRequest(body: Record<string, unknown>): OrderRequest | undefined {
  const { order_id: orderId, notify_url: notifyUrl } = body;
  const amount = readAmount(body.amount);
  const shown = readPresentation(body);
  if (!isId(orderId) || typeof notifyUrl !== 'string' || amount === undefined || shown === undefined) return undefined;
  if (amount > MOST_MINOR) return undefined;
  return { ...shown, orderId, amount, notifyUrl, fingerprint: sha256(JSON.stringify(body)) };
}

type Presentation = Pick<OrderRequest, 'presented' | 'payerCode' | 'validMs'>;

/** The payer's code, or for how long ours is to be scanned. */
function readPresentation({
  present,
  payer_code: code,
  valid_seconds: valid,
}: Record<string, unknown>): Presentation | undefined {
  if (present === 'payer' && typeof code === 'string' && PAYER_CODE.test(code)) {
    return { presented: present, payerCode: code, validMs: CONFIRM_WITHIN_MS };
  }
  if (present === 'merchant' && isWhole(valid, 30, 3_600)) {
    return { presented: present, payerCode: '', validMs: valid * 1_000 };
  }
  return undefined;
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/** Minor units of an amount in US dollars. */
export function readAmount(value: unknown): bigint | undefined {
  const { minor, currency } = (value ?? {}) as Record<string, unknown>;
  const sound = typeof minor === 'string' && /^[1-9][0-9]{0,11}$/.test(minor) && currency === 'USD';
  return sound ? BigInt(minor) : undefined;
}

/** What becomes of a new order at once. */
export function firstStateOf({ presented, payerCode }: OrderRequest): Pick<Order, 'state' | 'reason'> {
  if (presented === 'merchant') return { state: 'WAITING', reason: null };
  const marker = PAYER_CODE.exec(payerCode)?.[1] ?? '';
  const refusal = REFUSALS[marker];
  if (refusal !== undefined) return { state: 'REFUSED', reason: refusal };
  return { state: marker === ASKS_THE_PAYER ? 'WAITING' : 'PAID', reason: null };
}

/** An order that waited too long has ended, whether or not anybody looked. */
export function asOf(order: Order, now: Date): Order {
  return order.state === 'WAITING' && now >= order.validUntil ? { ...order, state: 'EXPIRED' } : order;
}

export function isIdFree(order: Order, now: Date): boolean {
  return now.getTime() - order.madeAt.getTime() >= ID_LIFE_MS;
}

export function canCancel({ state, paidAt }: Order, now: Date): 'yes' | 'too_late' | 'final' {
  if (state === 'WAITING') return 'yes';
  if (state !== 'PAID') return 'final';
  return now.getTime() < (paidAt?.getTime() ?? 0) + CANCEL_WINDOW_MS ? 'yes' : 'too_late';
}

/** An order as answers show it. */
export function orderView(order: Order): Record<string, unknown> {
  const scannable = order.presented === 'merchant' && order.state === 'WAITING';
  return {
    order_id: order.orderId,
    qrpay_id: order.qrpayId,
    state: order.state,
    ...(order.reason !== null && { reason: order.reason }),
    amount: { minor: order.amount.toString(), currency: order.currency },
    ...(scannable && { qr_content: `https://qrpay.example/o/${order.qrpayId}` }),
    ...(order.state === 'WAITING' && { valid_until: order.validUntil.toISOString() }),
    ...(order.paidAt !== null && { paid_at: order.paidAt.toISOString() }),
  };
}
