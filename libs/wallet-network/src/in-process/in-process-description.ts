import type { NetworkDescription, OperationRules } from '../description';

/** What an in-process network is told to be. */
export interface InProcessSettings {
  id: string;
  country: string;
  currency: string;
  /** `hold`: a card-like source, held then captured. `collect`: a wallet-like source. */
  funding: 'hold' | 'collect';
  /** Who owes or is owed: chooses the ledger account. */
  counterparty: string;
  /** Every answer comes after this time. */
  latencyMs: number;
  /** The amount's last digits choose what goes wrong; else everything is processed. */
  scenariosByAmount?: boolean;
  /** The network's own clock, for the life of its ids. */
  nowMs?: () => number;
  /** How long the network remembers an id; for ever unless told. */
  forgetAfterMs?: number;
  /** Deadline of a call; 5 s unless a test is in a hurry. */
  callTimeoutMs?: number;
  enquiry?: OperationRules['enquiry'];
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

export function inProcessDescription(settings: InProcessSettings): NetworkDescription {
  const rules: OperationRules = {
    callTimeoutMs: settings.callTimeoutMs ?? 5 * SECOND_MS,
    idempotencyLifeMs: 24 * HOUR_MS,
    enquiry: settings.enquiry ?? { delaysMs: [SECOND_MS, 3 * SECOND_MS], giveUpAfterMs: HOUR_MS, cancelAtEnd: false },
  };
  const { id, country, currency, funding } = settings;
  return {
    id,
    country,
    currencies: [currency],
    funding: { goods: funding, services: funding, person_to_person: 'collect' },
    canCredit: true,
    operations: {
      hold: rules,
      collect: rules,
      capture: rules,
      credit: rules,
      release: rules,
      refund: rules,
      represent: rules,
      accept: rules,
    },
    counterparties: { payer: settings.counterparty, payee: settings.counterparty },
    holdMarginMs: funding === 'hold' ? 24 * HOUR_MS : 0,
    limits: { [currency]: { minimumMinor: '1', maximumMinor: '100000000' } },
  };
}
