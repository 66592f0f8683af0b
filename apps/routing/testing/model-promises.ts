import type { InstructionName } from '../src/domain/parts';
import { isFinal } from '../src/domain/payment-state';
import type { Environment } from './model-environment';
import type { MoneyEffect, World } from './model-world';

/** The promises that each step is held to, against what is true in the environment and not what the payment believes. */
export function brokenBy(
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
