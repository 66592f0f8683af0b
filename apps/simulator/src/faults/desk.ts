import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DeferredRequestsStore } from '../outbound/deferred-requests.store';
import { FaultsStore } from '../outbound/faults.store';
import type { JsonObject } from '../wire/fields';
import {
  NORMAL_NOTIFY,
  type Asked,
  type Behaviour,
  type FaultParams,
  type Network,
  type NotifyPlan,
  type Verdict,
} from './fault';
import { NotificationSender } from './notification-sender';
import { Pace } from './pace';
import { jsonAnswer, textAnswer, type Answer, type Reaction } from './reaction';

/** How a network is to carry out one request. */
export interface Execution {
  /** Business time of the request. */
  readonly now: Date;
  readonly notify: NotifyPlan;
  /** Refuse it; the code is the network's own, or its default. */
  readonly decline?: { readonly code?: string };
  /** Approve another amount than asked. */
  readonly partial?: { readonly amount?: bigint };
  /** A hold is good for so long, not for as long as its scheme says. */
  readonly holdMs?: number;
  /** Accept it now and finish it later. */
  readonly pending?: { readonly ms: number; readonly outcome: 'success' | 'fail' };
  /** False where the client gets an error: the acquirer keeps no answer for errors. */
  readonly remember: boolean;
  readonly badSignature: boolean;
}

/** A network behind the desk: executes with its own books, committed before it answers. */
export interface NetworkExecutor {
  execute(operation: string, request: JsonObject, execution: Execution): Promise<Answer>;
  /** The network's own way of saying that it cannot tell. */
  unknown(operation: string, request: JsonObject): Answer;
}

const DEFAULT_WAIT_MS = 1500;
const DEFAULT_PENDING_MS = 2000;
const DEFAULT_LATER_MS = 3000;
const DEFAULT_REVERSAL_MS = 5000;
const DEFAULT_ENQUIRIES = 60;

/** A network's own operation: it takes back what it has done for the request that `reference` names. */
export const REVERSAL = 'reversal';
/** What asking about a request is called. */
const ENQUIRY: Readonly<Record<Network, string>> = {
  acquirer: 'enquire',
  ams: 'inquiryPayment',
  open_platform: 'query',
};
const DEFAULT_SHORT_HOLD_MS = 25 * 3_600_000;

/** Receives every request to a network, asks the fault gate, and lets the network do it, or not. */
@Injectable()
export class Desk {
  constructor(
    private readonly faults: FaultsStore,
    private readonly deferred: DeferredRequestsStore,
    private readonly notifications: NotificationSender,
    private readonly pace: Pace,
  ) {}

  async serve(asked: Asked, request: JsonObject, network: NetworkExecutor): Promise<Reaction> {
    this.pace.note();
    const verdict = await this.faults.judge(asked);
    if (verdict.behaviour === 'execute_later') return this.postpone(asked, request, verdict.params, network);
    if (verdict.behaviour === 'unknown_for_long') await this.leaveUnknown(asked, verdict.params);
    if (verdict.behaviour === 'reverse_later') await this.reverseLater(asked, verdict.params);
    return carryOut(verdict, {
      execute: async (execution) => {
        const answer = await network.execute(asked.operation, request, execution);
        this.notifications.kick();
        return answer;
      },
      unknown: () => network.unknown(asked.operation, request),
    });
  }

  /** The next enquiries about the request are answered with nothing, too. */
  private async leaveUnknown({ network, references }: Asked, { enquiries }: FaultParams): Promise<void> {
    await this.faults.add({
      network,
      operation: ENQUIRY[network],
      match: { reference: references[0] ?? '' },
      behaviour: 'answer_unknown',
      params: { executed: false },
      times: enquiries ?? DEFAULT_ENQUIRIES,
    });
  }

  /** What is executed now is taken back by the network itself, later. */
  private async reverseLater({ network, references }: Asked, { ms }: FaultParams): Promise<void> {
    await this.deferred.defer(network, REVERSAL, { reference: references[0] ?? '' }, ms ?? DEFAULT_REVERSAL_MS);
  }

  private async postpone(
    asked: Asked,
    request: JsonObject,
    params: FaultParams,
    network: NetworkExecutor,
  ): Promise<Reaction> {
    await this.deferred.defer(asked.network, asked.operation, request, params.ms ?? DEFAULT_LATER_MS);
    return params.answer === 'unknown' ? network.unknown(asked.operation, request) : 'silence';
  }
}

/** The execution of a request that nobody waits for any more. */
export function plainExecution(now: Date): Execution {
  return { now, notify: NORMAL_NOTIFY, remember: true, badSignature: false };
}

interface Deed {
  execute(execution: Execution): Promise<Answer>;
  unknown(): Answer;
}

type Misbehaviour = (deed: Deed, execution: Execution, params: FaultParams) => Promise<Reaction>;

/** Everything that is not simply another way of executing. */
const MISBEHAVIOURS: Readonly<Partial<Record<Behaviour, Misbehaviour>>> = {
  timeout_without_executing: async () => 'silence',
  timeout_after_executing: async (deed, execution) => {
    await deed.execute(execution);
    return 'silence';
  },
  close_connection: async (deed, execution, params) => {
    if (params.executed !== false) await deed.execute(execution);
    return 'close';
  },
  http_500: async (deed, execution, params) => {
    if (params.executed === true) await deed.execute(execution);
    return params.body === undefined
      ? jsonAnswer(500, { error: 'internal server error' })
      : textAnswer(500, params.body);
  },
  answer_unknown: async (deed, execution, params) => {
    if (params.executed !== false) await deed.execute(execution);
    return deed.unknown();
  },
  // It is refused, and nobody is told so for long.
  unknown_for_long: async (deed, execution) => {
    await deed.execute({ ...execution, decline: {} });
    return deed.unknown();
  },
  delay: async (deed, execution, params) => {
    await sleep(params.ms ?? DEFAULT_WAIT_MS);
    return deed.execute(execution);
  },
  answer_late: async (deed, execution, params) => {
    const answer = await deed.execute(execution);
    await sleep(params.ms ?? DEFAULT_WAIT_MS);
    return answer;
  },
};

async function carryOut(verdict: Verdict, deed: Deed): Promise<Reaction> {
  const execution = executionOf(verdict);
  const misbehave = verdict.behaviour === 'none' ? undefined : MISBEHAVIOURS[verdict.behaviour];
  return misbehave ? misbehave(deed, execution, verdict.params) : deed.execute(execution);
}

/** What is approved instead of the amount asked for: the given amount, else half of it. */
export function otherAmount(asked: bigint, given: bigint | undefined): bigint {
  return given ?? (asked > 1n ? asked / 2n : asked);
}

function executionOf({ behaviour, params, now, notify }: Verdict): Execution {
  return {
    now,
    notify,
    remember: behaviour !== 'http_500' && behaviour !== 'answer_unknown',
    badSignature: behaviour === 'bad_signature',
    ...(behaviour === 'decline' && { decline: params.code === undefined ? {} : { code: params.code } }),
    ...(behaviour === 'partial_approval' && {
      partial: params.amount === undefined ? {} : { amount: BigInt(params.amount) },
    }),
    ...timesOf(behaviour, params),
  };
}

/** What is finished later, or is good for another time than it says by itself. */
function timesOf(behaviour: Verdict['behaviour'], params: FaultParams): Pick<Execution, 'pending' | 'holdMs'> {
  switch (behaviour) {
    case 'answer_pending':
      return { pending: { ms: params.ms ?? DEFAULT_PENDING_MS, outcome: params.outcome ?? 'success' } };
    case 'short_hold':
      return { holdMs: params.ms ?? DEFAULT_SHORT_HOLD_MS };
    default:
      return {};
  }
}
