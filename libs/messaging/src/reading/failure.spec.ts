import { isBrokerAway } from './failure';

type Retry = (work: () => Promise<never>) => Promise<never>;
// kafkajs exports neither; both are what its consumer uses inside.
const createRetry = jest.requireActual<(options: { retries: number }) => Retry>('kafkajs/src/retry');
const errors = jest.requireActual<Record<string, new (message: string) => Error>>('kafkajs/src/errors');

describe('a broker that is away', () => {
  it.each(['KafkaJSGroupCoordinatorNotFound', 'KafkaJSLockTimeout', 'KafkaJSTimeout'])(
    'is known by %s, also where kafkajs has wrapped it',
    async (name) => {
      const error = new errors[name]!('the broker is away');
      const wrapped = await createRetry({ retries: 0 })(() => Promise.reject(error)).catch((thrown: Error) => thrown);
      expect(wrapped).not.toBe(error);
      expect([isBrokerAway(error), isBrokerAway(wrapped)]).toEqual([true, true]);
    },
  );

  it('is not what a refused request tells of', () => {
    expect(isBrokerAway(new errors.KafkaJSNonRetriableError!('The topic does not exist'))).toBe(false);
  });
});
