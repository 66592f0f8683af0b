import { IsInt } from 'class-validator';
import type { Problem } from './problem';
import { strictValidation } from './strict-validation';

class Body {
  @IsInt()
  amount: number;
}

const problemOf = async (value: unknown): Promise<unknown[]> => {
  const refused = strictValidation().transform(value, { type: 'body', metatype: Body });
  const { status, param } = await refused.then(
    () => ({ status: 200, param: undefined }),
    (error: Problem) => error.details,
  );
  return [status, param];
};

describe('a body that is checked strictly', () => {
  it.each([[[]], [[{ amount: 1 }]], ['text'], [7], [null], [undefined]])(
    'is one object: %j is refused',
    async (value) => {
      expect(await problemOf(value)).toEqual([422, 'body']);
    },
  );

  it('names the field that is wrong, unknown or missing', async () => {
    expect(await problemOf({ amount: '1' })).toEqual([422, 'amount']);
    expect(await problemOf({ amount: 1, more: 1 })).toEqual([422, 'more']);
    expect(await problemOf({})).toEqual([422, 'amount']);
    expect(await problemOf({ amount: 1 })).toEqual([200, undefined]);
  });
});
