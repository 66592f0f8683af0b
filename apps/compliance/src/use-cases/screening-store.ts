import type { ScreeningOutcome } from '@gateway/contracts/compliance.screening.events.v1';
import type { Tx } from '@gateway/persistence';

/** Screenings as they stand, by instruction id. */
export abstract class ScreeningStore {
  abstract find(tx: Tx, instructionIds: readonly string[]): Promise<Map<string, ScreeningOutcome>>;
  abstract add(tx: Tx, outcomes: readonly ScreeningOutcome[]): Promise<void>;
}
