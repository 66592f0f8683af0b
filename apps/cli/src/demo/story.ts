import type { Journey } from './journeys';

/** What a state of routing's table means to somebody who watches: who acted, what was done, where the money is. */
export interface Step {
  readonly who: string;
  readonly what: string;
  readonly money: string;
}

const NAMES: Readonly<Record<string, string>> = { applepay: 'Apple Pay', alipay: 'Alipay' };
const SERVICES: Readonly<Record<string, string>> = { applepay: 'us-wallet', alipay: 'china-wallet' };

/** The card side holds and captures later; a wallet that shows a code collects at once. */
const HOLDS: readonly string[] = ['applepay'];

export function nameOf(network: string): string {
  return NAMES[network] ?? network;
}

/** One line for a state. A state that the demo does not expect is told by its name. */
export function tellStep(state: string, { sourceNetwork, targetNetwork }: Journey): Step {
  const source = nameOf(sourceNetwork);
  const target = nameOf(targetNetwork);
  const holds = HOLDS.includes(sourceNetwork);
  const payerSide = SERVICES[sourceNetwork] ?? sourceNetwork;
  const payeeSide = SERVICES[targetNetwork] ?? targetNetwork;
  const taken = holds ? "held on the payer's card" : `collected, ${source} owes it to us`;
  const steps: Readonly<Record<string, Step>> = {
    CREATED: { who: 'routing', what: 'payment accepted, offer and instruments used once', money: "payer's" },
    SCREENING: { who: 'routing', what: 'asks for screening and reservation at once', money: "payer's" },
    SCREENED: { who: 'compliance', what: 'both people are clear', money: "payer's" },
    RESERVED: { who: 'fx-settlement', what: 'payout reserved from our float', money: "payer's" },
    AUTHORISING: { who: payerSide, what: holds ? `holds at ${source}` : `collects at ${source}`, money: "payer's" },
    AUTHORISED: { who: payerSide, what: holds ? 'hold confirmed' : 'collection confirmed', money: taken },
    CREDITING: { who: payeeSide, what: `pays out at ${target}`, money: taken },
    CREDITED: { who: payeeSide, what: 'payout confirmed', money: "payee's" },
    CAPTURING: { who: payerSide, what: `captures the hold at ${source}`, money: "payee's; we are owed the hold" },
    COMPLETED: { who: 'routing', what: 'nothing left to do', money: `payee's; ${source} owes us the total` },
  };
  return steps[state] ?? { who: 'routing', what: state.toLowerCase().replaceAll('_', ' '), money: 'see the history' };
}
