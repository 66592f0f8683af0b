import type { Source } from './decision';
import type { Standing } from './standing';

/** The standing while somebody acts on it. It stays due: should the lease run out, it is found again as it is here. */
export function leasedFor<S extends Standing>(standing: S, source: Source, nowMs: number): S {
  const dueMs = nowMs;
  switch (source) {
    case 'call': {
      const firstSentMs = standing.firstSentMs ?? nowMs;
      return { ...standing, state: 'SENT', attempt: standing.attempt + 1, firstSentMs, dueMs };
    }
    case 'enquiry': {
      const inDoubt = standing.inDoubt || standing.state === 'SENT';
      return { ...standing, state: standing.state === 'QUEUED' ? 'UNKNOWN' : standing.state, inDoubt, dueMs };
    }
    case 'undo': {
      const { undo } = standing;
      if (undo === null) return { ...standing, dueMs };
      return { ...standing, undo: { ...undo, tries: undo.tries + 1, firstSentMs: undo.firstSentMs ?? nowMs }, dueMs };
    }
  }
}
