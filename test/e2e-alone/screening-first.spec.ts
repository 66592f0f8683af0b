import { expectNothingReserved } from '../e2e/support/books';
import { Gateway, until } from '../e2e/support/gateway';
import { executed, prepare, stateOf, untilOver } from '../e2e/support/payments';
import type { PaymentView } from '../e2e/support/partner-client';

jest.setTimeout(180_000);

/** The partner is not told that there was a match. */
const STATE = 'SELECT state FROM payment_progress WHERE payment_id = $1';

describe('a payment that screening rejects while its reservation is still on its way', () => {
  const gateway = new Gateway();
  let books: number;

  beforeEach(() => {
    books = gateway.pids()['fx-settlement']!;
  });
  // A test that fails in between must not leave the service asleep.
  afterEach(() => process.kill(books, 'SIGCONT'));

  it.each(['us-to-china', 'china-to-us'] as const)(
    'ends rejected only when the reservation is decided, and nothing stays reserved (%s)',
    async (direction) => {
      const partner = await gateway.newPartner();
      const { request } = await prepare(gateway, partner, direction, { payeeName: 'Zorvan Blakestone-Quill' });
      process.kill(books, 'SIGSTOP');
      const { id } = await partner.create<PaymentView>('/v1/payments', request);
      await until('routing has heard of the match', () =>
        gateway.inDatabaseOf('routing', async (database) => {
          const [payment] = await database.query<{ state: string }>(STATE, [id]);
          return payment?.state === 'REVERSING';
        }),
      );
      expect((await partner.payment(id)).status).toBe('processing');

      process.kill(books, 'SIGCONT');
      const payment = await untilOver(partner, id, 120_000);
      expect([payment.status, stateOf(payment)]).toEqual(['declined', 'REJECTED']);
      expect(await executed(gateway, id)).toEqual({});
      await expectNothingReserved(gateway, id);
    },
  );
});
