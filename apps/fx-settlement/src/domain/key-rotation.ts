/** When a key that signs offers is used. */
export interface KeyPeriod {
  readonly kid: string;
  readonly signsFrom: Date;
  readonly validUntil: Date;
}

/** How keys follow each other. */
export interface RotationPlan {
  /** How long one key signs. */
  readonly periodMs: number;
  /** How long before its first signature a key is published, so that every reader has it. */
  readonly leadMs: number;
  /** The longest life of an offer: a key stays valid until its last offer has expired. */
  readonly offerLifeMs: number;
}

export const ROTATION: RotationPlan = { periodMs: 86_400_000, leadMs: 900_000, offerLifeMs: 1_800_000 };

/**
 * The period of a key that has to be made now, or undefined. Where none can sign (the very first, after a long outage) it
 * signs at once.
 */
export function nextPeriod(
  keys: readonly KeyPeriod[],
  now: Date,
  plan: RotationPlan = ROTATION,
): Omit<KeyPeriod, 'kid'> | undefined {
  const newest = newestOf(keys);
  if (newest === undefined || signingKey(keys, now, plan) === undefined) return periodFrom(now.getTime(), plan);
  const due = newest.signsFrom.getTime() + plan.periodMs;
  if (due - now.getTime() > plan.leadMs) return undefined;
  return periodFrom(Math.max(due, now.getTime() + plan.leadMs), plan);
}

/**
 * The key that signs now: the newest that has started and outlives its offers. One that is overdue goes on while its
 * successor waits out its lead.
 */
export function signingKey<K extends KeyPeriod>(
  keys: readonly K[],
  now: Date,
  plan: RotationPlan = ROTATION,
): K | undefined {
  const outlives = (key: K): boolean => key.validUntil.getTime() - now.getTime() >= plan.offerLifeMs;
  return newestOf(keys.filter((key) => key.signsFrom <= now && outlives(key)));
}

function newestOf<K extends KeyPeriod>(keys: readonly K[]): K | undefined {
  return keys.reduce<K | undefined>(
    (newest, key) => (newest === undefined || key.signsFrom > newest.signsFrom ? key : newest),
    undefined,
  );
}

/** A key may sign past its period while a late successor waits out its lead; that is inside the validity as well. */
function periodFrom(startMs: number, plan: RotationPlan): Omit<KeyPeriod, 'kid'> {
  const validMs = plan.periodMs * 2 + plan.offerLifeMs;
  return { signsFrom: new Date(startMs), validUntil: new Date(startMs + validMs) };
}
