import type { FactName } from './payment-fact';

/** What is known of each part of a payment. A part is open while its outcome can still take or keep something. */
export interface Parts {
  screening: 'none' | 'asked' | 'review' | 'clear' | 'rejected' | 'hit';
  reservation: 'none' | 'asked' | 'granted' | 'refused' | 'releasing' | 'released' | 'consumed';
  /**
   * The hold or the collection. `withdrawing`: its undo was sent before its outcome was known, `returning`: its undo was
   * sent and money is known to be held or collected; `withdrawn` and `returned`: the undo is certain. `taken_back`: the
   * network itself has given the payer back what it had held or collected.
   */
  source:
    'none' | 'asked' | 'funded' | 'refused' | 'withdrawing' | 'returning' | 'withdrawn' | 'returned' | 'taken_back';
  /** `late`: it was refused, then proven to have happened. */
  credit: 'none' | 'asked' | 'processed' | 'refused' | 'late';
  capture: 'none' | 'asked' | 'processed' | 'refused';
}

/** What the table can instruct. The two undos are sent only where there is something to undo. */
export const INSTRUCTIONS = [
  'screen',
  'reserve',
  'fund',
  'credit',
  'capture',
  'undo_source',
  'undo_reservation',
] as const;
export type InstructionName = (typeof INSTRUCTIONS)[number];

type Steps<P extends keyof Parts> = Partial<Record<Parts[P], Parts[P]>>;
/** How an event moves each part: by part, from what was known to what is known now; absent means it changes nothing. */
type Moves = { [P in keyof Parts]?: Steps<P> };

const SOURCE_REFUSED: Moves = { source: { asked: 'refused', withdrawing: 'refused' } };
const CREDIT_REFUSED: Moves = { credit: { asked: 'refused' } };
/** An undo that did undo something outweighs a refusal: should the source prove to have been taken, it is known undone. */
const SOURCE_UNDONE: Moves = { source: { withdrawing: 'withdrawn', returning: 'returned', refused: 'withdrawn' } };

/**
 * What a fact teaches about its part. A refusal that meets a release took nothing, so it is as good as released. A match on a list and a refusal by a rule are never
 * unlearnt.
 */
const LEARNT: Partial<Record<FactName, Moves>> = {
  screening_clear: { screening: { asked: 'clear', review: 'clear' } },
  screening_review: { screening: { asked: 'review', clear: 'review' } },
  screening_rejected: { screening: { asked: 'rejected', review: 'rejected', clear: 'rejected' } },
  screening_hit: { screening: { asked: 'hit', review: 'hit', clear: 'hit', rejected: 'hit' } },
  reservation_granted: { reservation: { asked: 'granted' } },
  reservation_refused: { reservation: { asked: 'refused', releasing: 'released' } },
  reservation_released: { reservation: { releasing: 'released' } },
  source_processed: { source: { asked: 'funded', withdrawing: 'returning', withdrawn: 'returned', refused: 'funded' } },
  source_declined: SOURCE_REFUSED,
  source_taken_back: {
    source: { asked: 'withdrawn', withdrawing: 'withdrawn', refused: 'withdrawn', funded: 'taken_back' },
  },
  // What was certainly undone and stands again is open again: it is undone once more.
  source_late: { source: { asked: 'funded', refused: 'funded', withdrawing: 'asked', withdrawn: 'asked' } },
  source_not_submitted: SOURCE_REFUSED,
  source_lapsed: SOURCE_REFUSED,
  credit_processed: { credit: { asked: 'processed', refused: 'late' } },
  credit_declined: CREDIT_REFUSED,
  credit_not_submitted: CREDIT_REFUSED,
  credit_lapsed: CREDIT_REFUSED,
  capture_processed: { capture: { asked: 'processed' } },
  capture_declined: { capture: { asked: 'refused' } },
  release_processed: SOURCE_UNDONE,
  release_lapsed: SOURCE_UNDONE,
  release_not_needed: { source: { withdrawing: 'refused', returning: 'funded' } },
};

/** What sending an instruction does to its part. Where it moves nothing, it is not sent. */
const SENT: Record<InstructionName, Moves> = {
  screen: { screening: { none: 'asked' } },
  reserve: { reservation: { none: 'asked', released: 'asked' } },
  fund: { source: { none: 'asked' } },
  credit: { credit: { none: 'asked' } },
  capture: { capture: { none: 'asked' } },
  undo_source: { source: { asked: 'withdrawing', funded: 'returning' } },
  undo_reservation: { reservation: { asked: 'releasing', granted: 'releasing' } },
};

/** The parts after a fact. A confirmed credit uses the reservation up. */
export function learn(parts: Parts, fact: FactName): Parts {
  const after = moved(parts, LEARNT[fact] ?? {});
  const spent = after.credit === 'processed' && after.reservation === 'granted';
  return spent ? { ...after, reservation: 'consumed' } : after;
}

/** The parts after an instruction, or null where there is nothing to send. */
export function send(parts: Parts, instruction: InstructionName): Parts | null {
  const after = moved(parts, SENT[instruction]);
  return after === parts ? null : after;
}

function moved(parts: Parts, moves: Moves): Parts {
  let after = parts;
  for (const part of Object.keys(moves) as (keyof Parts)[]) {
    const next = (moves[part] as Partial<Record<string, string>>)[parts[part]];
    if (next !== undefined) after = { ...after, [part]: next };
  }
  return after;
}
