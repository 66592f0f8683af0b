import type { InstructionName } from '../src/domain/parts';
import type { FactName } from '../src/domain/payment-fact';

/**
 * The world around a payment, as small automata: what each owner may do next and what it then tells. Owners may be
 * slow, tell half-truths first, be overtaken by a release, and contradict themselves once (late success).
 */
export interface Environment {
  screening: 'idle' | 'asked' | 'review' | 'clear' | 'done';
  /** Reservations by attempt; the last one is current. */
  reservation: 'idle' | 'granted' | 'refused' | 'released' | 'tombstone';
  /**
   * `taken_back`: a certain no, because what may have been taken was reversed before it was known; `reversed`: the network
   * has given the payer back by itself what it had held or collected.
   */
  source: 'idle' | 'open' | 'held' | 'declined' | 'released' | 'taken_back' | 'reversed' | 'tombstone';
  credit: 'idle' | 'open' | 'credited' | 'declined';
  capture: 'idle' | 'open' | 'captured' | 'refused';
  release: 'idle' | 'asked' | 'done';
  /** Half-truths and contradictions that are left: they bound the search. */
  /** An owner has taken its word back: what was certain is not true any more. */
  contradicted: boolean;
  budget: { soft: number; contradiction: number; reviews: number };
}

/** Owners whose records are told apart: each has its own topic key and versions. */
export type Owner = 'screening' | 'reserve' | 'unreserve' | 'source' | 'credit' | 'capture' | 'release';

/** One thing that may happen in the environment: how it stands afterwards, and what is told, by whom. */
export interface Happening {
  after: Environment;
  tells: readonly (readonly [Owner, FactName])[];
}

const HALF_TRUTHS = ['pending', 'unknown', 'needs_person'] as const;

export const START: Environment = {
  screening: 'idle',
  reservation: 'idle',
  source: 'idle',
  credit: 'idle',
  capture: 'idle',
  release: 'idle',
  contradicted: false,
  budget: { soft: 0, contradiction: 0, reviews: 0 },
};

/** What owners may do by themselves. */
export function happenings(now: Environment, funding: 'hold' | 'collect'): Happening[] {
  return [...screenings(now), ...sources(now, funding), ...releases(now), ...credits(now), ...captures(now)];
}

const spend = (now: Environment, what: keyof Environment['budget']): Environment => ({
  ...now,
  contradicted: now.contradicted || what === 'contradiction',
  budget: { ...now.budget, [what]: now.budget[what] - 1 },
});

function screenings(now: Environment): Happening[] {
  const told = (after: Environment, fact: FactName): Happening => ({ after, tells: [['screening', fact]] });
  const open = now.screening === 'asked' || now.screening === 'review';
  const decisions = open
    ? [
        told({ ...now, screening: 'clear' }, 'screening_clear'),
        told({ ...now, screening: 'done' }, 'screening_rejected'),
        told({ ...now, screening: 'done' }, 'screening_hit'),
      ]
    : [];
  if (now.screening === 'idle' || now.screening === 'done' || now.budget.reviews === 0) return decisions;
  const again = spend(now, 'reviews');
  // A list changes under a cleared payment: it is looked at again, or matches at once.
  const late = now.screening === 'clear' ? [told({ ...again, screening: 'done' }, 'screening_hit')] : [];
  const review = now.screening === 'review' ? [] : [told({ ...again, screening: 'review' }, 'screening_review')];
  return [...decisions, ...late, ...review];
}

function sources(now: Environment, funding: 'hold' | 'collect'): Happening[] {
  const told = (after: Environment, fact: FactName): Happening => ({ after, tells: [['source', fact]] });
  const isNo = now.source === 'declined' || now.source === 'taken_back';
  if (isNo && now.budget.contradiction > 0) {
    return [told({ ...spend(now, 'contradiction'), source: 'held' }, 'source_late')];
  }
  if (now.source === 'held' && now.budget.contradiction > 0 && !now.contradicted) {
    return [told({ ...spend(now, 'contradiction'), source: 'reversed' }, 'source_taken_back')];
  }
  if (now.source !== 'open') return [];
  const conflict = funding === 'hold' ? [told({ ...now, source: 'held' }, 'source_amount_conflict')] : [];
  return [
    told({ ...now, source: 'held' }, 'source_processed'),
    told({ ...now, source: 'declined' }, 'source_declined'),
    told({ ...now, source: 'declined' }, 'source_lapsed'),
    told({ ...now, source: 'taken_back' }, 'source_taken_back'),
    ...conflict,
    ...softly(now, 'source'),
  ];
}

function softly(now: Environment, owner: 'source' | 'credit' | 'capture' | 'release'): Happening[] {
  if (now.budget.soft === 0) return [];
  return HALF_TRUTHS.map((half) => ({ after: spend(now, 'soft'), tells: [[owner, `${owner}_${half}`]] }));
}

/** A release waits for an open source, ends one by our id, undoes what is held, or finds nothing. */
function releases(now: Environment): Happening[] {
  if (now.release !== 'asked') return [];
  const done = { ...now, release: 'done' } as const;
  const told = (after: Environment, fact: FactName): Happening => ({ after, tells: [['release', fact]] });
  if (now.source === 'idle') return [told({ ...done, source: 'tombstone' }, 'release_not_needed')];
  if (now.source === 'declined' || now.source === 'taken_back') return [told(done, 'release_not_needed')];
  const released: Environment = { ...done, source: 'released' };
  // An earlier release was faster, or the network itself: it says that it is undone, or that there is nothing to undo.
  if (now.source === 'released') return [told(done, 'release_processed')];
  if (now.source === 'reversed') return [told(done, 'release_processed'), told(done, 'release_declined')];
  const refusal = now.budget.soft > 0 ? [told(spend(now, 'soft'), 'release_declined'), ...softly(now, 'release')] : [];
  if (now.source === 'held') return [told(released, 'release_processed'), ...refusal];
  const both: Happening[] = [
    {
      after: { ...released, source: 'taken_back' },
      tells: [
        ['source', 'source_declined'],
        ['release', 'release_processed'],
      ],
    },
    {
      after: released,
      tells: [
        ['source', 'source_processed'],
        ['release', 'release_processed'],
      ],
    },
  ];
  return now.source === 'open' ? both : [];
}

function credits(now: Environment): Happening[] {
  const told = (after: Environment, fact: FactName): Happening => ({ after, tells: [['credit', fact]] });
  if (now.credit === 'declined' && now.budget.contradiction > 0) {
    return [told({ ...spend(now, 'contradiction'), credit: 'credited' }, 'credit_processed')];
  }
  if (now.credit === 'credited' && now.budget.contradiction > 0) {
    return [told(spend(now, 'contradiction'), 'credit_declined')];
  }
  if (now.credit !== 'open') return [];
  return [
    told({ ...now, credit: 'credited' }, 'credit_processed'),
    told({ ...now, credit: 'declined' }, 'credit_declined'),
    told({ ...now, credit: 'declined' }, 'credit_lapsed'),
    ...softly(now, 'credit'),
  ];
}

function captures(now: Environment): Happening[] {
  const told = (after: Environment, fact: FactName): Happening => ({ after, tells: [['capture', fact]] });
  if (now.capture !== 'open') return [];
  if (now.source === 'reversed') return [told({ ...now, capture: 'refused' }, 'capture_declined')];
  const unsent = now.budget.soft > 0 ? [told(spend(now, 'soft'), 'capture_not_submitted')] : [];
  return [
    told({ ...now, capture: 'captured' }, 'capture_processed'),
    told({ ...now, capture: 'refused' }, 'capture_declined'),
    ...unsent,
    ...softly(now, 'capture'),
  ];
}

/** A command arrives. A repeat changes nothing: its owner has it. */
export function arrivals(now: Environment, command: InstructionName): Happening[] {
  return ARRIVALS[command](now);
}

const ARRIVALS: Record<InstructionName, (now: Environment) => Happening[]> = {
  screen: (now) => [{ after: { ...now, screening: 'asked' }, tells: [] }],
  reserve: reserveArrives,
  undo_reservation: (now) => [
    {
      after: { ...now, reservation: now.reservation === 'idle' ? 'tombstone' : 'released' },
      tells: [['unreserve', 'reservation_released']],
    },
  ],
  fund: (now) =>
    now.source === 'tombstone'
      ? [{ after: { ...now, source: 'declined' }, tells: [['source', 'source_not_submitted']] }]
      : [{ after: { ...now, source: 'open' }, tells: [] }],
  credit: (now) => [{ after: { ...now, credit: 'open' }, tells: [] }],
  capture: (now) => [{ after: { ...now, capture: 'open' }, tells: [] }],
  undo_source: (now) => [{ after: now.release === 'idle' ? { ...now, release: 'asked' } : now, tells: [] }],
};

function reserveArrives(now: Environment): Happening[] {
  if (now.reservation === 'tombstone') {
    return [{ after: { ...now, reservation: 'refused' }, tells: [['reserve', 'reservation_refused']] }];
  }
  return [
    { after: { ...now, reservation: 'granted' }, tells: [['reserve', 'reservation_granted']] },
    { after: { ...now, reservation: 'refused' }, tells: [['reserve', 'reservation_refused']] },
  ];
}
