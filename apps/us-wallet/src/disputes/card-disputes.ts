import type { Instruction, Outcome } from '@gateway/wallet-network';
import type { AcquirerCall } from '../acquirer/acquirer-call';
import type { AcquirerClient } from '../acquirer/acquirer-client';
import { NOT_OFFERED, outcomeOfFailedEnquiry, unknown } from '../outcomes/no-outcome';
import { disputesOnWire, outcomeByDispute } from './dispute-outcomes';

type Proof = Extract<Outcome, { kind: 'PROCESSED' }>;

/** Statuses of a request that the acquirer will not take, however often it is sent. */
const DEFINITE_REFUSALS: ReadonlySet<number> = new Set([403, 404, 422]);

/** Disputes at the acquirer: what a payment has, evidence against one, and its acceptance. */
export class CardDisputes {
  constructor(private readonly acquirer: AcquirerClient) {}

  /** The outcome of a hold or collection with the disputes of what it led to; unknown where they could not be asked for. */
  async told(outcome: Proof, signal: AbortSignal): Promise<Outcome> {
    const call = await this.acquirer.disputesOf(outcome.networkReference, signal);
    if (call.kind === 'refused') return unknown(`HTTP_${call.status}`);
    if (call.kind !== 'answered') return outcomeOfFailedEnquiry(call);
    return call.answer.length === 0
      ? outcome
      : { ...outcome, disputes: disputesOnWire(call.answer, outcome.counterparty) };
  }

  /** Evidence is added, then submitted. Both can be repeated: a dispute is answered once, and tells its answer. */
  async represent(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { dispute } = instruction;
    if (dispute?.evidence === undefined) return NOT_OFFERED;
    const provided = await this.acquirer.provideEvidence(dispute.network_reference, dispute.evidence, signal);
    if (provided.kind !== 'answered') return this.readBack(provided, instruction, signal);
    return this.readBack(await this.acquirer.submitEvidence(dispute.network_reference, signal), instruction, signal);
  }

  async accept(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { dispute } = instruction;
    if (dispute === undefined) return NOT_OFFERED;
    const call = await this.acquirer.acceptDispute(dispute.network_reference, signal);
    return this.readBack(call, instruction, signal);
  }

  async enquire(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { dispute } = instruction;
    if (dispute === undefined) return NOT_OFFERED;
    const call = await this.acquirer.dispute(dispute.network_reference, signal);
    if (call.kind !== 'answered') return outcomeOfFailedEnquiry(call);
    return outcomeByDispute(call.answer, instruction) ?? { kind: 'NOT_FOUND' };
  }

  /** The acquirer answers with "taken" alone: the dispute itself tells what came of it. */
  private async readBack(call: AcquirerCall<unknown>, instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    if (call.kind === 'never_left') return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };
    if (call.kind === 'silent') return unknown(call.code);
    const found = await this.acquirer.dispute(instruction.dispute?.network_reference ?? '', signal);
    const told = found.kind === 'answered' ? outcomeByDispute(found.answer, instruction) : null;
    if (told !== null) return told;
    if (call.kind === 'answered') return { kind: 'PENDING' };
    return found.kind === 'answered' ? refusedWhileOpen(call) : unknown(codeOf(call));
  }
}

type Refused = Extract<AcquirerCall<unknown>, { kind: 'refused' }>;

/** The dispute still waits for an answer, so this one was not taken. */
function refusedWhileOpen(call: Refused): Outcome {
  const networkCode = codeOf(call);
  return DEFINITE_REFUSALS.has(call.status) ? { kind: 'DECLINED', reason: 'OTHER', networkCode } : unknown(networkCode);
}

function codeOf({ status, codes }: Refused): string {
  return codes[0] ?? `HTTP_${status}`;
}
