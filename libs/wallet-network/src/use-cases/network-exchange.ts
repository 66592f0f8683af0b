import type { AmountOnWire } from '@gateway/contracts/contract';
import { MOST_DISPUTES, type NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { Answer } from '../domain/decision';
import type { Outcome } from '../outcome';
import type { Instruction, WalletNetwork } from '../wallet-network';
import type { Exchange } from './exchange';

type Proof = Extract<Outcome, { kind: 'PROCESSED' }>;

const REFERENCE_LENGTH = 128;
const CODE_LENGTH = 64;

/**
 * Makes one exchange with the network under its deadline. It never throws: whatever is not a sound answer in time is
 * UNKNOWN, which is the default.
 */
export async function exchangeWith(network: WalletNetwork, exchange: Exchange): Promise<Answer> {
  let instruction: Instruction;
  try {
    instruction = exchange.instruction();
  } catch {
    return { kind: 'NOT_SUBMITTED', reason: 'INSTRUMENT_INVALID', networkCode: 'UNREADABLE' };
  }
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'UNKNOWN', networkCode: 'DEADLINE' });
      deadline.abort();
    }, exchange.timeoutMs);
  });
  try {
    const asked =
      exchange.source === 'enquiry'
        ? network.enquire(instruction, deadline.signal)
        : perform(network, instruction, deadline.signal);
    return soundAnswer(await Promise.race([asked, late]));
  } catch {
    return { kind: 'UNKNOWN', networkCode: 'NO_ANSWER' };
  } finally {
    clearTimeout(timer);
  }
}

function perform(network: WalletNetwork, instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
  switch (instruction.operation) {
    case 'hold':
      return network.hold(instruction, signal);
    case 'collect':
      return network.collect(instruction, signal);
    case 'capture':
      return network.capture(instruction, signal);
    case 'credit':
      return network.credit(instruction, signal);
    case 'release':
      return network.release(instruction, signal);
    case 'refund':
      return network.refund(instruction, signal);
    case 'represent':
      return network.represent(instruction, signal);
    case 'accept':
      return network.accept(instruction, signal);
  }
}

/** A certain yes carries its proof and a certain no its reason; without them it is not certain. */
export function soundAnswer(outcome: Outcome): Outcome {
  switch (outcome.kind) {
    case 'NOT_FOUND':
      return outcome;
    case 'PROCESSED':
      return isReference(outcome.networkReference) && isProven(outcome) ? outcome : UNSOUND;
    case 'DECLINED':
    case 'NOT_SUBMITTED':
      return outcome.reason ? inBounds(outcome) : UNSOUND;
    case 'PENDING':
    case 'UNKNOWN':
      return inBounds(outcome);
  }
}

const UNSOUND: Outcome = { kind: 'UNKNOWN', networkCode: 'UNSOUND_ANSWER' };

function isReference(reference: string | undefined): reference is string {
  return typeof reference === 'string' && reference !== '' && reference.length <= REFERENCE_LENGTH;
}

function isProven({ amount, counterparty, returned, disputes = [] }: Proof): boolean {
  const amounts = [amount, ...(returned === undefined ? [] : [returned]), ...disputes.flatMap(amountsOf)];
  return (
    amounts.every(isAmount) &&
    typeof counterparty === 'string' &&
    counterparty !== '' &&
    disputes.length <= MOST_DISPUTES &&
    disputes.every(({ network_reference }) => isReference(network_reference))
  );
}

function isAmount(one: Partial<AmountOnWire> | undefined): boolean {
  return /^(0|[1-9][0-9]{0,17})$/.test(one?.amount ?? '') && /^[A-Z]{3}$/.test(one?.currency ?? '');
}

function amountsOf({ amount, fee }: NetworkDispute): AmountOnWire[] {
  return fee === undefined ? [amount] : [amount, fee];
}

/** Codes and references of any length come from outside; the topic's contract bounds them. */
function inBounds<T extends { networkCode?: string; networkReference?: string }>(outcome: T): T {
  const { networkCode, networkReference, ...rest } = outcome;
  return {
    ...rest,
    ...(networkCode !== undefined && { networkCode: networkCode.slice(0, CODE_LENGTH) }),
    ...(isReference(networkReference) && { networkReference }),
  } as T;
}
