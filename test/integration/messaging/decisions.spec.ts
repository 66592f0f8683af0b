import { decideParked, listParked, replayRecords, type ParkedRecord } from '@gateway/messaging';
import { demoCommands, demoFacts } from './contracts';
import { DemoController, resetScript, script } from './demo-controller';
import {
  command,
  count,
  effectsOf,
  fact,
  openScene,
  publish,
  recordsOf,
  startDemo,
  until,
  type RunningService,
  type Scene,
} from './support';

const LIMITS = { parkedBackoffMs: [50, 50, 50, 50, 50] };
const ADA = 'operator:engineer-1';
const GRACE = 'operator:engineer-2';

describe('what people decide about records', () => {
  let scene: Scene;
  let service: RunningService;
  beforeEach(async () => {
    resetScript('poison');
    scene = await openScene();
    service = await startDemo(scene, [DemoController], { limits: LIMITS });
  }, 180_000);
  afterEach(async () => {
    await service?.stop();
    await scene?.close();
  }, 180_000);

  async function untilPersonNeeded(): Promise<ParkedRecord> {
    const asked = async (): Promise<boolean> => (await count(scene.database, 'parked', 'needs_person')) === 1;
    await until('a person is asked', asked);
    const [first] = await listParked(scene.database);
    return first!;
  }

  it('a record that is retried after the fix takes effect, and what waits behind it follows', async () => {
    await publish(service, [command(1, 'poison'), command(1, 'behind')]);
    const parked = await untilPersonNeeded();
    expect(parked).toMatchObject({
      key: 'pay_1',
      needs_person: true,
      reason: expect.stringContaining('poison') as string,
    });
    script.poison.clear();
    await decideParked(scene.database, { id: BigInt(parked.id), decision: 'retry', reason: 'fixed', requestedBy: ADA });
    await until('nothing waits', async () => (await count(scene.database, 'parked')) === 0);
    expect(await effectsOf(scene.database)).toEqual(['pay_1 pay_1-do poison', 'pay_1 pay_1-do behind']);
  }, 180_000);

  it('dropping one needs a second person, is kept with its reason, and lets the history go on behind it', async () => {
    await publish(service, [fact(1, 1), fact(1, 2, 'poison'), fact(1, 3)]);
    const parked = await untilPersonNeeded();
    const drop = { id: BigInt(parked.id), decision: 'drop', reason: 'made by mistake', requestedBy: ADA } as const;
    await expect(decideParked(scene.database, drop)).rejects.toThrow(/second person/);
    await expect(decideParked(scene.database, { ...drop, approvedBy: ADA })).rejects.toThrow(/second person/);
    await decideParked(scene.database, { ...drop, approvedBy: GRACE });
    await until('nothing waits', async () => (await count(scene.database, 'parked')) === 0);
    expect(await effectsOf(scene.database)).toEqual(['pay_1 fact 1', 'pay_1 fact 3']);
    const kept = await scene.database.query('SELECT decision, reason, requested_by, approved_by FROM parked_decision');
    expect(kept).toEqual([{ decision: 'drop', reason: 'made by mistake', requested_by: ADA, approved_by: GRACE }]);
    await expect(decideParked(scene.database, { ...drop, approvedBy: GRACE })).rejects.toThrow(/No record/);
  }, 180_000);

  it('the first record of a history is dropped like any other: the next ones do not wait for it for ever', async () => {
    await publish(service, [fact(1, 1, 'poison'), fact(1, 2)]);
    const { id } = await untilPersonNeeded();
    const drop = { id: BigInt(id), decision: 'drop', reason: 'made by mistake', requestedBy: ADA } as const;
    await decideParked(scene.database, { ...drop, approvedBy: GRACE });
    await until('nothing waits', async () => (await count(scene.database, 'parked')) === 0);
    expect(await effectsOf(scene.database)).toEqual(['pay_1 fact 2']);
  }, 180_000);

  it('one that waits behind another cannot be dropped: with it the other one would count as taken', async () => {
    await publish(service, [fact(1, 1), fact(1, 2, 'poison'), fact(1, 3)]);
    await untilPersonNeeded();
    const behind = (await listParked(scene.database)).find(({ kind }) => kind === 'behind');
    const drop = { id: BigInt(behind?.id ?? 0), decision: 'drop', reason: 'not wanted', requestedBy: ADA } as const;
    await expect(decideParked(scene.database, { ...drop, approvedBy: GRACE })).rejects.toThrow(/earlier record/);
    script.poison.clear();
    const [first] = await listParked(scene.database);
    await decideParked(scene.database, { id: BigInt(first!.id), decision: 'retry', reason: 'fixed', requestedBy: ADA });
    await until('nothing waits', async () => (await count(scene.database, 'parked')) === 0);
    expect(await effectsOf(scene.database)).toEqual(['pay_1 fact 1', 'pay_1 fact 2', 'pay_1 fact 3']);
    expect(await count(scene.database, 'parked_decision')).toBe(1);
  }, 180_000);

  it('records of one key, or from a time on, go out again as they were, and take no second effect', async () => {
    await publish(service, [fact(1, 1)]);
    await publish(service, [fact(2, 1)]);
    const published = async (): Promise<boolean> =>
      (await count(scene.database, 'outbox', 'published_at IS NULL')) === 0;
    await until('both', async () => (await count(scene.database, 'effect')) === 2 && (await published()));
    const { topic } = demoFacts;
    expect(await replayRecords(scene.database, { topic, key: 'pay_1' })).toEqual({ rows: 1, records: 1 });
    await until('sent again', published);
    const ids = async (key: string): Promise<unknown[]> =>
      (await recordsOf(scene, topic)).filter(({ subject }) => subject === key).map(({ id }) => id);
    const [first, again, ...more] = await ids('pay_1');
    expect([first, more]).toEqual([again, []]);
    expect(await ids('pay_2')).toHaveLength(1);
    const later = new Date(Date.now() + 60_000);
    expect(await replayRecords(scene.database, { topic, since: later })).toEqual({ rows: 0, records: 0 });
    expect(await replayRecords(scene.database, { topic: demoCommands.topic })).toEqual({ rows: 0, records: 0 });
    await publish(service, [fact(1, 2)]);
    await until('the next', async () => (await count(scene.database, 'effect')) === 3);
    expect(await effectsOf(scene.database)).toContain('pay_1 fact 2');
  }, 180_000);
});
