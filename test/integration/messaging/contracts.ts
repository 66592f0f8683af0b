import { defineContract, idSchema, type Contract } from '@gateway/contracts/contract';

/** A command of the test's own service; `note` chooses what the handler does with it. */
export interface DemoCommand {
  instruction_id: string;
  payment_id: string;
  note: string;
}

export interface DemoFact {
  payment_id: string;
  sequence: number;
  note: string;
}

export const SERVICE = 'demo';

/** An instruction topic. */
export const demoCommands: Contract<DemoCommand> = defineContract<DemoCommand>({
  topic: 'demo.thing.commands.v1',
  kind: 'instruction',
  writer: SERVICE,
  schema: {
    type: 'object',
    required: ['instruction_id', 'payment_id', 'note'],
    properties: { instruction_id: idSchema, payment_id: idSchema, note: { type: 'string' } },
  },
  examples: [{ instruction_id: 'pay_1-do', payment_id: 'pay_1', note: 'x' }],
  keyOf: (command) => command.payment_id,
});

/** A history topic, like payment events. */
export const demoFacts: Contract<DemoFact> = defineContract<DemoFact>({
  topic: 'demo.fact.events.v1',
  kind: 'history',
  writer: SERVICE,
  schema: {
    type: 'object',
    required: ['payment_id', 'sequence', 'note'],
    properties: { payment_id: idSchema, sequence: { type: 'integer', minimum: 1 }, note: { type: 'string' } },
  },
  examples: [{ payment_id: 'pay_1', sequence: 1, note: 'x' }],
  keyOf: (fact) => fact.payment_id,
});

/** What a handler answers to a command. */
export const demoAnswers: Contract<DemoCommand> = defineContract<DemoCommand>({
  topic: 'demo.thing.events.v1',
  kind: 'instruction',
  writer: SERVICE,
  schema: {
    type: 'object',
    required: ['instruction_id', 'payment_id', 'note'],
    properties: { instruction_id: idSchema, payment_id: idSchema, note: { type: 'string' } },
  },
  examples: [{ instruction_id: 'pay_1-do', payment_id: 'pay_1', note: 'x' }],
  keyOf: (command) => command.payment_id,
});
