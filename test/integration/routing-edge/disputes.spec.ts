import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { OutboxTransactions } from '@gateway/messaging';
import { AdvancePayments } from '../../../apps/routing/src/use-cases/advance-payments';
import { AskAgainForDisputes } from '../../../apps/routing/src/use-cases/ask-again-for-disputes';
import { refundFactOfReservation } from '../../../apps/routing/src/use-cases/refund-facts';
import { AT, disputesAt, EVIDENCE, FAR } from './disputes-at';
import { RoutingEdge } from './routing-edge';

jest.setTimeout(180_000);

describe('the edge that answers disputes', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const at = disputesAt(() => edge);
  const { completed, told, outcome, take, hear, disputesOf, opened, get, answer } = at;
  const { about, commandsOf, moneyOf, casesOf, answered } = at;

  it('shows what the network told, once however often it says so, and every record fits its contract', async () => {
    const { payment, id } = await opened();
    await hear(payment, 2, told('open'));
    await hear(payment, 3, told('open'));
    expect(await disputesOf(payment)).toHaveLength(1);
    expect(await get(id)).toMatchObject({
      object: 'dispute',
      payment,
      status: 'action_required',
      actions: ['evidence', 'accept'],
      amount: { amount: '10200', currency: 'USD', exponent: 2 },
      fee: { amount: '1500', currency: 'USD' },
      category: 'not_received',
      evidence_due_by: FAR,
      answer: null,
      liability: 'gateway',
    });
    expect(moneyOf(payment)).toEqual(['dispute_opened']);
    expect(await casesOf(payment)).toEqual(['dispute_opened']);
    for (const { contract, data } of about(payment)) expect(contract.problemOf(data)).toBeNull();
    const { disputes } = (await edge.send('GET', `/v1/payments/${payment}`)).body as { disputes: { id: string }[] };
    expect(disputes.map((one) => one.id)).toEqual([id]);
  });

  it('sends evidence to the network under one id, again when nothing is heard, and waits for its word', async () => {
    const { payment, id } = await opened();
    const reply = await answer(id);
    expect([reply.status, reply.body.status]).toEqual([202, 'processing']);
    const [command] = commandsOf(payment);
    expect(command).toMatchObject({
      instruction_id: `${id}-proof`,
      operation: 'represent',
      target_instruction_id: `${payment}-hold`,
      amount: { amount: '10200', currency: 'USD' },
      dispute: { network_reference: 'dsp_a', evidence: EVIDENCE },
    });
    await edge.test.database.query(`UPDATE dispute SET due = clock_now() - interval '1 second' WHERE dispute_id = $1`, [
      id,
    ]);
    const asked = await edge.app.get(OutboxTransactions, { strict: false }).run(async (tx) => {
      const { asked: result, emit } = await edge.app.get(AskAgainForDisputes, { strict: false }).run(tx, 100);
      return { result, emit };
    });
    expect(asked).toBe(1);
    expect(commandsOf(payment)).toEqual([command, command]);
    await take(answered(payment, `${id}-proof`, { outcome: 'UNKNOWN' }));
    expect((await get(id)).status).toBe('processing');
    await take(answered(payment, `${id}-proof`, { version: 2 }));
    expect((await get(id)).status).toBe('under_review');
    await hear(payment, 3, told('won'));
    const won = await get(id);
    expect([won.status, won.evidence_due_by, won.actions]).toEqual(['won', null, []]);
    expect((won.history as { state: string }[]).map(({ state }) => state)).toEqual([
      'OPEN',
      'REPRESENTING',
      'REPRESENTED',
      'WON',
    ]);
    expect(moneyOf(payment)).toEqual(['dispute_opened', 'dispute_won']);
  });

  it('an answer that the network refuses can be given once more, under an id of its own', async () => {
    const { payment, id } = await opened();
    await answer(id);
    await take(answered(payment, `${id}-proof`, { outcome: 'DECLINED', reason: 'OTHER' }));
    expect(await get(id)).toMatchObject({ status: 'action_required', failure: { code: 'OTHER' } });
    expect((await answer(id, { additional: 'another text' })).status).toBe(202);
    expect(commandsOf(payment).map(({ instruction_id }) => instruction_id)).toEqual([`${id}-proof`, `${id}-proof-2`]);
    await take(answered(payment, `${id}-proof`, { version: 2 }));
    expect((await get(id)).status).toBe('processing');
    await take(answered(payment, `${id}-proof-2`));
    const done = await get(id);
    expect([done.status, done.failure]).toEqual(['under_review', undefined]);
    expect(await casesOf(payment)).toEqual(['dispute_opened']);
  });

  it('what became of an answer is found out by a person, and told as unknown until then', async () => {
    const { payment, id } = await opened();
    await edge.post(`/v1/disputes/${id}/accept`, {});
    const unknown = { operation: 'accept', outcome: 'UNKNOWN', needs_person: true } as const;
    await take(answered(payment, `${id}-accept`, unknown));
    expect(await get(id)).toMatchObject({ status: 'processing', outcome: 'unknown' });
    expect(await casesOf(payment)).toEqual(['dispute_opened', 'dispute_needs_person']);
    await take(answered(payment, `${id}-accept`, { operation: 'accept', version: 2, evidence: 'operator' }));
    expect((await get(id)).status).toBe('accepted');
    await hear(payment, 3, told('lost'));
    expect((await get(id)).status).toBe('lost');
  });

  it('one that had ended before it was heard of is opened first: its money goes out, then it is lost', async () => {
    const payment = await completed();
    await hear(payment, 2, told('lost'));
    expect(moneyOf(payment)).toEqual(['dispute_opened', 'dispute_lost']);
    expect((await disputesOf(payment)).map(({ status }) => status)).toEqual(['lost']);
  });

  it('a last word that is taken back is a person’s matter', async () => {
    const { payment, id } = await opened();
    await hear(payment, 3, told('won'));
    await hear(payment, 4, told('lost'));
    expect((await get(id)).status).toBe('won');
    expect(moneyOf(payment)).toEqual(['dispute_opened', 'dispute_won']);
    expect(await casesOf(payment)).toEqual(['dispute_opened', 'dispute_contradiction']);
  });

  it('the deadline that the network moves is shown, and after it nothing can be answered', async () => {
    const { payment, id } = await opened();
    await hear(payment, 3, told('open', { evidence_due_by: '2020-01-01T00:00:00.000Z' }));
    const over = await get(id);
    expect([over.status, over.evidence_due_by]).toEqual(['action_required', '2020-01-01T00:00:00.000Z']);
    const late = await answer(id);
    expect([late.status, late.body.code]).toEqual([409, 'DISPUTE_NOT_ACTIONABLE']);
    expect(commandsOf(payment)).toEqual([]);
  });

  it.each<[string, Partial<NetworkDispute>, string]>([
    ['of more than was paid', { amount: { amount: '10201', currency: 'USD' } }, 'funded'],
    ['in another currency', { amount: { amount: '10200', currency: 'CNY' } }, 'funded'],
    ['of a payment that took nothing', {}, 'asked'],
  ])('a dispute %s is a case, and nothing is booked', async (_, more, source) => {
    const payment = await completed(source);
    await hear(payment, 2, told('open', more));
    expect([await disputesOf(payment), await casesOf(payment), moneyOf(payment)]).toEqual([
      [],
      ['unknown_dispute'],
      [],
    ]);
  });

  it('two disputes of one payment are told apart, and together they are not above it', async () => {
    const payment = await completed();
    const half = { amount: { amount: '6000', currency: 'USD' } };
    const [first, second, third] = ['dsp_a', 'dsp_b', 'dsp_c'].map((network_reference) =>
      told('open', { network_reference, ...half }),
    );
    await hear(payment, 2, first!);
    await hear(payment, 3, first!, { ...second!, amount: { amount: '4200', currency: 'USD' } });
    await hear(payment, 4, first!, third!);
    expect(await disputesOf(payment)).toHaveLength(2);
    expect(await casesOf(payment)).toEqual(['dispute_opened', 'dispute_opened', 'unknown_dispute']);
  });

  it('who bears it is what the contract said when the payment was made, by category', async () => {
    const clause = (category: string, from: string, bearer: string): Promise<unknown> =>
      edge.test.database.query('INSERT INTO dispute_liability VALUES ($1, $2, $3, $4, $5)', [
        'prt_a',
        category,
        from,
        bearer,
        `${category} from ${from.slice(0, 4)}`,
      ]);
    await clause('*', '2020-01-01', 'gateway');
    await clause('not_received', '2021-01-01', 'partner');
    await clause('not_received', '2098-01-01', 'gateway');
    const bearers = await Promise.all(
      (['not_received', 'duplicate'] as const).map(async (category) => {
        const { id } = await opened({ category });
        const { liability, clause: by } = await get(id);
        return [liability, by];
      }),
    );
    await edge.test.database.query('DELETE FROM dispute_liability');
    expect(bearers).toEqual([
      ['partner', 'not_received from 2021'],
      ['gateway', '* from 2020'],
    ]);
  });

  describe('and a refund of the same payment', () => {
    /** Asked for and funded: the payer's network has been told. */
    async function onItsWay(payment: string, amount?: string): Promise<string> {
      const body = amount === undefined ? {} : { amount: { amount, currency: 'USD' } };
      const id = (await edge.post(`/v1/payments/${payment}/refunds`, body)).body.id as string;
      const granted = { instruction_id: `${id}-fund`, payment_id: payment, partner_id: 'prt_a', version: 1, at: AT };
      await edge.app.get(OutboxTransactions, { strict: false }).run(async (tx) => {
        const fact = refundFactOfReservation({ ...granted, outcome: 'GRANTED', mid: '7.25000000' })!;
        const facts = { payments: [], refunds: [fact], returns: [], disputes: [] };
        return { result: null, emit: await edge.app.get(AdvancePayments, { strict: false }).run(tx, facts) };
      });
      return id;
    }
    const arrived = (payment: string, refund: string): WalletOutcome =>
      outcome(payment, { instruction_id: `${refund}-refund`, operation: 'refund', version: 1 });
    const statusOf = async (refund: string): Promise<unknown> =>
      (await edge.send('GET', `/v1/refunds/${refund}`)).body.status;
    /** As people of settlement see them, whose matter they are. */
    async function seen(payment: string): Promise<Record<string, unknown>[]> {
      const { token } = edge.people.people.find(({ roles }) => roles.includes('settlement'))!;
      const as = { authorization: `Bearer ${token}` };
      const { body } = await edge.send('GET', `/ops/v1/cases?payment=${payment}`, undefined, as);
      return (body.data as Record<string, unknown>[]).filter(({ kind }) => kind === 'refund_and_dispute');
    }

    it('that was on its way when the dispute opened is a case of settlement, once, whatever comes of both', async () => {
      const payment = await completed();
      const refund = await onItsWay(payment);
      await hear(payment, 2, told('open'));
      const [dispute] = await disputesOf(payment);
      const found = await seen(payment);
      expect(found).toMatchObject([
        {
          payment,
          partner: 'prt_a',
          state: 'OPEN',
          detail: {
            owner: 'settlement',
            dispute: dispute?.id,
            amount: '10200',
            currency: 'USD',
            refund,
            refund_amount: '10000',
            refund_currency: 'USD',
            refund_state: 'SENDING',
            liability: 'gateway',
          },
        },
      ]);
      await take(arrived(payment, refund));
      expect(await statusOf(refund)).toBe('completed');
      await hear(payment, 3, told('open'));
      await hear(payment, 4, told('lost'));
      expect((await disputesOf(payment)).map(({ status }) => status)).toEqual(['lost']);
      expect(await seen(payment)).toEqual(found);
      expect((await edge.post(`/v1/payments/${payment}/refunds`, {})).body.code).toBe('DISPUTE_LOST');
    });

    it('is a case, too, where the dispute was lost before it was heard of, and for each of several refunds', async () => {
      const payment = await completed();
      const refunds = [await onItsWay(payment, '4000'), await onItsWay(payment, '5000')];
      await hear(payment, 2, told('lost'));
      const found = await seen(payment);
      expect(found.map(({ fact }) => fact)).toEqual(['dispute_lost', 'dispute_lost']);
      expect(found.map(({ detail }) => (detail as { refund: string }).refund).sort()).toEqual([...refunds].sort());
    });

    it('F28 that had paid everything back is answered with that proof, and a case only when that is lost', async () => {
      const payment = await completed();
      const refund = await onItsWay(payment);
      // In one batch: what the refund has become counts, though it is not written yet.
      await take(arrived(payment, refund), outcome(payment, { disputes: [told('open')] }));
      expect(commandsOf(payment).map(({ operation }) => operation)).toEqual(['represent']);
      expect(await seen(payment)).toEqual([]);
      await hear(payment, 3, told('lost'));
      expect(await seen(payment)).toMatchObject([
        { fact: 'dispute_lost', detail: { refund, refund_state: 'COMPLETED' } },
      ]);
    });

    it('that had taken nothing, or whose dispute was won, is none', async () => {
      const won = await completed();
      await onItsWay(won);
      await hear(won, 2, told('won'));
      const refused = await completed();
      await onItsWay(refused);
      await edge.test.database.query(`UPDATE refund SET state = 'REFUSED' WHERE payment_id = $1`, [refused]);
      await hear(refused, 2, told('open'));
      expect([await seen(won), await seen(refused)]).toEqual([[], []]);
    });
  });

  it('lists what fits, newest first, page by page, and nothing of another partner', async () => {
    const made = [await opened(), await opened(), await opened()].map(({ id }) => id);
    const page = (await edge.send('GET', '/v1/disputes?limit=2&status=action_required')).body;
    expect([(page.data as { id: string }[]).map(({ id }) => id), page.has_more]).toEqual([
      made.slice(1).reverse(),
      true,
    ]);
    const next = (await edge.send('GET', `/v1/disputes?limit=1&starting_after=${made[1]}`)).body;
    expect((next.data as { id: string }[]).map(({ id }) => id)).toEqual([made[0]]);
    const other = { authorization: `Bearer ${RoutingEdge.OTHER_KEY}` };
    const theirs = await edge.send('GET', '/v1/disputes', undefined, other);
    expect(theirs.body.data).toEqual([]);
    expect((await edge.send('GET', `/v1/disputes/${made[0]}`, undefined, other)).body.code).toBe('DISPUTE_NOT_FOUND');
  });
});
