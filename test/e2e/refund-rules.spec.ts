import { bookings, expectBalanced } from './support/books';
import { Gateway, until } from './support/gateway';
import type { Answer, PartnerClient, Problem } from './support/partner-client';
import { pay, quoteFor, untilOver, type Direction } from './support/payments';
import { topUp, untilRefundOver, type RefundView } from './support/refunds';

jest.setTimeout(180_000);

const BOTH = ['us-to-china', 'china-to-us'] as const;
const FUNDED_IN = { 'us-to-china': 'CNY', 'china-to-us': 'USD' } as const;
type Sides = Pick<RefundView, 'source_amount' | 'target_amount'>;

describe('a refund under the rule of the partner’s contract', () => {
  const gateway = new Gateway();

  /** A partner whose contract has this rule, once quotes carry it. */
  async function partnerUnder(rule: string): Promise<PartnerClient> {
    const partner = await gateway.newPartner();
    await gateway.inDatabaseOf('fx-settlement', (database) =>
      database.query(`INSERT INTO refund_terms VALUES ($1, '2026-01-01', $2, 'story')`, [partner.partnerId, rule]),
    );
    await until(`quotes carry ${rule}`, async () => {
      const quote = await quoteFor(partner, 'us-to-china');
      return (quote as { refund_rule?: string }).refund_rule === rule;
    });
    return partner;
  }
  async function completed(partner: PartnerClient, direction: Direction): Promise<{ id: string } & Sides> {
    await topUp(gateway, partner, '1000000', FUNDED_IN[direction]);
    const { id } = await pay(gateway, partner, direction);
    expect((await untilOver(partner, id)).status).toBe('completed');
    const { source_amount, target_amount } = await partner.payment(id);
    return { id, source_amount, target_amount };
  }
  const ask = (partner: PartnerClient, payment: string, body: object = {}): Promise<Answer<RefundView & Problem>> =>
    partner.post(`/v1/payments/${payment}/refunds`, body);
  const minor = (of: Sides, side: keyof Sides): bigint => BigInt(of[side].amount);
  /** What the ledger booked for the refund, by account. */
  async function fundedLines(payment: string): Promise<Map<string, bigint>> {
    const booked = await until(`${payment} is booked`, async () => {
      const found = await bookings(gateway, payment);
      return found.some(({ code }) => code === 'refund_sent') ? found : null;
    });
    const lines = booked.filter(({ code }) => code === 'refund_funded').flatMap(({ lines: of }) => of);
    return new Map(
      lines.map(({ account, currency, debit, credit }) => [`${account} ${currency}`, BigInt(debit) - BigInt(credit)]),
    );
  }

  it.each(BOTH)(
    'R2, %s: the rate of the day on both sides, neither above the payment, nothing left for us',
    async (direction) => {
      const partner = await partnerUnder('R2');
      const payment = await completed(partner, direction);
      const asked = await ask(partner, payment.id);
      expect([asked.status, asked.body]).toEqual([202, expect.objectContaining({ rule: 'R2', firm: false })]);
      const refund = await untilRefundOver(partner, asked.body.id);
      expect(refund).toMatchObject({ status: 'completed', rule: 'R2', firm: true });
      for (const side of ['source_amount', 'target_amount'] as const)
        expect(minor(refund, side) <= minor(payment, side)).toBe(true);
      const [movement, ...more] = await gateway.simulator.movements(refund.id);
      expect([movement?.amount, more.length]).toEqual([refund.source_amount.amount, 0]);
      const lines = await fundedLines(payment.id);
      expect([lines.get('4100 USD'), lines.get('4050 USD'), lines.get('4050 CNY')]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(-(lines.get(`2150 ${refund.source_amount.currency}`) ?? 0n)).toBe(minor(refund, 'source_amount'));
      await expectBalanced(gateway);
      const again = await ask(partner, payment.id);
      expect([again.status, again.body.code]).toEqual([422, 'REFUND_EXCEEDS']);
    },
  );

  it.each(['gateway', 'payer', 'payee'] as const)('R4, borne by the %s: as the refund says', async (bearer) => {
    const partner = await partnerUnder('R4');
    const payment = await completed(partner, 'us-to-china');
    const silent = await ask(partner, payment.id);
    expect([silent.status, silent.body.code, silent.body.param]).toEqual([422, 'BEARER_MISSING', 'bearer']);
    const refund = await untilRefundOver(partner, (await ask(partner, payment.id, { bearer })).body.id);
    expect(refund).toMatchObject({ status: 'completed', rule: 'R4', bearer });
    if (bearer !== 'payee') expect(refund.target_amount).toEqual(payment.target_amount);
    if (bearer !== 'payer') expect(refund.source_amount).toEqual(payment.source_amount);
    // The mark-up of the payment is ours to give only where we bear the move.
    expect((await fundedLines(payment.id)).has('4050 USD')).toBe(bearer === 'gateway');
    await expectBalanced(gateway);
  });

  it('R3: waits for the rate of the next day, with nothing moved', async () => {
    const partner = await partnerUnder('R3');
    const payment = await completed(partner, 'us-to-china');
    const { body } = await ask(partner, payment.id);
    const waiting = (await partner.get<RefundView>(`/v1/refunds/${body.id}`)).body;
    expect(waiting).toMatchObject({ status: 'processing', rule: 'R3', firm: false });
    expect(waiting.history.map(({ state }) => state)).toEqual(['AWAITING_RATE']);
    expect(await gateway.simulator.movements(body.id)).toEqual([]);
    expect((await ask(partner, payment.id)).body.code).toBe('REFUND_EXCEEDS');
  });

  it('R1, the list terms: no refund names a bearer', async () => {
    const partner = await gateway.newPartner();
    const payment = await completed(partner, 'us-to-china');
    const { status, body } = await ask(partner, payment.id, { bearer: 'payer' });
    expect([status, body.code, body.param]).toEqual([422, 'BEARER_NOT_CHOSEN', 'bearer']);
  });
});
