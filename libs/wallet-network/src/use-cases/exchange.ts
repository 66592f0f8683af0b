import type { Source } from '../domain/decision';
import type { InstructionRecord } from '../domain/instruction-record';
import type { HeldInstrument } from '../outbound/instrument.repository';
import type { Instruction } from '../wallet-network';

/** A lease outlives the call's deadline by this (design S7), so a call may start this much after the lease was taken. */
export const LEASE_SLACK_MS = 5_000;
/** Kept of the slack for the time between taking the lease and knowing of it. */
const START_MARGIN_MS = 500;

/** One leased exchange with the network: a call, an enquiry or the runtime's own undo. */
export interface Exchange {
  source: Source;
  instructionId: string;
  lease: bigint;
  /** Records that an answer may move with it (its release, its target), so that all are locked in one order. */
  linked: readonly string[];
  /** Monotonic ms after which it may no longer start: the lease would end before the deadline. */
  startByMs: number;
  timeoutMs: number;
  /** Makes what the adapter gets; opens the sealed instrument, therefore only when the exchange starts. */
  instruction: () => Instruction;
}

/** What an exchange needs besides the record itself. */
export interface ExchangeParts {
  target: InstructionRecord | null;
  instruments: ReadonlyMap<string, HeldInstrument>;
}

export function startByMs(leasedAtMs: number): number {
  return leasedAtMs + LEASE_SLACK_MS - START_MARGIN_MS;
}

/** The instruction as the adapter gets it for a call or an enquiry. */
export function instructionOf(record: InstructionRecord, { target, instruments }: ExchangeParts): Instruction {
  return {
    ...factsOf(record),
    instructionId: record.instructionId,
    operation: record.operation,
    ...openInstrument(record.instrumentId, instruments),
    ...(record.dispute !== null && { dispute: record.dispute }),
    ...(target !== null && { target: targetOf(target, instruments) }),
    networkReference: record.networkReference,
    attempt: record.attempt,
    mayBeExecuted: record.inDoubt,
  };
}

/** The release by which the runtime itself takes a hold or collection back. Its id is the payment's, so it is one. */
export function undoOf(record: InstructionRecord, { instruments }: ExchangeParts): Instruction {
  return {
    ...factsOf(record),
    instructionId: undoIdOf(record),
    operation: 'release',
    target: targetOf(record, instruments),
    networkReference: null,
    attempt: record.undo?.tries ?? 1,
    mayBeExecuted: (record.undo?.tries ?? 1) > 1,
  };
}

/** At most 40 characters, as all ids that networks get. */
export function undoIdOf(record: Pick<InstructionRecord, 'paymentId'>): string {
  return `${record.paymentId}-cancel`;
}

type Facts = Pick<Instruction, 'paymentId' | 'partnerId' | 'amount' | 'purpose' | 'bopCode'>;

function factsOf({ paymentId, partnerId, asked, purpose, bopCode }: InstructionRecord): Facts {
  return { paymentId, partnerId, amount: asked, purpose, bopCode };
}

function targetOf(
  target: InstructionRecord,
  instruments: ReadonlyMap<string, HeldInstrument>,
): NonNullable<Instruction['target']> {
  const amount =
    target.processedMinor === null
      ? target.asked
      : { amount: target.processedMinor.toString(), currency: target.asked.currency };
  return {
    instructionId: target.instructionId,
    operation: target.operation,
    networkReference: target.networkReference,
    amount,
    processedAt: target.processedMs === null ? null : new Date(target.processedMs),
    ...openInstrument(target.instrumentId, instruments),
  };
}

function openInstrument(
  instrumentId: string | null,
  instruments: ReadonlyMap<string, HeldInstrument>,
): Pick<Instruction, 'instrument'> {
  const held = instrumentId === null ? undefined : instruments.get(instrumentId);
  return held === undefined ? {} : { instrument: held.open() };
}
