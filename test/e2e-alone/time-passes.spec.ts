import { bookings, expectBalanced, expectNothingReserved } from '../e2e/support/books';
import { disputed, untilDispute } from '../e2e/support/disputes';
import { completed, reversed, SOURCE_OF } from '../e2e/support/endings';
import { Gateway, until } from '../e2e/support/gateway';
import { untilCase } from '../e2e/support/oversight';
import type { Answer, PartnerClient, PaymentView, Problem } from '../e2e/support/partner-client';
import { executed, pay, quoteFor, stateOf, untilOver, type Direction } from '../e2e/support/payments';
import { auditOf } from '../e2e/support/records';
import { topUp, untilRefundOver, type RefundView } from '../e2e/support/refunds';
import { Story } from '../e2e/support/story';

jest.setTimeout(400_000);

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const EVIDENCE = {
  evidence: 'case-2026-118/statement.pdf',
  reason: 'The statement of that day shows what became of it.',
};

/** Both amounts of a payment or refund. */
const pickSides = ({ source_amount, target_amount }: PaymentView): object => ({ source_amount, target_amount });

const TOO_LATE = 'The payer asks after the window; the merchant agrees.';

interface Review {
  instruction_id: string;
  allowed: string[];
  asked_again_at: string;
}

/** The clock of the whole system moves, so nothing else runs beside this; it stays where it is in the end. */
describe('time that passes', () => {
  const gateway = new Gateway();
  let story: Story;
  let partner: PartnerClient;
  beforeAll(async () => {
    story = await Story.begin(gateway);
    partner = story.partner;
  });

  const advance = async (seconds: number): Promise<void> => {
    const { status, body } = await partner.post('/v1/test_helpers/clocks/advance', { seconds });
    expect([status, body.object]).toEqual([200, 'test_clock']);
  };
  const forgetFaults = (): Promise<unknown> =>
    gateway.simulator.call('DELETE', `${gateway.simulator.controlUrl}/faults`);

  /** A credit that was sent and never answered, nor any enquiry about it. */
  async function silentCredit(network: 'open_platform' | 'acquirer', wish: object): Promise<PaymentView> {
    const toChina = network === 'open_platform';
    const operation = toChina ? 'transfer' : 'payout';
    await gateway.simulator.fault({ network, operation, match: 'next', ...wish });
    const enquiry = toChina ? 'query' : 'enquire';
    await gateway.simulator.fault({
      network,
      operation: enquiry,
      behaviour: 'answer_unknown',
      params: { executed: false },
      times: 10_000,
    });
    const payment = await pay(gateway, partner, toChina ? 'us-to-china' : 'china-to-us');
    return until(`${payment.id} is unknown`, async () => {
      const seen = await partner.payment(payment.id);
      return stateOf(seen) === 'CREDIT_UNKNOWN' ? seen : null;
    });
  }

  async function untilInReview(network: string, id: string): Promise<Review> {
    return until(`${id} waits for a person`, async () => {
      const { body } = await gateway.asOperator('settlement-1', 'GET', `/ops/v1/reviews/${network}`);
      return (body.data as Review[]).find(({ instruction_id }) => instruction_id.startsWith(id)) ?? null;
    });
  }

  async function resolve(network: string, review: Review, finding: object): Promise<void> {
    const url = `/ops/v1/reviews/${network}/${review.instruction_id}/resolution`;
    expect((await gateway.asOperator('settlement-1', 'POST', url, { ...finding, ...EVIDENCE })).status).toBe(201);
    const alone = await gateway.asOperator('settlement-1', 'POST', `${url}/approve`, {});
    expect([alone.status, alone.body.code]).toEqual([409, 'SECOND_PERSON_NEEDED']);
    expect((await gateway.asOperator('settlement-2', 'POST', `${url}/approve`, {})).body.state).toBe('approved');
  }

  it.each([
    ['us-to-china', 'open_platform', 'alipay'],
    ['china-to-us', 'acquirer', 'applepay'],
  ] as const)(
    'F15 (%s) leaves a credit that is unknown for hours where it is, until two people have found it done',
    async (direction, network, walletNetwork) => {
      const { id } = await silentCredit(network, { behaviour: 'timeout_after_executing' });
      expect(await partner.payment(id)).toMatchObject({ status: 'processing', outcome: 'unknown' });
      await advance(DAY_S);
      const review = await untilInReview(walletNetwork, id);
      expect(review.allowed).toEqual(['done', 'not_done']);
      expect(Date.parse(review.asked_again_at)).toBeGreaterThan(0);
      expect(await untilCase(gateway, id, 'needs_person')).toMatchObject({ owner: 'settlement' });
      expect(await partner.payment(id)).toMatchObject({
        status: 'processing',
        outcome: 'unknown',
        next_update_at: expect.stringMatching(/Z$/) as string,
      });
      await story.told(id, ['processing']);
      await resolve(walletNetwork, review, { finding: 'done', network_reference: 'statement-line-7' });
      const moves = ['source_processed', 'credit_unknown', 'credit_needs_person', 'credit_processed'];
      await story.ends(id, completed(SOURCE_OF[direction], { audited: moves }));
      await forgetFaults();
    },
  );

  it('F21 refunds instead of cancelling after 00:15 in Beijing: people found the credit not done', async () => {
    const { id } = await silentCredit('acquirer', { behaviour: 'timeout_without_executing' });
    await advance(DAY_S);
    const review = await untilInReview('applepay', id);
    await resolve('applepay', review, { finding: 'not_done' });
    await forgetFaults();
    const refunded = {
      executed: { pay: 1, refund: 1 },
      audited: ['source_processed', 'credit_unknown', 'credit_needs_person', 'credit_declined', 'release_processed'],
    };
    await story.ends(id, reversed('Alipay collection', refunded));
  });

  it('closes an order that the payer has not confirmed after 14 minutes: nothing is collected', async () => {
    const { id } = await story.pay('china-to-us', { alipay: 'in_app' });
    await partner.untilStatus(id, 'requires_action');
    await advance(15 * 60);
    const payment = await untilOver(partner, id, 120_000);
    expect(payment.status).toBe('canceled');
    const { pay: collected = 0, ...back } = await executed(gateway, id);
    expect(collected).toBe(Object.values(back).reduce((sum, count) => sum + count, 0));
    await expectNothingReserved(gateway, id);
  });

  /** A completed payment of a partner under R3, with a refund that waits for the rate of the next day. */
  async function waitingForItsRate(): Promise<{ other: PartnerClient; id: string; refundId: string }> {
    const other = await gateway.newPartner();
    await gateway.inDatabaseOf('fx-settlement', (database) =>
      database.query(`INSERT INTO refund_terms VALUES ($1, '2026-01-01', 'R3', 'story')`, [other.partnerId]),
    );
    await until('quotes carry R3', async () => {
      const quote = (await quoteFor(other, 'us-to-china')) as { refund_rule?: string };
      return quote.refund_rule === 'R3';
    });
    const { id } = await pay(gateway, other, 'us-to-china');
    expect((await untilOver(other, id)).status).toBe('completed');
    await topUp(gateway, other, '1000000', 'CNY');
    const asked = await other.post<RefundView>(`/v1/payments/${id}/refunds`, {});
    expect([asked.status, asked.body.status]).toEqual([202, 'processing']);
    return { other, id, refundId: asked.body.id };
  }

  it('brings the rate of the next day to a refund under R3, which is paid then', async () => {
    const { other, refundId } = await waitingForItsRate();
    await advance(34 * HOUR_S);
    const refund = await untilRefundOver(other, refundId);
    expect(refund.status).toBe('completed');
    expect(refund.history.map(({ state }) => state)).toEqual(['AWAITING_RATE', 'FUNDING', 'SENDING', 'COMPLETED']);
    await expectBalanced(gateway);
  });

  /** Its rate has come, and it is not sent: the payer has the money, or may get it, another way. */
  async function expectRefusedAtItsRate(
    other: PartnerClient,
    id: string,
    refundId: string,
    why: string,
  ): Promise<void> {
    await advance(34 * HOUR_S);
    const refund = await untilRefundOver(other, refundId);
    expect([refund.status, refund.failure?.code]).toEqual(['refused', why]);
    expect(refund.history.map(({ state }) => state)).toEqual(['AWAITING_RATE', 'REFUSED']);
    expect(await executed(gateway, refundId)).toEqual({});
    const booked = (await bookings(gateway, id)).map(({ code }) => code);
    expect(booked.filter((code) => code.startsWith('refund_'))).toEqual([]);
    await expectBalanced(gateway);
  }

  it('brings a dispute before the rate of the next day: the refund that waited for it is refused', async () => {
    const { other, id, refundId } = await waitingForItsRate();
    await disputed(gateway, id, 'product_service_not_received');
    await untilDispute(other, id, 'action_required');
    await expectRefusedAtItsRate(other, id, refundId, 'DISPUTE_OPEN');
  });

  it('brings what the acquirer takes back by itself before the rate of the next day: the refund is refused', async () => {
    const late = { behaviour: 'reverse_later', params: { ms: 2 * HOUR_S * 1_000 } };
    await gateway.simulator.fault({ network: 'acquirer', operation: 'capture', match: 'next', ...late });
    const { other, id, refundId } = await waitingForItsRate();
    await advance(2 * HOUR_S);
    expect(await untilCase(gateway, id, 'source_taken_back')).toMatchObject({ owner: 'settlement' });
    await expectRefusedAtItsRate(other, id, refundId, 'TAKEN_BACK');
  });

  it('brings a part that the acquirer takes back before the rate of the next day: a refund of more than is left is refused', async () => {
    const { other, id, refundId } = await waitingForItsRate();
    await gateway.simulator.takeBack(`${id}-hold`, '4000');
    expect(await untilCase(gateway, id, 'source_taken_back')).toMatchObject({ detail: { amount: '4000' } });
    await expectRefusedAtItsRate(other, id, refundId, 'REFUND_EXCEEDS');
  });

  it('F26 ends the window in which a payment can be refunded: a year for cards, 18 months for Alipay', async () => {
    const carded = await paid('us-to-china');
    const collected = await paid('china-to-us');
    await advance(366 * DAY_S);
    await expectWindowClosed(carded);
    const early = await asked(`/ops/v1/payments/${collected}/late_refunds`, { reason: TOO_LATE });
    expect((await approved(early)).body.code).toBe('REFUND_WINDOW_OPEN');
    await gateway.asOperator('settlement-2', 'POST', `/ops/v1/refund_decisions/${early}/reject`, {});
    await advance(190 * DAY_S);
    await expectWindowClosed(collected);
    await refundByHand('us-to-china', carded);
    await refundByHand('china-to-us', collected);
  });

  async function paid(direction: Direction): Promise<string> {
    const { id } = await story.pay(direction);
    await story.ends(id, completed(SOURCE_OF[direction]));
    return id;
  }

  async function expectWindowClosed(id: string): Promise<void> {
    const { status, body } = await partner.post<Problem>(`/v1/payments/${id}/refunds`, {});
    expect([status, body.code]).toEqual([409, 'REFUND_WINDOW_CLOSED']);
  }

  /** What one person of settlement asks for; answers the decision's id. */
  async function asked(path: string, request: object): Promise<string> {
    const { status, body } = await gateway.asOperator('settlement-1', 'POST', path, request);
    expect(status).toBe(201);
    return body.id as string;
  }

  const approved = (decision: string): Promise<Answer> =>
    gateway.asOperator('settlement-2', 'POST', `/ops/v1/refund_decisions/${decision}/approve`, {});

  async function two(path: string, request: object): Promise<void> {
    const decision = await asked(path, request);
    const url = `/ops/v1/refund_decisions/${decision}/approve`;
    expect((await gateway.asOperator('settlement-1', 'POST', url, {})).body.code).toBe('SECOND_PERSON_NEEDED');
    expect((await approved(decision)).body.state).toBe('approved');
  }

  /** By two people: asked for and approved, funded, owed, paid by bank transfer, and that approved, too. */
  async function refundByHand(direction: Direction, id: string): Promise<void> {
    await topUp(gateway, partner, '1000000', direction === 'us-to-china' ? 'CNY' : 'USD');
    await two(`/ops/v1/payments/${id}/late_refunds`, { reason: TOO_LATE });
    const refund = await until('the late refund is owed', async () => {
      const { body: list } = await partner.get<{ data: RefundView[] }>(`/v1/payments/${id}/refunds`);
      return list.data.find(({ status: now }) => now === 'failed');
    });
    expect(refund).toMatchObject(pickSides(await partner.payment(id)));
    await two(`/ops/v1/owed_refunds/${refund.id}/decisions`, {
      way: 'bank_transfer',
      bank_reference: `STMT-${refund.id}`,
      reason: TOO_LATE,
    });
    const byHand = await untilRefundOver(partner, refund.id);
    expect([byHand.status, byHand.history.at(-1)?.state]).toEqual(['completed', 'PAID_BY_HAND']);
    expect(await gateway.simulator.movements(refund.id)).toEqual([]);
    const { booked, told, audited } = completed(SOURCE_OF[direction]);
    await story.stands(
      id,
      completed(SOURCE_OF[direction], {
        booked: [...booked, 'refund_funded', 'refund_paid_by_hand'],
        told: [...told, 'refund.processing', 'refund.failed', 'refund.completed'],
        audited: [...audited, 'refund_requested', 'refund_funding_granted_by_hand', 'refund_paid_by_hand'],
      }),
    );
    for (const way of ['requested', 'approved'])
      expect(await decidedBy(id, `refund.decision_${way}`)).toEqual(
        new Set([`operator:settlement-${way === 'requested' ? 1 : 2}`]),
      );
  }

  /** Who is on record for this about the payment; both decisions, once they are. */
  async function decidedBy(id: string, action: string): Promise<Set<string>> {
    const actors = await until(`${action} of ${id} is audited twice`, async () => {
      const found = (await auditOf(gateway, id)).filter((one) => one.action === action);
      return found.length >= 2 ? found : null;
    });
    return new Set(actors.map(({ actor }) => actor));
  }

  it('is set by whole seconds ahead, never by anything else', async () => {
    for (const seconds of [0, -1, 1.5, '60', 10 ** 12]) {
      const { status, body } = await partner.post<Problem>('/v1/test_helpers/clocks/advance', { seconds });
      expect([seconds, status, body.param]).toEqual([seconds, 422, 'seconds']);
    }
  });
});
