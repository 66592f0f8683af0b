import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from './contract';

type Exported = Record<string, unknown>;
const MEMBER = 'member';

function isContract(value: unknown): value is Contract {
  return typeof value === 'object' && value !== null && 'topic' in value && 'problemOf' in value;
}

/** Every contract of every topic file; families are asked for one member. */
async function contracts(): Promise<{ file: string; contract: Contract }[]> {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.v1.ts'));
  const found: { file: string; contract: Contract }[] = [];
  for (const file of files) {
    const exported = (await import(join(__dirname, file))) as Exported;
    for (const value of Object.values(exported)) {
      const made: unknown = typeof value === 'function' ? (value as (member: string) => unknown)(MEMBER) : value;
      if (isContract(made)) found.push({ file, contract: made });
    }
  }
  return found;
}

describe('contracts', () => {
  it('lie one to a file, named as the topic', async () => {
    const all = await contracts();
    const named = all.map(({ file, contract }) => [file, `${contract.topic}.ts`]);
    for (const [file, topic] of named) {
      expect(topic).toBe(
        file?.replace('wallet.network', `wallet.${MEMBER}`).replace('audit.service', `audit.${MEMBER}`),
      );
    }
    expect(new Set(all.map(({ file }) => file)).size).toBe(all.length);
  });

  it('have examples that fit, and refuse each of them with any required field left out', async () => {
    for (const { contract } of await contracts()) {
      expect(contract.examples.length).toBeGreaterThan(0);
      for (const example of contract.examples as Record<string, unknown>[]) {
        expect({ topic: contract.topic, problem: contract.problemOf(example) }).toEqual({
          topic: contract.topic,
          problem: null,
        });
        for (const field of (contract.schema as { required: string[] }).required) {
          const { [field]: _left, ...rest } = example;
          expect({ topic: contract.topic, field, fits: contract.problemOf(rest) === null }).toMatchObject({
            fits: false,
          });
        }
      }
    }
  });

  it('allow a field that a later minor version adds', async () => {
    for (const { contract } of await contracts()) {
      expect(contract.problemOf({ ...(contract.examples[0] as object), added_later: 1 })).toBeNull();
    }
  });
});
