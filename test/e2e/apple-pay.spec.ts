import { randomBytes, randomInt } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { bookedMovements, expectBalanced } from './support/books';
import { Gateway } from './support/gateway';
import { executed, pay, prepare, stateOf, untilOver } from './support/payments';
import type { Problem } from './support/partner-client';

jest.setTimeout(180_000);

describe('Apple Pay', () => {
  const gateway = new Gateway();

  it.each([
    ['acquirer', 'former'],
    ['acquirer', 'rsa'],
    ['gateway', 'current'],
    ['gateway', 'rsa'],
  ] as const)('a token that the %s decrypts with its %s key pays, once', async (decrypted_by, key) => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { token: { decrypted_by, key } });
    const payment = await untilOver(partner, id);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
    await bookedMovements(gateway, id, ['hold', 'credit', 'capture']);
    await expectBalanced(gateway);
  });

  it('a token that the gateway decrypts pulls from person to person', async () => {
    const partner = await gateway.newPartner();
    const wish = { token: { decrypted_by: 'gateway' }, purpose: 'person_to_person' } as const;
    const { id } = await pay(gateway, partner, 'us-to-china', wish);
    expect((await untilOver(partner, id)).status).toBe('completed');
    expect(await executed(gateway, id)).toEqual({ account_funding: 1, transfer: 1 });
  });

  it.each([
    ['acquirer', 'current'],
    ['acquirer', 'rsa'],
    ['gateway', 'current'],
    ['gateway', 'rsa'],
  ] as const)(
    'a disbursement token that the %s decrypts with its %s key is paid to, once',
    async (decrypted_by, key) => {
      const partner = await gateway.newPartner();
      const token = { decrypted_by, key, amount: '5000' };
      const { id } = await pay(gateway, partner, 'china-to-us', { token, fixedSide: 'target', amount: '5000' });
      const payment = await untilOver(partner, id);
      expect([payment.status, payment.target_amount]).toMatchObject(['completed', { amount: '5000', currency: 'USD' }]);
      expect(await executed(gateway, id)).toEqual({ pay: 1, payout: 1 });
      await bookedMovements(gateway, id, ['collect', 'credit']);
    },
  );

  it.each(['us-to-china', 'china-to-us'] as const)(
    'case 54: %s, a payment of another amount than the token says is refused before any money step',
    async (direction) => {
      const partner = await gateway.newPartner();
      const wish = { token: { decrypted_by: 'gateway', amount: '10199' } } as const;
      const { request } = await prepare(gateway, partner, direction, wish);
      const answer = await partner.post<Problem>('/v1/payments', request);
      const param = direction === 'us-to-china' ? 'source_instrument' : 'target_instrument';
      expect([answer.status, answer.body.code, answer.body.param]).toEqual([422, 'AMOUNT_OUT_OF_RANGE', param]);
    },
  );

  it('no database and no log holds card number or cryptogram of a token that the gateway decrypts', async () => {
    const partner = await gateway.newPartner();
    const number = visaNumber();
    const cryptogram = randomBytes(20).toString('base64');
    const payment_data = {
      applicationPrimaryAccountNumber: number,
      paymentData: { onlinePaymentCryptogram: cryptogram, eciIndicator: '7' },
    };
    const { id } = await pay(gateway, partner, 'us-to-china', { token: { decrypted_by: 'gateway', payment_data } });
    expect((await untilOver(partner, id)).status).toBe('completed');
    const canaries = [number, cryptogram];
    const ours = Object.keys(gateway.status.services).filter((service) => !service.includes('simulator'));
    for (const service of ours) expect([service, await tablesWith(service, canaries)]).toEqual([service, []]);
    expect(filesWith(path.join(gateway.status.data, 'logs'), canaries)).toEqual([]);
  });

  /** Tables of a service in which one of the texts is found. */
  async function tablesWith(service: string, texts: string[]): Promise<string[]> {
    return gateway.inDatabaseOf(service, async (database) => {
      const tables = await database.query<{ name: string }>(
        `SELECT oid::regclass::text AS name FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND has_table_privilege(oid, 'SELECT')`,
      );
      const found: string[] = [];
      for (const { name } of tables) {
        const rows = await database.query(
          `SELECT 1 FROM ${name} AS one WHERE ${texts.map((_, at) => `one::text LIKE '%' || $${at + 1} || '%'`).join(' OR ')} LIMIT 1`,
          texts,
        );
        if (rows.length > 0) found.push(name);
      }
      expect(tables.length).toBeGreaterThan(3);
      return found;
    });
  }
});

/** Files below a folder in which one of the texts is found. */
function filesWith(folder: string, texts: string[]): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
  return files.filter((file) => {
    if (!statSync(file).isFile() || file.includes('simulator')) return false;
    const content = readFileSync(file, 'utf8');
    return texts.some((text) => content.includes(text));
  });
}

/** A number of the simulated issuer that behaves: prefix, random digits, no marker, check digit. */
function visaNumber(): string {
  const head = `476173${String(randomInt(99_999)).padStart(5, '0')}0000`;
  const sum = [...head].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${head}${(10 - (sum % 10)) % 10}`;
}
