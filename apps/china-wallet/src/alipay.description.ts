import type { NetworkDescription, OperationRules } from '@gateway/wallet-network';

/** Who owes us collections, and whose float we pay out of. */
export const COUNTERPARTY = 'alipay';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const every3Seconds = (times: number): number[] => Array.from({ length: times }, () => 3 * SECOND);

/**
 * Payer-presented codes: no answer in 5 s, query every 3 s, 20 times, then cancel until definite (docs.antom.com, best
 * practice). An order that waits in the payer's app: growing intervals until it closes after 14 minutes, then cancel.
 */
const COLLECT: OperationRules = {
  callTimeoutMs: 5 * SECOND,
  idempotencyLifeMs: 14 * MINUTE,
  enquiry: { delaysMs: every3Seconds(20), giveUpAfterMs: MINUTE, cancelAtEnd: true },
  whilePayerActs: {
    delaysMs: [...every3Seconds(4), 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE],
    giveUpAfterMs: 14 * MINUTE,
    cancelAtEnd: true,
  },
};

/** Payouts have no cancel: query only, repeat only with the same id; the next day's file is the judge. */
const CREDIT: OperationRules = {
  callTimeoutMs: 10 * SECOND,
  idempotencyLifeMs: DAY,
  enquiry: {
    delaysMs: [...every3Seconds(5), 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE],
    giveUpAfterMs: DAY,
    cancelAtEnd: false,
  },
};

const WAY_BACK: OperationRules = {
  callTimeoutMs: 5 * SECOND,
  idempotencyLifeMs: DAY,
  enquiry: {
    delaysMs: [...every3Seconds(10), 30 * SECOND, MINUTE, 10 * MINUTE],
    giveUpAfterMs: DAY,
    cancelAtEnd: false,
  },
};

/** Static facts about Alipay as both contracts give them. Limits: CNY 0.01 to 50,000 per payment (domain.md, protocols D). */
export const ALIPAY_DESCRIPTION: NetworkDescription = {
  id: 'alipay',
  country: 'CN',
  currencies: ['CNY'],
  funding: { goods: 'collect', services: 'collect', person_to_person: 'collect' },
  canCredit: true,
  operations: { collect: COLLECT, credit: CREDIT, release: WAY_BACK, refund: WAY_BACK },
  counterparties: { payer: COUNTERPARTY, payee: COUNTERPARTY },
  holdMarginMs: 0,
  limits: { CNY: { minimumMinor: '1', maximumMinor: '5000000' } },
};
