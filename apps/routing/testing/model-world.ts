import type { InstructionName } from '../src/domain/parts';
import type { Standing } from '../src/domain/payment';
import type { PaymentChange } from '../src/domain/payment-change';
import type { FactName } from '../src/domain/payment-fact';
import type { PaymentState } from '../src/domain/payment-state';
import type { Environment, Owner } from './model-environment';

export type MoneyEffect = NonNullable<PaymentChange['money']>;

/** One point of the search: the payment, its environment, what is under way, and what has happened to the money. */
export interface World {
  state: PaymentState;
  standing: Standing;
  environment: Environment;
  /** Commands under way, in any order. */
  commands: InstructionName[];
  /** By owner, what it has told and has not been taken in, oldest first; taking one in drops those before it. */
  told: Partial<Record<Owner, FactName[]>>;
  effects: MoneyEffect[];
  /** The partner may cancel once, and the hold's margin may be reached once. */
  cancelLeft: boolean;
  late: boolean;
}

/** What tells one world from another, as one short line. */
export function keyOf(world: World): string {
  const { state, standing, environment, commands, told, effects, cancelLeft, late } = world;
  const { parts, cause, nothingReleased, holdExpiresAt, marginTold } = standing;
  const { budget, ...truth } = environment;
  const known = [Object.values(parts).join(), cause, nothingReleased, holdExpiresAt, marginTold, cancelLeft, late];
  const waiting = Object.entries(told)
    .filter(([, facts]) => facts.length > 0)
    .map(([owner, facts]) => `${owner}:${facts.join()}`)
    .sort();
  return [state, ...known, Object.values(truth).join(), Object.values(budget).join(), commands, waiting, effects].join(
    '|',
  );
}
