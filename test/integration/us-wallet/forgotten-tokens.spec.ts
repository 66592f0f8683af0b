import { Sealer, SystemRandom } from '@gateway/platform';
import { InstrumentRepository } from '@gateway/wallet-network';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { migrations } from '../../../apps/us-wallet/src/migrations';
import { CardTokenRepository } from '../../../apps/us-wallet/src/outbound/card-token.repository';

jest.setTimeout(180_000);

const HOUR_MS = 3_600_000;

describe('tokens of instruments that ended', () => {
  let test: TestDatabase;
  let instruments: InstrumentRepository;
  let tokens: CardTokenRepository;

  beforeAll(async () => {
    test = await createTestDatabase(migrations);
    const sealer = new Sealer(Buffer.alloc(32, 5).toString('base64'), new SystemRandom());
    instruments = new InstrumentRepository(test.database, sealer);
    tokens = new CardTokenRepository(test.database, sealer);
  });
  afterAll(() => test.drop());

  async function add(instrumentId: string, endedHoursAgo: number | null): Promise<void> {
    const expiresAt = endedHoursAgo === null ? null : new Date(Date.now() - endedHoursAgo * HOUR_MS).toISOString();
    const capabilities = { use: 'pay', scheme: 'visa' } as never;
    const secret = { encrypted_token: 'once' };
    const rest = { partnerId: 'prt_demo', requestKey: instrumentId, label: '', uniqueKey: instrumentId };
    expect(await instruments.add({ instrumentId, expiresAt, capabilities, secret, ...rest })).toBe(true);
  }
  const secretOf = async (id: string): Promise<unknown> =>
    (await instruments.find(test.database, [id])).get(id)?.open().secret;

  it('are overwritten once no call can need them, each once; the rest of the instrument stays', async () => {
    await add('ins_long_over', 26);
    await add('ins_over', 24);
    await add('ins_alive', -0.2);
    await add('ins_without_end', null);
    expect(await tokens.forgetEndedFor(25, 10)).toBe(1);
    expect(await secretOf('ins_long_over')).toEqual({});
    for (const id of ['ins_over', 'ins_alive', 'ins_without_end'])
      expect(await secretOf(id)).toEqual({ encrypted_token: 'once' });
    expect(await tokens.forgetEndedFor(25, 10)).toBe(0);
    expect((await instruments.findRequested('ins_long_over'))?.instrument_id).toBe('ins_long_over');
  });

  it('are overwritten a slice at a time', async () => {
    for (const number of [1, 2, 3]) await add(`ins_slice_${number}`, 30);
    expect(await tokens.forgetEndedFor(25, 2)).toBe(2);
    expect(await tokens.forgetEndedFor(25, 2)).toBe(1);
  });
});
