import { advance, emptyJournal } from '../src/domain/advance-payment';
import type { InstructionName } from '../src/domain/parts';
import type { Payment, Standing } from '../src/domain/payment';
import type { Fact, FactName } from '../src/domain/payment-fact';
import type { PaymentState } from '../src/domain/payment-state';
import { arrivals, happenings, START, type Environment, type Owner } from './model-environment';
import { brokenBy } from './model-promises';
import type { World } from './model-world';
import { anOrder } from './payment-builder';

export interface Step {
  name: string;
  world: World;
  /** Sentences about what must never happen and just did. */
  broken: string[];
}

type FundingKind = 'hold' | 'collect';
const EARLY = new Date('2026-11-25T10:00:00.000Z');
const LATE = new Date('2026-12-01T10:00:00.000Z');
const HOLD_EXPIRES = '2026-12-02T09:00:00.000Z';

/** The world with the order just taken in. `budget` bounds what owners may tell before, and against, the truth. */
export function firstWorld(funding: FundingKind, budget: Environment['budget']): World {
  const empty: World = {
    state: 'CREATED',
    standing: paymentWith(funding, 'CREATED', null).standing,
    environment: { ...START, budget },
    commands: [],
    told: {},
    effects: [],
    cancelLeft: true,
    late: false,
  };
  return take(empty, funding, { name: 'payment_created' }).world;
}

/** Everything that may happen next. */
export function steps(world: World, funding: FundingKind): Step[] {
  return [
    ...commandSteps(world),
    ...ownerSteps(world, funding),
    ...factSteps(world, funding),
    ...clock(world, funding),
  ];
}

/** Nothing is under way and no owner can still say anything. */
export function isQuiet(world: World, funding: FundingKind): boolean {
  const untold = Object.values(world.told).every((facts) => facts.length === 0);
  return untold && world.commands.length === 0 && happenings(world.environment, funding).length === 0;
}

function commandSteps(world: World): Step[] {
  return [...new Set(world.commands)].flatMap((command) => {
    const commands = [...world.commands];
    commands.splice(commands.indexOf(command), 1);
    return arrivals(world.environment, command).map(({ after, tells }) => ({
      name: `${command} arrives`,
      world: { ...world, commands, environment: after, told: telling(world.told, tells) },
      broken: [],
    }));
  });
}

function ownerSteps(world: World, funding: FundingKind): Step[] {
  return happenings(world.environment, funding).map(({ after, tells }) => ({
    name: `owner: ${tells.map(([, fact]) => fact).join(' and ')}`,
    world: { ...world, environment: after, told: telling(world.told, tells) },
    broken: [],
  }));
}

function telling(told: World['told'], tells: readonly (readonly [Owner, FactName])[]): World['told'] {
  const after = { ...told };
  for (const [owner, fact] of tells) after[owner] = [...(after[owner] ?? []), fact];
  return after;
}

function factSteps(world: World, funding: FundingKind): Step[] {
  return (Object.keys(world.told) as Owner[]).flatMap((owner) =>
    (world.told[owner] ?? []).map((name, position) => {
      const left = world.told[owner]?.slice(position + 1) ?? [];
      const rest = { ...world, told: { ...world.told, [owner]: left } };
      const version = (world.standing.versions[owner] ?? 0) + 1;
      const isYes = name === 'source_processed' || name === 'source_late';
      const extras = isYes ? { holdExpiresAt: HOLD_EXPIRES } : {};
      return take(rest, funding, { name, part: owner, version, instructionId: 'i', ...extras });
    }),
  );
}

function clock(world: World, funding: FundingKind): Step[] {
  const found: Step[] = [];
  if (world.cancelLeft) found.push(take({ ...world, cancelLeft: false }, funding, { name: 'cancel_requested' }));
  if (world.state === 'HELD') {
    found.push(take(world, funding, { name: 'start_overdue' }), take(world, funding, { name: 'review_overdue' }));
  }
  if (!world.late && funding === 'hold')
    found.push({ name: 'time passes', world: { ...world, late: true }, broken: [] });
  if (world.late && !world.standing.marginTold && world.standing.holdExpiresAt !== null) {
    found.push(take(world, funding, { name: 'hold_margin_reached' }));
  }
  return found;
}

const ORDERED: Record<FundingKind, Payment> = {
  hold: anOrder({ funding: 'hold' }).payment,
  collect: anOrder({ funding: 'collect' }).payment,
};

function paymentWith(funding: FundingKind, state: PaymentState, standing: Standing | null): Payment {
  const payment = ORDERED[funding];
  const { versions, ...rest } = standing ?? payment.standing;
  return { ...payment, state, standing: { ...rest, versions: { ...versions } } };
}

function take(world: World, funding: FundingKind, fact: Fact): Step {
  const payment = paymentWith(funding, world.state, world.standing);
  const journal = emptyJournal();
  advance(payment, fact, world.late ? LATE : EARLY, journal);
  const effects = journal.changes.flatMap(({ money }) => money ?? []);
  const sent = journal.instructions.filter((command) => !AT_ONCE.includes(command));
  const after: World = {
    ...withNewAttempts(world, payment.standing),
    state: payment.state,
    standing: normal(payment.standing),
    effects: [...world.effects, ...effects].sort(),
  };
  after.commands = [...after.commands, ...sent].sort();
  for (const command of journal.instructions.filter((one) => AT_ONCE.includes(one))) {
    after.environment = arrivals(after.environment, command)[0]?.after ?? after.environment;
  }
  return { name: fact.name, world: after, broken: brokenBy(world, after, effects, journal.instructions) };
}

/** A second reservation or release has an id of its own: what belonged to the first one means nothing any more. */
function withNewAttempts(world: World, standing: Standing): World {
  const reservedAnew = standing.reservationAttempt > 1;
  const releasedAnew = standing.releaseAttempt > 1;
  const stale: InstructionName[] = [
    ...(reservedAnew ? (['reserve', 'undo_reservation'] as const) : []),
    ...(releasedAnew ? (['undo_source'] as const) : []),
  ];
  return {
    ...world,
    environment: {
      ...world.environment,
      ...(reservedAnew ? { reservation: 'idle' } : {}),
      ...(releasedAnew ? { release: 'idle' } : {}),
    },
    commands: world.commands.filter((command) => !stale.includes(command)),
    told: {
      ...world.told,
      ...(reservedAnew ? { reserve: [], unreserve: [] } : {}),
      ...(releasedAnew ? { release: [] } : {}),
    },
  };
}

/** Commands whose way takes no part in any race: nothing can overtake them. */
const AT_ONCE: readonly InstructionName[] = ['screen', 'credit', 'capture'];

/** What tells worlds apart; times and counters that decide nothing are left out. */
function normal(standing: Standing): Standing {
  return {
    ...standing,
    versions: {},
    reservationAttempt: 1,
    releaseAttempt: 1,
    since: '',
    nextAction: null,
    reason: null,
    creditNotAfter: null,
    counterparty: null,
  };
}
