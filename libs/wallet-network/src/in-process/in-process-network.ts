import { createHmac } from 'node:crypto';
import type { AmountOnWire } from '@gateway/contracts/contract';
import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { NetworkDescription } from '../description';
import type { Outcome } from '../outcome';
import {
  NotificationRefused,
  type Claim,
  WalletNetwork,
  type Instruction,
  type RawNotification,
  type VerifiedNotification,
} from '../wallet-network';
import { InProcessBooks } from './in-process-books';
import { inProcessDescription, type InProcessSettings } from './in-process-description';
import { scenarioOf, type Scenario } from './in-process-scenarios';

type Play = (instruction: Instruction, attempt: number) => Outcome | Promise<Outcome>;

const NOTIFICATION_KEY = 'in-process';
const PENDING_ENQUIRIES = 2;

/** The signature that the in-process network puts on its notifications (header `x-signature`). */
export function signInProcess(rawBody: Buffer | string): string {
  return createHmac('sha256', NOTIFICATION_KEY).update(rawBody).digest('hex');
}

/**
 * A wallet network inside the process: it answers after a fixed time and keeps books of its own in memory. It is a
 * network like any other to the runtime: the benchmark measures the runtime with it, and tests choose what goes wrong
 * by the amount (`in-process-scenarios.ts`).
 */
export class InProcessNetwork extends WalletNetwork {
  readonly books: InProcessBooks;
  private readonly description: NetworkDescription;

  constructor(private readonly settings: InProcessSettings) {
    super();
    this.description = inProcessDescription(settings);
    const { idempotencyLifeMs } = this.description.operations.hold!;
    this.books = new InProcessBooks(idempotencyLifeMs, settings.nowMs ?? Date.now, settings.forgetAfterMs);
  }

  describe(): NetworkDescription {
    return this.description;
  }

  hold(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.perform(instruction, signal);
  }
  collect(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.perform(instruction, signal);
  }
  capture(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.perform(instruction, signal);
  }
  credit(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.perform(instruction, signal);
  }
  refund(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.perform(instruction, signal);
  }

  override represent(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.perform(instruction, signal);
  }
  override accept(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.perform(instruction, signal);
  }

  /** What the network does not know it cannot release: that proves nothing, so it is not a yes. */
  async release(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    await this.wait(signal);
    const targetId = instruction.target?.instructionId ?? '';
    const kept = this.books.answerTo(instruction.instructionId);
    if (kept !== null) return kept;
    const target = this.books.find(targetId);
    if (target === null) return { kind: 'UNKNOWN', networkCode: 'TARGET_NOT_FOUND' };
    if (target.kind === 'DECLINED') return this.keep(instruction, { kind: 'DECLINED', reason: 'ALREADY_FINAL' });
    this.books.keep(targetId, { kind: 'DECLINED', reason: 'PAYER_CANCELLED' });
    return this.execute(instruction, instruction.target?.amount ?? instruction.amount);
  }

  async enquire({ instructionId, amount }: Instruction, signal: AbortSignal): Promise<Outcome> {
    await this.wait(signal);
    const found = this.books.find(instructionId);
    if (found === null) return { kind: 'NOT_FOUND' };
    const asked = this.books.asked(instructionId);
    const finishes = this.scenario(amount) === 'pending_then_processed' && asked >= PENDING_ENQUIRIES;
    if (found.kind !== 'PENDING' || !finishes) return found;
    const [movement] = this.books.movementsOf(instructionId);
    const processed = this.processed(instructionId, movement?.amount ?? amount);
    this.books.keep(instructionId, processed);
    return processed;
  }

  async verifyNotification({ headers, rawBody }: RawNotification): Promise<VerifiedNotification> {
    if (headers['x-signature'] !== signInProcess(rawBody)) throw new NotificationRefused('signature');
    const body = JSON.parse(rawBody.toString('utf8')) as Record<string, string>;
    const { notification_id, instruction_id, about, claim } = body;
    return {
      notificationId: notification_id ?? null,
      instructionId: instruction_id ?? null,
      isOfDispute: about === 'dispute',
      ...(isClaim(claim) && { says: { claim, fields: { claim } } }),
      acknowledgement: { contentType: 'text/plain', body: 'success' },
    };
  }

  /** What was refused, or taken back, stands after all: from now on an enquiry says so. */
  succeedLate(instructionId: string, amount: AmountOnWire): void {
    this.books.keep(instructionId, this.processed(instructionId, amount));
  }

  /** A credit comes back: from now on an enquiry says so. */
  giveBack(instructionId: string): void {
    const found = this.books.find(instructionId);
    if (found?.kind === 'PROCESSED') this.books.keep(instructionId, { ...found, returned: found.amount });
  }

  /** What was held or collected is disputed: from now on an enquiry says so. */
  dispute(instructionId: string, disputes: readonly NetworkDispute[]): void {
    const found = this.books.find(instructionId);
    if (found?.kind === 'PROCESSED') this.books.keep(instructionId, { ...found, disputes });
  }

  private async perform(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    await this.wait(signal);
    const kept = this.books.answerTo(instruction.instructionId);
    if (kept !== null) return kept;
    const attempt = this.books.tried(instruction.instructionId);
    return this.plays[this.scenario(instruction.amount)](instruction, attempt);
  }

  private readonly plays: Record<Scenario, Play> = {
    processed: (instruction) => this.execute(instruction, instruction.amount),
    declined: (instruction) =>
      this.keep(instruction, { kind: 'DECLINED', reason: 'INSUFFICIENT_FUNDS', networkCode: '51' }),
    not_submitted_twice: (instruction, attempt) =>
      attempt <= 2 ? NOT_SUBMITTED : this.execute(instruction, instruction.amount),
    never_submitted: () => NOT_SUBMITTED,
    pending_then_processed: (instruction) => {
      this.execute(instruction, instruction.amount);
      return this.keep(instruction, { kind: 'PENDING' });
    },
    pending_until_released: (instruction) =>
      this.keep(instruction, { kind: 'PENDING', nextAction: { type: 'confirm_in_app', value: 'wallet://pay' } }),
    executed_answer_lost: (instruction) => {
      this.execute(instruction, instruction.amount);
      return { kind: 'UNKNOWN', networkCode: 'ANSWER_LOST' };
    },
    executed_then_error: (instruction) => {
      this.execute(instruction, instruction.amount);
      throw new Error('the connection was closed after the request');
    },
    request_lost: (instruction, attempt) =>
      attempt === 1 ? { kind: 'UNKNOWN', networkCode: 'LOST' } : this.execute(instruction, instruction.amount),
    hangs: (instruction) => {
      this.execute(instruction, instruction.amount);
      return new Promise(() => undefined);
    },
    other_amount: (instruction) => this.execute(instruction, half(instruction.amount)),
  };

  private execute(instruction: Instruction, amount: AmountOnWire): Outcome {
    const { instructionId, operation, target } = instruction;
    this.books.execute({ instructionId, operation, amount, targetId: target?.instructionId ?? null });
    return this.keep(instruction, this.processed(instructionId, amount));
  }

  private processed(instructionId: string, amount: AmountOnWire): Outcome {
    return {
      kind: 'PROCESSED',
      networkReference: `net-${instructionId}`,
      amount,
      counterparty: this.settings.counterparty,
    };
  }

  private keep({ instructionId }: Instruction, outcome: Outcome): Outcome {
    this.books.keep(instructionId, outcome);
    return outcome;
  }

  private scenario({ amount }: AmountOnWire): Scenario {
    return this.settings.scenariosByAmount ? scenarioOf(amount) : 'processed';
  }

  private wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) reject(new Error('aborted'));
      else setTimeout(resolve, this.settings.latencyMs);
    });
  }
}

const NOT_SUBMITTED: Outcome = { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE', networkCode: 'REFUSED' };

function half({ amount, currency }: AmountOnWire): AmountOnWire {
  return { amount: (BigInt(amount) / 2n).toString(), currency };
}

function isClaim(claim: string | undefined): claim is Claim['claim'] {
  return claim === 'done' || claim === 'not_done' || claim === 'taken_back';
}
