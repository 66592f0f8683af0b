import { randomBytes } from 'node:crypto';
import { OutboxTransactions, type Emitted, type Worked } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { IdSource, Sealer, SystemClock, SystemRandom } from '@gateway/platform';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { migrations } from '../../../apps/compliance/src/migrations';
import { AuditLogRepository } from '../../../apps/compliance/src/outbound/audit-log.repository';
import { ScreeningRepository } from '../../../apps/compliance/src/outbound/screening.repository';
import { SealedPartyRegister } from '../../../apps/compliance/src/outbound/sealed-party-register';
import { RegisterParty } from '../../../apps/compliance/src/use-cases/register-party';

jest.setTimeout(120_000);

const AT = '2026-11-28T10:00:00.000Z';

/** Transactions as the real ones run them; what would be published is kept, or refused as a full disk would. */
class KeptTransactions extends OutboxTransactions {
  readonly emitted: Emitted[] = [];
  refuses = false;

  constructor(private readonly test: TestDatabase) {
    super();
  }

  async run<T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T> {
    return await this.test.database.transaction(async (tx) => {
      const { result, emit } = await work(tx);
      if (this.refuses) throw new Error('the outbox takes nothing');
      this.emitted.push(emit);
      return result;
    });
  }
}

describe('what compliance keeps', () => {
  let test: TestDatabase;
  let transactions: KeptTransactions;
  let parties: RegisterParty;

  beforeAll(async () => {
    test = await createTestDatabase(migrations);
    transactions = new KeptTransactions(test);
    const random = new SystemRandom();
    const sealer = new Sealer(randomBytes(32).toString('base64'), random);
    const register = new SealedPartyRegister(new IdSource(new SystemClock(), random), random, sealer);
    parties = new RegisterParty(register, transactions);
  });
  afterAll(async () => {
    await test?.drop();
  });

  const person = (name: string): Parameters<RegisterParty['register']>[1] => ({
    type: 'individual',
    name,
    country: 'US',
    date_of_birth: '1990-02-03',
  });

  it('puts on record which partner brought a person, by ids alone', async () => {
    const id = await parties.register('prt_a', person('Ansel Marked'));
    const told = transactions.emitted.flatMap(({ audit = [] }) => audit).filter(({ subjectId }) => subjectId === id);
    expect(told).toEqual([
      {
        subjectId: id,
        partnerId: 'prt_a',
        bucket: expect.any(Number) as number,
        actor: 'partner:prt_a',
        actions: [{ action: 'party.registered', detail: { type: 'individual' } }],
      },
    ]);
  });

  it('keeps nobody of whom there is no record', async () => {
    const count = async (): Promise<unknown> => (await test.database.query('SELECT count(*) AS n FROM party'))[0];
    const before = await count();
    transactions.refuses = true;
    await expect(parties.register('prt_a', person('Ansel Unrecorded'))).rejects.toThrow('the outbox takes nothing');
    transactions.refuses = false;
    expect(await count()).toEqual(before);
  });

  it('lets its runtime role neither change nor delete the audit, a screening or whose a person is', async () => {
    await parties.register('prt_a', person('Ansel Kept'));
    await test.database.transaction(async (tx) => {
      await new ScreeningRepository().add(tx, [
        {
          instruction_id: 'pay_1-screen',
          payment_id: 'pay_1',
          partner_id: 'prt_a',
          version: 1,
          outcome: 'HIT',
          rule: 'LISTED_NAME',
          list_version: 'l1',
          at: AT,
        },
      ]);
      const record = { service: 'routing', bucket: 0, incarnation: 0, sequence: 1, subject_id: 'pay_1', at: AT };
      const actions = [{ action: 'payment.created' }];
      await new AuditLogRepository(test.database).append([{ ...record, actor: 'partner:prt_a', actions }], tx);
    });
    for (const change of [
      `UPDATE audit_log SET actor = 'service:other'`,
      'DELETE FROM audit_log',
      'TRUNCATE audit_log',
      `UPDATE screening SET outcome = 'CLEAR'`,
      'DELETE FROM screening',
      `UPDATE party SET partner_id = 'prt_b'`,
      'DELETE FROM party',
    ])
      await expect(test.database.query(change)).rejects.toThrow(/permission denied/);
  });
});
