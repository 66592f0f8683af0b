import type { Behaviour, FaultParams, MarkedBehaviour } from './fault';

/** What an amount has a network do, and the sentence of the partner documentation about it. */
export interface MagicAmount {
  readonly does: MarkedBehaviour;
  readonly says: string;
}

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

function does(behaviour: Behaviour, says: string, params: FaultParams = {}): MagicAmount {
  return { does: { behaviour, params }, says };
}

/**
 * Amounts (minor units of either currency) that misbehave on the first money step of whichever network meets them. A test
 * holds docs/partners.md against this list.
 */
export const MAGIC_AMOUNTS: Readonly<Partial<Record<string, MagicAmount>>> = {
  '666605': does('decline', 'the network declines'),
  '666610': does('partial_approval', 'the network confirms half of it'),
  '666681': does('execute_later', 'silence; executed after 1 s', { ms: SECOND }),
  '666682': does('execute_later', 'silence; executed after 90 s', { ms: 90 * SECOND }),
  '666683': does('execute_later', 'silence; executed after 30 min', { ms: 1_800 * SECOND }),
  '666684': does('execute_later', 'silence; executed the next day', { ms: DAY }),
  '666685': does('reverse_later', 'executed, and taken back by the network itself 5 s later'),
  '666686': does('notify_contradiction', 'executed; one notification of success, then one of failure'),
  '666687': does('answer_late', 'executed; the notification comes 1.5 s before the answer'),
  '666688': does('notify_twice', 'executed; eight notifications', { copies: 8 }),
  '666689': does('notify_other_payment', 'executed; the notification is about a payment that is not yours'),
  '666690': does('notify_other_amount', 'executed; the notification names another amount'),
  '666691': does('timeout_after_executing', 'silence after executing'),
  '666692': does('timeout_without_executing', 'silence without executing'),
  '666693': does('http_500', 'HTTP 500 after executing', { executed: true }),
  '666694': does('close_connection', 'executed; the connection is closed without an answer'),
  '666695': does('answer_pending', 'pending for 2 s', { ms: 2 * SECOND }),
  '666696': does('execute_later', 'silence; executed after 3 s', { ms: 3 * SECOND }),
  '666697': does('unknown_for_long', 'refused; the answer and 60 enquiries say that the outcome is unknown'),
  '666698': does('http_500', 'HTTP 500 with the body `success`, after executing', { executed: true, body: 'success' }),
};
