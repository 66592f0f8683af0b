import type { Played } from './memory-runtime';
import type { Instruction, RawNotification, WalletNetwork } from '@gateway/wallet-network';

/** What a network's simulator can be told to do with the next call of one instruction. */
export type NetworkScenario =
  /** A certain no. */
  | 'declined'
  /** Executed, and no answer before the deadline. */
  | 'answer_lost'
  /** Executed, and then an error in place of the answer. */
  | 'executed_then_error'
  /** Never arrived, and no answer; the same id sent again is executed. */
  | 'request_lost'
  /** A hold of another amount than asked. */
  | 'partial_approval'
  /** A credit comes back days after it was processed. */
  | 'credit_returned';

/** One wallet network with its simulator, as the conformance suite wants it. */
export interface NetworkUnderTest {
  network: WalletNetwork;
  /** A complete instruction that will be processed: an id of its own (at most 40 characters), an instrument, an amount. */
  instruction(operation: 'hold' | 'collect' | 'credit'): Promise<Instruction>;
  /** How often the simulator's own books say that this id was executed, whatever was answered. */
  executed(instructionId: string): Promise<number>;
  /** Prepares the simulator and gives the instruction (perhaps with another amount) that meets the scenario. */
  scenarios: Partial<Record<NetworkScenario, (instruction: Instruction) => Promise<Instruction>>>;
  /** The network gives a processed credit back, as it does days later; absent where it cannot. */
  giveBack?: (played: Played) => Promise<void>;
  /** A correctly signed notification about an instruction. */
  notification(instruction: Instruction): Promise<RawNotification>;
  /** Moves the simulator's clock where it has one, so that ids end their life there, too. */
  passTime?: (ms: number) => Promise<void>;
  /** Deadline of the suite's calls; the scenarios without an answer take this long. Default 1 s. */
  callTimeoutMs?: number;
  close(): Promise<void>;
}

/** Scenarios that a network cannot have, each with the reason; its tests are skipped by name. */
export type WithoutScenarios = Partial<Record<NetworkScenario, string>>;
