import type { InProcessSettings } from '@gateway/wallet-network';

const ANSWER_AFTER_MS = 5;
/** The network's memory is not the service's: it keeps what may still be asked about. */
const FORGET_AFTER_MS = 30_000;

/** The two networks of the yardstick by the service that runs them: the same ids, currencies and kinds as the real ones. */
export const IN_PROCESS_NETWORKS: Readonly<Record<string, InProcessSettings>> = {
  'us-wallet': {
    id: 'applepay',
    country: 'US',
    currency: 'USD',
    funding: 'hold',
    counterparty: 'visa',
    latencyMs: ANSWER_AFTER_MS,
    forgetAfterMs: FORGET_AFTER_MS,
  },
  'china-wallet': {
    id: 'alipay',
    country: 'CN',
    currency: 'CNY',
    funding: 'collect',
    counterparty: 'alipay',
    latencyMs: ANSWER_AFTER_MS,
    forgetAfterMs: FORGET_AFTER_MS,
  },
};
