import { isCertainNo, isFinal, type Change, type Standing, type Told } from './standing';

/** A release with nothing to undo: certain, and nothing was called. The amount given back is zero. */
export function nothingToRelease(currency: string): Change {
  const tell: Told = { outcome: 'PROCESSED', amount: { amount: '0', currency }, reason: 'RELEASED_BEFORE_START' };
  return { state: 'PROCESSED', dueMs: null, needsPerson: false, tell };
}

/** The hold or collection that a release overtook: it is refused, and never called. */
export const RELEASED_BEFORE_START: Change = {
  state: 'NOT_SUBMITTED',
  dueMs: null,
  tell: { outcome: 'NOT_SUBMITTED', reason: 'RELEASED_BEFORE_START' },
};

/**
 * What a release does that waits for its target, now that the target has changed: it is sent where there is something
 * to undo, it ends where the target is a certain no. While the payer has not confirmed, and where the target's plan has
 * ended without an answer, the adapter releases by our id: only the network's own certain yes ends both.
 */
export function releaseAfterTarget(release: Standing, target: Standing, nowMs: number): Change | null {
  if (isFinal(release.state)) return null;
  if (isCertainNo(target.state)) return nothingToRelease(release.asked.currency);
  const waits = release.state === 'QUEUED' && release.dueMs === null;
  const byOurId = target.undo === null && (target.state === 'PENDING' || target.needsPerson);
  return waits && (target.state === 'PROCESSED' || byOurId) ? { dueMs: nowMs } : null;
}

/** What an open hold or collection becomes once the network has certainly released it. */
export function targetAfterRelease(target: Standing, release: Standing): Change | null {
  if (isFinal(target.state) || release.state !== 'PROCESSED') return null;
  const tell: Told = { outcome: 'DECLINED', reason: 'PAYER_CANCELLED' };
  return { state: 'DECLINED', dueMs: null, undo: null, needsPerson: false, tell };
}
