import { advance, emptyJournal } from '../src/domain/advance-payment';
import type { InstructionName } from '../src/domain/parts';
import type { Payment, Standing } from '../src/domain/payment';
import type { Fact, FactName } from '../src/domain/payment-fact';
import { isFinal, type PaymentState } from '../src/domain/payment-state';
import type { PaymentChange } from '../src/domain/payment-change';
import { arrivals, happenings, START, type Environment, type Owner } from './model-environment';
import { anOrder } from './payment-builder';

type MoneyEffect = NonNullable<PaymentChange['money']>;

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

/** The promises that each step is held to, against what is true in the environment and not what the payment believes. */
function brokenBy(
  before: World,
  after: World,
  effects: readonly MoneyEffect[],
  instructions: readonly InstructionName[],
): string[] {
  const ends = isFinal(after.state) && after.state !== before.state;
  return [
    ...instructions.flatMap((instruction) => broken(PROMISES[instruction] ?? [], before, after)),
    ...(ends ? broken(ENDS, before, after) : []),
    ...brokenMoney(before.effects, effects),
  ];
}

type Promised = readonly [sentence: string, breaks: (before: World, after: World) => boolean];

function broken(promises: readonly Promised[], before: World, after: World): string[] {
  return promises.filter(([, breaks]) => breaks(before, after)).map(([sentence]) => `${after.state}: ${sentence}`);
}

/** That the network has taken it back by itself may not be known yet. */
const HELD: readonly Environment['source'][] = ['held', 'reversed'];

/** What must not be true when an instruction is given. */
const PROMISES: Partial<Record<InstructionName, readonly Promised[]>> = {
  fund: [
    ['funded before it was screened', (_, { standing }) => standing.parts.screening !== 'clear'],
    ['funded before it was reserved', ({ environment }) => environment.reservation !== 'granted'],
  ],
  credit: [
    ['credited without the source having been held', ({ environment }) => !HELD.includes(environment.source)],
    ['credited twice', ({ environment }) => environment.credit !== 'idle'],
    ['credited with less than the margin left', ({ late }) => late],
  ],
  capture: [['captured without a credit', ({ environment }) => environment.credit !== 'credited']],
  undo_source: [
    ['released while a credit is undecided', ({ environment }) => environment.credit === 'open'],
    ['released after a credit', (_, { standing }) => standing.parts.credit === 'processed'],
  ],
};

const isDelivered = ({ state }: World): boolean => state === 'COMPLETED' || state === 'CAPTURE_LOST';
const mayStillStart = ({ environment, commands }: World): boolean =>
  commands.includes('fund') && environment.source !== 'tombstone';
const mayStillBeGranted = ({ environment, commands }: World): boolean =>
  commands.includes('reserve') && environment.reservation !== 'tombstone';

/** What must not be true when a payment becomes final. */
const ENDS: readonly Promised[] = [
  ['without a credit', ({ environment }, after) => isDelivered(after) && environment.credit !== 'credited'],
  [
    'with an open reservation',
    ({ environment }, after) => !isDelivered(after) && environment.reservation === 'granted',
  ],
  ['with a reservation still to come', (before, after) => !isDelivered(after) && mayStillBeGranted(before)],
  [
    'with money still held',
    ({ environment }, after) =>
      !isDelivered(after) && after.state !== 'BLOCKED' && environment.source === 'held' && !environment.contradicted,
  ],
  ['with an undecided source', ({ environment }) => environment.source === 'open'],
  ['with a source still to start', (before) => mayStillStart(before)],
  ['with an undecided credit', ({ environment }) => environment.credit === 'open'],
];

const AFTER: Partial<Record<MoneyEffect, readonly MoneyEffect[]>> = {
  credited: ['hold_funded', 'collection_funded'],
  captured: ['credited'],
  capture_lost: ['credited'],
  hold_released: ['hold_funded'],
  return_started: ['collection_funded'],
  return_confirmed: ['return_started'],
  blocked: ['collection_funded'],
  source_taken_back: ['collection_funded', 'captured'],
  take_back_settled: ['return_started'],
};
const APART: readonly (readonly [MoneyEffect, MoneyEffect])[] = [
  ['captured', 'capture_lost'],
  ['captured', 'hold_released'],
  ['capture_lost', 'hold_released'],
  ['credited', 'hold_released'],
  ['credited', 'return_started'],
  ['credited', 'late_credit'],
  ['credited', 'blocked'],
  ['blocked', 'return_started'],
  ['credited', 'take_back_settled'],
  ['return_confirmed', 'take_back_settled'],
  ['blocked', 'take_back_settled'],
];

/** Each effect at most once, after what it rests on, and never beside its opposite. */
function brokenMoney(before: readonly MoneyEffect[], added: readonly MoneyEffect[]): string[] {
  const effects = [...before, ...added];
  const twice = effects.filter((effect, position) => effects.indexOf(effect) !== position);
  const early = added.filter((effect, position) => {
    const needed = AFTER[effect];
    const sofar = [...before, ...added.slice(0, position)];
    return needed !== undefined && !needed.some((one) => sofar.includes(one));
  });
  const together = APART.filter((pair) => pair.every((one) => effects.includes(one)));
  return [
    ...twice.map((effect) => `${effect} twice`),
    ...early.map((effect) => `${effect} too early`),
    ...together.map((pair) => `${pair.join(' and ')} of one payment`),
  ];
}
