import type { Resolution } from '../../../libs/wallet-network/src/domain/resolution';
import { ReadReviews } from '../../../libs/wallet-network/src/use-cases/read-reviews';
import type { Decided, Decision, ResolutionRefusal } from '../../../libs/wallet-network/src/use-cases/resolve-unknowns';
import { ResolutionRepository } from '@gateway/wallet-network';
import { Harness, recordOf, type RuntimeProcess } from './support/runtime-harness';

jest.setTimeout(180_000);

const PLAN = { delaysMs: [1_000], giveUpAfterMs: 5_000, cancelAtEnd: false };
/** Executed at the network, the answer lost. */
const EXECUTED = { amount: { amount: '1904', currency: 'USD' } };
const FIRST = 'operator:settlement-1';
const SECOND = 'operator:settlement-2';

describe('an unknown outcome that people resolve', () => {
  let harness: Harness;
  let wallet: RuntimeProcess;
  let knows: boolean;

  beforeEach(async () => {
    harness = await Harness.open({ enquiry: PLAN });
    knows = false;
    const { network } = harness;
    const enquire: typeof network.enquire = async (instruction, signal) =>
      knows ? network.enquire(instruction, signal) : { kind: 'UNKNOWN' };
    wallet = harness.process(Object.assign(Object.create(network) as typeof network, { enquire }));
    wallet.start();
  });
  afterEach(() => harness.close());

  const last = (id: string): unknown => wallet.outcomesOf(id).at(-1);
  async function untilPersonNeeded(id: string): Promise<void> {
    for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 25)))
      if (wallet.outcomesOf(id).some(({ needs_person }) => needs_person === true)) return;
    throw new Error(`${id} does not wait for a person`);
  }
  async function unknown(operation: 'hold' | 'credit'): Promise<string> {
    const payment = harness.payment();
    await wallet.consume([harness.command(operation, payment, EXECUTED)]);
    await untilPersonNeeded(`${payment}-${operation}`);
    return payment;
  }
  /** Until somebody waits for a lock in this database. */
  async function untilBlocked(): Promise<void> {
    const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 5)))
      if ((await harness.test.database.query(sql)).length > 0) return;
    throw new Error('nobody waits for a lock');
  }
  const found = (instructionId: string, finding: 'done' | 'not_done'): Promise<Resolution | string> =>
    wallet.runtime.resolutions.request({
      instructionId,
      finding,
      networkReference: finding === 'done' ? 'net-77' : null,
      evidenceFile: 'case-2026-118/statement.pdf',
      reason: 'The statement of the day shows it.',
      requestedBy: FIRST,
    });
  const decide = (
    instructionId: string,
    decidedBy = SECOND,
    verdict: Decision['verdict'] = 'approve',
  ): Promise<Decided | ResolutionRefusal> => wallet.runtime.resolutions.decide({ instructionId, verdict, decidedBy });

  it('shows it in the queue with what the network said, until when it is asked again, and what may be done', async () => {
    const id = `${await unknown('credit')}-credit`;
    const reviews = new ReadReviews(harness.test.database, new ResolutionRepository());
    const before = (await reviews.page('')) as { data: Record<string, unknown>[] };
    expect(before.data).toHaveLength(1);
    expect(before.data[0]).toMatchObject({
      instruction_id: id,
      operation: 'credit',
      amount: EXECUTED.amount,
      allowed: ['done', 'not_done'],
      resolution: null,
    });
    expect(before.data[0]!.evidence).toEqual(
      expect.arrayContaining([expect.objectContaining({ source: 'enquiry', answer: { kind: 'UNKNOWN' } })]),
    );
    expect(before.data[0]!.asked_again_at).toBeInstanceOf(Date);
    await found(id, 'done');
    const after = (await reviews.page('')) as { data: Record<string, unknown>[] };
    expect(after.data[0]).toMatchObject({ allowed: ['approve', 'reject'], resolution: { requested_by: FIRST } });
  });

  it('found done, approved by a second person, is PROCESSED with its reference, proven by people, and told once', async () => {
    const id = `${await unknown('credit')}-credit`;
    expect(await found(id, 'done')).toMatchObject({ instructionId: id });
    expect(last(id)).toMatchObject({ outcome: 'UNKNOWN' });
    expect(await decide(id, FIRST)).toBe('same_person');
    const told = wallet.outcomesOf(id).length;
    expect(await decide(id)).toMatchObject({ state: 'approved' });
    expect(last(id)).toMatchObject({
      outcome: 'PROCESSED',
      amount: EXECUTED.amount,
      network_reference: 'net-77',
      counterparty: 'visa',
      evidence: 'operator',
    });
    expect(wallet.outcomesOf(id)).toHaveLength(told + 1);
    expect(await decide(id)).toBe('not_requested');
    expect(wallet.transactions.audited).toEqual(
      expect.arrayContaining(['outcome.resolution_requested', 'outcome.resolution_approved']),
    );
  });

  it('found not done is a certain no, and the release that waited for it ends with nothing to undo', async () => {
    const payment = await unknown('hold');
    const id = `${payment}-hold`;
    await found(id, 'not_done');
    await wallet.stop();
    await wallet.consume([harness.command('release', payment, EXECUTED)]);
    expect(await decide(id)).toMatchObject({ state: 'approved' });
    expect(last(id)).toMatchObject({ outcome: 'DECLINED', evidence: 'operator' });
    expect(last(`${payment}-release`)).toMatchObject({ outcome: 'PROCESSED', amount: { amount: '0' } });
  });

  it('a release that comes in while the finding is decided ends with it, and does not wait for ever', async () => {
    const payment = await unknown('hold');
    const id = `${payment}-hold`;
    await found(id, 'not_done');
    await wallet.stop();
    let deciding: ReturnType<typeof decide> | undefined;
    await harness.test.database.transaction(async (tx) => {
      await wallet.runtime.acceptance.accept([recordOf(harness.command('release', payment, EXECUTED))], tx);
      deciding = decide(id);
      deciding.catch(() => undefined);
      await untilBlocked();
    });
    // On a machine that stood still meanwhile the lock was waited for in vain: then it is decided now.
    expect(await deciding?.catch(() => decide(id))).toMatchObject({ state: 'approved' });
    expect(await harness.stateOf(id)).toBe('DECLINED');
    expect(await harness.stateOf(`${payment}-release`)).toBe('PROCESSED');
  });

  it('a rejected finding changes nothing, and another one may be entered', async () => {
    const id = `${await unknown('credit')}-credit`;
    await found(id, 'not_done');
    expect(await found(id, 'done')).toBe('requested_before');
    expect(await decide(id, SECOND, 'reject')).toMatchObject({ state: 'rejected' });
    expect([await harness.stateOf(id), last(id)]).toEqual(['UNKNOWN', expect.objectContaining({ needs_person: true })]);
    expect(await found(id, 'done')).toMatchObject({ finding: 'done' });
  });

  it('what the network itself says meanwhile comes first: the finding is overtaken', async () => {
    const id = `${await unknown('credit')}-credit`;
    await found(id, 'not_done');
    knows = true;
    await harness.test.database.query('UPDATE instruction SET due = clock_now() WHERE instruction_id = $1', [id]);
    await harness.until(id, 'PROCESSED');
    expect(await decide(id)).toMatchObject({ state: 'overtaken' });
    expect(last(id)).toMatchObject({ outcome: 'PROCESSED', evidence: 'enquiry' });
    expect(await found(id, 'done')).toBe('not_open');
    expect(await found('pay_unheard-of-credit', 'done')).toBe('unknown');
  });

  it('that one person enters and decides is refused by the database itself', async () => {
    const id = `${await unknown('credit')}-credit`;
    await found(id, 'done');
    const alone = harness.test.database.query(
      `UPDATE resolution SET state = 'approved', decided_by = requested_by WHERE instruction_id = $1`,
      [id],
    );
    await expect(alone).rejects.toThrow(/check constraint/);
  });
});
