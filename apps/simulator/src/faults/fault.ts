/** The networks that can be told to misbehave. */
export type Network = 'acquirer' | 'ams' | 'open_platform';
export const NETWORKS: readonly Network[] = ['acquirer', 'ams', 'open_platform'];

/** What a network does instead of answering well; the README says what each one means on each network. */
export const BEHAVIOURS = [
  'decline',
  'delay',
  'answer_late',
  'answer_pending',
  'answer_unknown',
  'timeout_after_executing',
  'timeout_without_executing',
  'execute_later',
  'reverse_later',
  'unknown_for_long',
  'http_500',
  'close_connection',
  'partial_approval',
  'short_hold',
  'bad_signature',
  'notify_late',
  'notify_twice',
  'notify_never',
  'notify_other_amount',
  'notify_other_payment',
  'notify_contradiction',
  'notify_bad_signature',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** Details of a behaviour; every one has a default. */
export interface FaultParams {
  /** Network's own code of a refusal, e.g. `20051`, `PAYEE_ACCOUNT_STATUS_ERROR`. */
  readonly code?: string;
  /** Milliseconds to wait, to be late, until execution, or for which a hold is good. */
  readonly ms?: number;
  /** Whether the request is executed before a broken answer. */
  readonly executed?: boolean;
  /** Minor units: what is approved instead, or what the notification claims. */
  readonly amount?: string;
  readonly currency?: string;
  /** Body of an HTTP 500. */
  readonly body?: string;
  /** How often a notification is sent by `notify_twice`. */
  readonly copies?: number;
  /** How many enquiries `unknown_for_long` leaves without an answer. */
  readonly enquiries?: number;
  /** Our request id that `notify_other_payment` names; somebody else's by default. */
  readonly reference?: string;
  /** What a request that is executed later hears: nothing (default), or that the outcome is unknown. */
  readonly answer?: 'nothing' | 'unknown';
  /** How an `answer_pending` ends. */
  readonly outcome?: 'success' | 'fail';
}

/** Which requests a rule is for. An absent field matches everything. */
export interface FaultMatch {
  /** Prefix of our request id, or of the network's id. */
  readonly reference?: string;
  readonly amount?: string;
  /** Card number or its last four digits, acquirer token, payment code, account identity. */
  readonly account?: string;
}

export interface FaultRule {
  readonly network: Network;
  /** An operation of the network, or `*`. */
  readonly operation: string;
  readonly match: FaultMatch;
  readonly behaviour: Behaviour;
  readonly params: FaultParams;
  readonly times: number;
}

/** A request as the fault gate sees it. */
export interface Asked {
  readonly network: Network;
  readonly operation: string;
  /** Our request id first, then other names of the same thing. */
  readonly references: readonly string[];
  readonly amount?: bigint;
  /** Names of the account that it is about. */
  readonly accounts: readonly string[];
  /** Misbehaviour written into the account or amount itself. */
  readonly marker?: MarkedBehaviour;
}

export interface MarkedBehaviour {
  readonly behaviour: Behaviour;
  readonly params: FaultParams;
}

/** How a notification about this request will be sent. */
export interface NotifyPlan {
  readonly copies: number;
  readonly delayMs: number;
  readonly badSignature?: boolean;
  readonly amount?: string;
  readonly currency?: string;
  /** Names another payment than the one that it is about. */
  readonly reference?: string;
  /** A second notification says the opposite of the first one. */
  readonly contradicted?: boolean;
}

/** How long after a notification the one comes that says the opposite. */
export const CONTRADICTED_AFTER_MS = 1_500;
export const NORMAL_NOTIFY: NotifyPlan = { copies: 1, delayMs: 0 };

/** What the gate decided for one request. */
export interface Verdict {
  /** Business time at which the network received the request. */
  readonly now: Date;
  readonly behaviour: Behaviour | 'none';
  readonly params: FaultParams;
  readonly notify: NotifyPlan;
}

export function matches(match: FaultMatch, asked: Asked): boolean {
  const { reference, amount, account } = match;
  if (reference !== undefined && !asked.references.some((name) => name.startsWith(reference))) return false;
  if (amount !== undefined && asked.amount?.toString() !== amount) return false;
  return account === undefined || asked.accounts.includes(account);
}

export function isAboutNotifying(behaviour: Behaviour): boolean {
  return behaviour.startsWith('notify_');
}

const LATE_MS = 30_000;
/** A request id that was never ours. */
const SOMEBODY_ELSES = 'pay_00000000000000000000000000-collect';

/** What each behaviour about notifying means for the notification. */
const NOTIFY_PLANS: Readonly<Partial<Record<Behaviour, (params: FaultParams) => NotifyPlan>>> = {
  notify_never: () => ({ copies: 0, delayMs: 0 }),
  notify_late: ({ ms }) => ({ copies: 1, delayMs: ms ?? LATE_MS }),
  notify_twice: ({ copies }) => ({ copies: copies ?? 2, delayMs: 0 }),
  notify_bad_signature: () => ({ ...NORMAL_NOTIFY, badSignature: true }),
  notify_other_payment: ({ reference }) => ({ ...NORMAL_NOTIFY, reference: reference ?? SOMEBODY_ELSES }),
  notify_contradiction: () => ({ ...NORMAL_NOTIFY, contradicted: true }),
  notify_other_amount: ({ amount, currency }) => ({
    ...NORMAL_NOTIFY,
    amount: amount ?? '1',
    ...(currency && { currency }),
  }),
};

export function notifyPlanOf(behaviour: Behaviour, params: FaultParams): NotifyPlan {
  return NOTIFY_PLANS[behaviour]?.(params) ?? NORMAL_NOTIFY;
}
