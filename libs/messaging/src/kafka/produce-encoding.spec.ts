import fc from 'fast-check';
import Produce, { type ProduceArguments } from 'kafkajs/src/protocol/requests/produce';
import { crc32c } from './crc32c';
import { encodeProduce } from './produce-encoding';

const NOW = 1_795_000_000_000;
const [OLDEST, NEWEST] = [3, 7];

const message = fc.record({
  key: fc.string({ maxLength: 40 }),
  value: fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constant('x'.repeat(20_000))),
  headers: fc.dictionary(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 80 }), { maxKeys: 3 }),
});
const request = fc.record({
  acks: fc.constantFrom(-1, 1),
  timeout: fc.nat(),
  producerId: fc.bigInt({ min: 0n, max: 2n ** 62n }),
  producerEpoch: fc.nat({ max: 32_767 }),
  topicData: fc.array(
    fc.record({
      topic: fc.string({ minLength: 1, maxLength: 30 }),
      partitions: fc.array(
        fc.record({
          partition: fc.nat({ max: 63 }),
          firstSequence: fc.nat(),
          messages: fc.array(message, { minLength: 1, maxLength: 70 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  ),
});

/** What kafkajs itself would send. */
async function byKafkajs(version: number, asked: ProduceArguments): Promise<Buffer> {
  const { buffer } = await Produce.protocol({ version })!(asked).request.encode();
  return buffer;
}

describe('produce requests', () => {
  beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(NOW));
  afterEach(() => jest.restoreAllMocks());

  it('are byte for byte those of kafkajs', async () => {
    await fc.assert(
      fc.asyncProperty(request, fc.constantFrom(OLDEST, NEWEST), async (asked, version) => {
        const producerId = { value: asked.producerId, toString: () => asked.producerId.toString() };
        const written = encodeProduce({ ...asked, producerId }, NOW);
        expect(written?.equals(await byKafkajs(version, { ...asked, producerId }))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['compressed', { compression: 1 }, {}],
    ['of a transaction', { transactionalId: 'tx' }, {}],
    ['with a binary value', {}, { value: Buffer.from('x') }],
    ['with a null key', {}, { key: null }],
    ['with a time of their own', {}, { timestamp: '1' }],
    ['with a binary header', {}, { headers: { h: Buffer.from('x') } }],
  ])('%s are left to kafkajs', (_which, more, change) => {
    const messages = [{ key: 'k', value: 'v', headers: {}, ...change }];
    const topicData = [{ topic: 't', partitions: [{ partition: 0, messages }] }];
    expect(encodeProduce({ acks: -1, timeout: 1, topicData, ...more }, NOW)).toBeNull();
  });

  it('carry the checksum of the standard', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
  });
});
