import type { Instruction, NetworkDescription, WalletNetwork } from '@gateway/wallet-network';
import { follow, type Source } from '../src/domain/decision';
import { leasedFor } from '../src/domain/leased-standing';
import type { Circumstances } from '../src/domain/enquiry-plan';
import { nextStep } from '../src/domain/next-step';
import { isFinal, type Standing, type Told } from '../src/domain/standing';
import { exchangeWith } from '../src/use-cases/network-exchange';
import { aStanding } from './standing-builder';

/** An instruction as the twin keeps it. */
export interface Played {
  instruction: Instruction;
  standing: Standing;
  told: Told[];
  /** Every exchange with the network, in order. */
  exchanges: Source[];
  processedAt: Date | null;
}

const MOST_STEPS = 60;

/**
 * The runtime's decisions over one instruction in memory: the same functions as the real one, with a business clock that
 * jumps to what is due, so that a plan of hours is played in moments. Database, leases and topics are not here.
 */
export class MemoryRuntime {
  private readonly description: NetworkDescription;
  nowMs: number;

  constructor(
    private readonly network: WalletNetwork,
    private readonly callTimeoutMs: number,
    private readonly passTime: (ms: number) => Promise<void>,
  ) {
    this.description = network.describe();
    this.nowMs = Date.now();
  }

  accept(instruction: Instruction): Played {
    const standing = aStanding({
      operation: instruction.operation,
      asked: instruction.amount,
      state: 'QUEUED',
      attempt: 0,
      dueMs: this.nowMs,
      firstSentMs: null,
    });
    return { instruction, standing, told: [], exchanges: [], processedAt: null };
  }

  /** Plays until the instruction has ended or a person is asked. */
  async play(instruction: Instruction): Promise<Played> {
    const played = this.accept(instruction);
    for (let step = 0; step < MOST_STEPS; step++) {
      if (isFinal(played.standing.state) || played.standing.needsPerson) return played;
      await this.step(played);
    }
    return played;
  }

  /** The next step, at its due time. `crash`: the process dies with the call under way, and its answer is lost. */
  async step(played: Played, crash = false): Promise<void> {
    const { standing } = played;
    if (standing.dueMs !== null && standing.dueMs > this.nowMs) await this.advance(standing.dueMs - this.nowMs);
    const at = this.circumstances(standing);
    const next = nextStep(standing, at);
    if (next.do === 'end') return this.change(played, next.change);
    if (next.do === 'nothing') return;
    const source: Source = next.do === 'enquire' ? 'enquiry' : next.do;
    played.standing = leasedFor(standing, source, this.nowMs);
    played.exchanges.push(source);
    const answer = await exchangeWith(this.network, {
      source,
      instructionId: played.instruction.instructionId,
      lease: 1n,
      linked: [],
      startByMs: Number.MAX_SAFE_INTEGER,
      timeoutMs: this.callTimeoutMs,
      instruction: () => this.instructionFor(played, source),
    });
    if (!crash) this.change(played, follow(played.standing, source, answer, at));
  }

  /** A notification about what has been played comes in: what a runtime does with it is to ask once. */
  async notify(played: Played): Promise<void> {
    played.standing = { ...played.standing, dueMs: this.nowMs };
    await this.step(played);
  }

  async advance(ms: number): Promise<void> {
    this.nowMs += ms;
    await this.passTime(ms);
  }

  private change(played: Played, { tell, ...fields }: ReturnType<typeof follow>): void {
    played.standing = { ...played.standing, ...fields };
    if (tell === undefined) return;
    played.told.push(tell);
    const networkReference = tell.networkReference ?? played.instruction.networkReference;
    played.instruction = { ...played.instruction, networkReference };
    if (tell.outcome === 'PROCESSED') played.processedAt ??= new Date(this.nowMs);
  }

  private instructionFor(played: Played, source: Source): Instruction {
    const { instruction, standing } = played;
    if (source !== 'undo') return { ...instruction, attempt: standing.attempt };
    return { ...wayBack(played, 'release', cancelIdOf(instruction)), attempt: standing.undo?.tries ?? 1 };
  }

  private circumstances(standing: Standing): Circumstances {
    const rules = this.description.operations[standing.operation];
    if (!rules) throw new Error(`the network does not describe ${standing.operation}`);
    const undoLifeMs = this.description.operations.release?.idempotencyLifeMs ?? 0;
    return { nowMs: this.nowMs, rules, undoLifeMs, factor: 1 };
  }
}

export function cancelIdOf({ paymentId }: Instruction): string {
  return `${paymentId}-cancel`;
}

/** A capture, release or refund of what has been played. */
export function wayBack(
  { instruction, processedAt }: Played,
  operation: 'capture' | 'release' | 'refund',
  instructionId = `${instruction.paymentId}-${operation}`,
): Instruction {
  const { instrument, ...facts } = instruction;
  return {
    ...facts,
    instructionId,
    operation,
    networkReference: null,
    attempt: 1,
    target: {
      instructionId: instruction.instructionId,
      operation: instruction.operation,
      networkReference: instruction.networkReference,
      amount: instruction.amount,
      processedAt,
      ...(instrument && { instrument }),
    },
  };
}
