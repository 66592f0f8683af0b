import type { Instruction, Outcome } from '@gateway/wallet-network';
import { eventually } from '../simulator/running-simulator';
import { AlipaySide } from './alipay-side';

jest.setTimeout(60_000);

type Proof = Extract<Outcome, { kind: 'PROCESSED' }>;
const within = (): AbortSignal => AbortSignal.timeout(20_000);

describe('what Alipay takes back by itself, as the adapter hears of it', () => {
  let alipay: AlipaySide;

  beforeAll(async () => {
    alipay = await AlipaySide.start();
  });
  afterAll(() => alipay.stop());
  afterEach(async () => {
    await alipay.simulator.control('DELETE', '/faults');
    await alipay.travel(0);
  });

  /** A collection that meets this misbehaviour. */
  async function collected(behaviour?: string): Promise<[Instruction, Outcome]> {
    const instruction = alipay.instruct('collect');
    const match = instruction.instructionId;
    if (behaviour !== undefined)
      await alipay.simulator.fault({ network: 'ams', operation: 'pay', match, behaviour, params: {} });
    return [instruction, await alipay.network.collect(instruction, within())];
  }
  function releaseOf({ instructionId, ...more }: Instruction): Instruction {
    const { amount, operation } = more;
    const target = { instructionId, operation, networkReference: null, amount, processedAt: null };
    return { ...more, instructionId: instructionId.replace('-collect', '-release'), operation: 'release', target };
  }

  it('a collection: it was done, and all of it has been taken back', async () => {
    const [instruction, done] = await collected('reverse_later');
    expect(done).toMatchObject({ kind: 'PROCESSED', amount: instruction.amount });
    expect(await alipay.network.enquire(instruction, within())).not.toHaveProperty('returned');
    await alipay.travel(60_000);
    const told = await eventually(async () => {
      const now = (await alipay.network.enquire(instruction, within())) as Proof;
      return now.returned === undefined ? undefined : now;
    });
    expect(told).toMatchObject({ amount: instruction.amount, returned: instruction.amount, undone: true });
  });

  it('what we cancel without knowing whether it was paid: it had been, and that much is given back', async () => {
    const [instruction] = await collected();
    expect(await alipay.network.release(releaseOf(instruction), within())).toMatchObject({
      kind: 'PROCESSED',
      amount: instruction.amount,
    });
  });

  it('what we cancel without knowing whether it was paid: it had not been, and nothing is given back', async () => {
    const [instruction, refused] = await collected('decline');
    expect(refused.kind).toBe('DECLINED');
    expect(await alipay.network.release(releaseOf(instruction), within())).toMatchObject({
      kind: 'PROCESSED',
      amount: { amount: '0', currency: 'CNY' },
    });
  });
});
