import type { Instruction, Outcome } from '@gateway/wallet-network';
import { eventually } from '../simulator/running-simulator';
import { CardSide, following, within } from './card-side';

jest.setTimeout(60_000);

type Proof = Extract<Outcome, { kind: 'PROCESSED' }>;

describe('what the acquirer takes back by itself, as the card side hears of it', () => {
  let card: CardSide;

  beforeAll(async () => {
    card = await CardSide.start();
  });
  afterAll(() => card.stop());
  afterEach(() => card.travel(0));

  /** A processed instruction as the runtime would enquire about it. */
  async function processed(step: 'hold' | 'collect' | 'credit', outcome = 'approve'): Promise<Instruction> {
    const instruction = await card.instruct(step, { outcome });
    const done = await card.network[step](instruction, within());
    if (done.kind !== 'PROCESSED') throw new Error(JSON.stringify(done));
    expect(done).not.toHaveProperty('returned');
    return { ...instruction, networkReference: done.networkReference };
  }
  const enquired = async (instruction: Instruction): Promise<Proof> =>
    (await card.network.enquire(instruction, within())) as Proof;
  /** Its time has come, and the acquirer has done it. */
  async function untilTakenBack(instruction: Instruction): Promise<Proof> {
    await card.travel(60_000);
    return eventually(async () => {
      const told = await enquired(instruction);
      return told.kind === 'PROCESSED' && told.returned === undefined ? undefined : told;
    });
  }

  it.each([
    ['hold', 'hold_taken_back'],
    ['collect', 'hold_taken_back'],
    ['credit', 'payout_taken_back'],
  ] as const)('a %s: it was done, and all of it has been taken back', async (step, outcome) => {
    const told = await untilTakenBack(await processed(step, outcome));
    expect(told).toMatchObject({ kind: 'PROCESSED', amount: { amount: '10200', currency: 'USD' } });
    expect(told.returned).toEqual(told.amount);
  });

  it('a capture: the hold that it captured tells it', async () => {
    const hold = await processed('hold', 'capture_taken_back');
    const capture = following(hold, 'capture', { networkReference: hold.networkReference });
    expect((await card.network.capture(capture, within())).kind).toBe('PROCESSED');
    const told = await untilTakenBack(hold);
    expect(told.returned).toEqual(told.amount);
    // The capture itself was done, and stays so.
    expect((await card.network.enquire(capture, within())).kind).toBe('PROCESSED');
  });

  it('found by our reference before we knew of it is as good as never done', async () => {
    const collect = await processed('collect', 'hold_taken_back');
    await untilTakenBack(collect);
    const told = await enquired({ ...collect, networkReference: null });
    expect([told.returned, told.undone]).toEqual([told.amount, true]);
  });

  it('is none where we have asked for it: by void, by reversal and by refund', async () => {
    const hold = await processed('hold');
    await card.network.release(following(hold, 'release', { networkReference: hold.networkReference }), within());
    expect((await card.network.enquire(hold, within())).kind).toBe('DECLINED');
    for (const step of ['release', 'refund'] as const) {
      const collect = await processed('collect');
      const { networkReference } = collect;
      const undo = following(collect, step, { networkReference });
      expect((await card.network[step](undo, within())).kind).toBe('PROCESSED');
      expect(await enquired(collect)).not.toHaveProperty('returned');
    }
  });
});
