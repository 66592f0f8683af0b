import type { NetworkDescription, OperationRules } from '@gateway/wallet-network';

/** Who owes us collections. */
export const COUNTERPARTY = 'qrpay';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const every3Seconds = (times: number): number[] => Array.from({ length: times }, () => 3 * SECOND);

/** An order that shows its code waits this long for a payer. */
export const ORDER_LIFE_MS = 10 * MINUTE;
/** A paid order is cancelled within this time, as if it had never been; after it the money is on its way and is refunded. */
export const CANCEL_WINDOW_MS = 30 * MINUTE;
/** QRPay keeps ids of orders, cancels and refunds for a day. */
const IDEMPOTENCY_LIFE_MS = DAY;

/** The payer stands at the till: a shown code is asked about every 3 s, 20 times, then cancelled until that is definite. */
const COLLECT: OperationRules = {
  callTimeoutMs: 5 * SECOND,
  idempotencyLifeMs: IDEMPOTENCY_LIFE_MS,
  enquiry: { delaysMs: every3Seconds(20), giveUpAfterMs: MINUTE, cancelAtEnd: true },
  whilePayerActs: {
    delaysMs: [...every3Seconds(5), 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND],
    giveUpAfterMs: ORDER_LIFE_MS,
    cancelAtEnd: true,
  },
};

const WAY_BACK: OperationRules = {
  callTimeoutMs: 5 * SECOND,
  idempotencyLifeMs: IDEMPOTENCY_LIFE_MS,
  enquiry: {
    delaysMs: [...every3Seconds(10), 30 * SECOND, MINUTE, 10 * MINUTE],
    giveUpAfterMs: DAY,
    cancelAtEnd: false,
  },
};

/**
 * Static facts about QRPay: a retailers' wallet. The payer shows a code or scans one, the money comes from their bank
 * account at once. It pays retailers and nobody else: neither person to person, nor can anybody be paid on it.
 */
export const QRPAY_DESCRIPTION: NetworkDescription = {
  id: 'qrpay',
  country: 'US',
  currencies: ['USD'],
  funding: { goods: 'collect', services: 'collect' },
  canCredit: false,
  operations: { collect: COLLECT, release: WAY_BACK, refund: WAY_BACK },
  counterparties: { payer: COUNTERPARTY, payee: COUNTERPARTY },
  holdMarginMs: 0,
  limits: { USD: { minimumMinor: '1', maximumMinor: '250000' } },
};
