import { commandsIn, outcomesOf, RoutingCore, type Outcomes } from './routing-core';

jest.setTimeout(180_000);

let core: RoutingCore;
beforeAll(async () => {
  core = await RoutingCore.open();
});
afterAll(async () => core?.close());

const HOLD_EXPIRES = '2027-12-02T10:00:00.000Z';

/** A payment that has come as far as its source's money being certain and the credit being sent. */
async function crediting(funding: 'hold' | 'collect'): Promise<{ id: string; o: Outcomes }> {
  const id = (await core.order({ funding })).ids[0]!;
  const o = outcomesOf(id);
  await core.take(o.screening('CLEAR'), o.reservation('GRANTED'));
  await core.take(o.wallet(funding, 'PROCESSED', { counterparty: 'visa', hold_expires_at: HOLD_EXPIRES }));
  expect(await core.stateOf(id)).toBe('CREDITING');
  return { id, o };
}

describe('payments in PostgreSQL', () => {
  it('completes a held payment, one event a transaction, numbered without gaps, and settles the money in order', async () => {
    const { id, o } = await crediting('hold');
    await core.take(o.wallet('credit', 'PROCESSED', { counterparty: 'alipay' }));
    expect(await core.stateOf(id)).toBe('CAPTURING');
    await core.take(o.wallet('capture', 'PROCESSED'));
    expect(await core.stateOf(id)).toBe('COMPLETED');
    expect(core.eventsOf(id).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(core.moneyOf(id)).toEqual(['hold_funded', 'credited', 'captured']);
    expect(core.statuses.heard.filter((line) => line.startsWith(id))).toEqual([`${id} processing`, `${id} completed`]);
    expect(core.audited.filter((subject) => subject === id)).toHaveLength(5);
    const history = await core.test.database.query('SELECT 1 FROM payment_state_change WHERE payment_id = $1', [id]);
    expect(history).toHaveLength(5);
  });

  it('completes a collected payment on the certain credit, with nothing to capture', async () => {
    const { id, o } = await crediting('collect');
    const published = await core.take(o.wallet('credit', 'PROCESSED', { counterparty: 'us_payout_bank' }));
    expect(await core.stateOf(id)).toBe('COMPLETED');
    expect(commandsIn(published)).toEqual([]);
    expect(core.moneyOf(id)).toEqual(['collection_funded', 'credited']);
  });

  it('folds two facts of one batch into one event and sends what follows once', async () => {
    const id = (await core.order({})).ids[0]!;
    const o = outcomesOf(id);
    const published = await core.take(o.reservation('GRANTED'), o.screening('CLEAR'));
    expect(commandsIn(published)).toEqual(['hold']);
    expect(core.eventsOf(id)[1]?.changes.map(({ to }) => to)).toEqual(['RESERVED', 'AUTHORISING']);
    expect(core.eventsOf(id)).toHaveLength(2);
  });

  it('takes facts of many payments in one batch with each payment on its own', async () => {
    const { ids } = await core.order({}, {}, {}, {}, {});
    const facts = ids.flatMap((id) => [outcomesOf(id).screening('CLEAR'), outcomesOf(id).reservation('GRANTED')]);
    const published = await core.take(...facts.reverse());
    expect(commandsIn(published)).toEqual(Array(5).fill('hold'));
  });

  it('drops repeats and lower versions without a trace', async () => {
    const { id, o } = await crediting('hold');
    await core.take(o.wallet('credit', 'UNKNOWN', { version: 2 }));
    const before = core.published.length;
    await core.take(
      o.wallet('credit', 'UNKNOWN', { version: 2 }),
      o.wallet('credit', 'DECLINED', { version: 1 }),
      outcomesOf(id).screening('CLEAR', 1),
      outcomesOf(id).wallet('hold', 'PROCESSED', { version: 1 }),
    );
    expect(core.published).toHaveLength(before);
    expect(await core.stateOf(id)).toBe('CREDIT_UNKNOWN');
    expect(await core.casesOf(id)).toEqual([]);
  });

  it('uses a quote once and a one-time instrument once, and says which of them was taken', async () => {
    const first = { quoteId: 'qte_once', sourceInstrument: 'ins_once' };
    const { ids, batch } = await core.order(first, { ...first, sourceInstrument: 'ins_other' });
    expect([batch.won.size, [...batch.refused.values()]]).toEqual([1, ['quote_id']]);
    const again = await core.order({ quoteId: 'qte_other', sourceInstrument: 'ins_once' });
    expect([...again.batch.refused.values()]).toEqual(['source_instrument']);
    expect(again.batch.emit.records).toEqual([]);
    const winner = [...batch.won][0]!;
    expect(ids).toContain(winner);
  });

  it('keeps a fact about a payment that it does not know, as a case', async () => {
    await core.take(outcomesOf('pay_unknown').screening('CLEAR'));
    expect(await core.casesOf('pay_unknown')).toEqual(['unknown_payment']);
  });

  it('lets nobody change what was ordered or what has happened', async () => {
    const { database } = core.test;
    for (const table of ['payment', 'payment_state_change', 'payment_case']) {
      await expect(database.query(`UPDATE ${table} SET payment_id = payment_id`)).rejects.toThrow(/permission denied/);
      await expect(database.query(`DELETE FROM ${table}`)).rejects.toThrow(/permission denied/);
    }
  });
});

describe('the way back', () => {
  it.each(['hold', 'collect'] as const)(
    'releases a %s and the reservation after a declined credit',
    async (funding) => {
      const { id, o } = await crediting(funding);
      const published = await core.take(o.wallet('credit', 'DECLINED', { reason: 'PAYEE_ACCOUNT_CLOSED' }));
      expect(commandsIn(published).sort()).toEqual(['release', 'release']);
      await core.take(o.wallet('release', 'PROCESSED'));
      expect(await core.stateOf(id)).toBe('REVERSING');
      await core.take(o.reservation('RELEASED'));
      expect(await core.stateOf(id)).toBe('REVERSED');
      const undone = funding === 'hold' ? ['hold_released'] : ['return_started', 'return_confirmed'];
      expect(core.moneyOf(id)).toEqual([funding === 'hold' ? 'hold_funded' : 'collection_funded', ...undone]);
      expect(core.statuses.heard.at(-1)).toBe(`${id} failed`);
    },
  );

  it('ends DECLINED only when the reservation is given back', async () => {
    const id = (await core.order({})).ids[0]!;
    const o = outcomesOf(id);
    await core.take(o.screening('CLEAR'), o.reservation('GRANTED'));
    await core.take(o.wallet('hold', 'DECLINED', { reason: 'INSUFFICIENT_FUNDS' }));
    expect(await core.stateOf(id)).toBe('REVERSING');
    await core.take(o.reservation('RELEASED'));
    expect(await core.stateOf(id)).toBe('DECLINED');
    expect(core.moneyOf(id)).toEqual([]);
  });

  it('releases a reservation whose grant was never seen, and ends when that is certain', async () => {
    const id = (await core.order({})).ids[0]!;
    const o = outcomesOf(id);
    const published = await core.take(o.screening('REJECTED'));
    expect(commandsIn(published)).toEqual(['release']);
    await core.take(o.reservation('RELEASED'));
    await core.take(o.reservation('GRANTED'));
    expect(await core.stateOf(id)).toBe('REJECTED');
    expect(await core.casesOf(id)).toEqual([]);
  });

  it('cancels while the hold is unknown, and ends canceled when both are closed', async () => {
    const id = (await core.order({})).ids[0]!;
    const o = outcomesOf(id);
    await core.take(o.screening('CLEAR'), o.reservation('GRANTED'));
    await core.take(o.wallet('hold', 'UNKNOWN'));
    expect(await core.cancel(id)).toBe('canceling');
    await core.take(o.wallet('hold', 'PROCESSED', { counterparty: 'visa' }), o.reservation('RELEASED'));
    expect(await core.stateOf(id)).toBe('REVERSING');
    await core.take(o.wallet('release', 'PROCESSED'));
    expect(await core.stateOf(id)).toBe('REVERSED');
    expect(core.moneyOf(id)).toEqual(['hold_funded', 'hold_released']);
    expect(core.statuses.heard.at(-1)).toBe(`${id} canceled`);
  });

  it('refuses a cancel once the credit is sent', async () => {
    const { id } = await crediting('hold');
    expect(await core.cancel(id)).toBe('too_late');
    expect(await core.cancel('pay_unknown')).toBe('unknown');
  });

  it('keeps a credit that proves true after the release as a late credit, once, without moving the payment', async () => {
    const { id, o } = await crediting('hold');
    await core.take(o.wallet('credit', 'DECLINED'), o.wallet('release', 'PROCESSED'), o.reservation('RELEASED'));
    expect(await core.stateOf(id)).toBe('REVERSED');
    await core.take(o.wallet('credit', 'PROCESSED', { counterparty: 'alipay' }));
    await core.take(o.wallet('credit', 'PROCESSED', { counterparty: 'alipay', evidence: 'operator' }));
    expect(await core.stateOf(id)).toBe('REVERSED');
    expect(core.moneyOf(id)).toEqual(['hold_funded', 'hold_released', 'late_credit']);
    expect(await core.casesOf(id)).toEqual(['late_credit']);
  });

  it('blocks collected money of a match: no release, the reservation given back, still processing for the partner', async () => {
    const id = (await core.order({ funding: 'collect' })).ids[0]!;
    const o = outcomesOf(id);
    await core.take(o.screening('CLEAR'), o.reservation('GRANTED'));
    await core.take(o.screening('HIT'));
    await core.take(o.wallet('collect', 'PROCESSED', { counterparty: 'alipay' }));
    await core.take(o.reservation('RELEASED'));
    expect(await core.stateOf(id)).toBe('BLOCKED');
    expect(core.moneyOf(id)).toEqual(['collection_funded', 'blocked']);
    expect(core.eventsOf(id).at(-1)?.public_status).toBe('processing');
    expect(await core.casesOf(id)).toEqual(['sanctions_hit']);
  });

  it('changes nothing for a match after the credit was sent but a case, and captures', async () => {
    const { id, o } = await crediting('hold');
    await core.take(o.screening('HIT'));
    await core.take(o.wallet('credit', 'PROCESSED'));
    await core.take(o.wallet('capture', 'PROCESSED'));
    expect(await core.stateOf(id)).toBe('COMPLETED');
    expect(await core.casesOf(id)).toEqual(['sanctions_hit']);
  });

  it('ends CAPTURE_LOST with a case where the capture is refused, completed for the partner', async () => {
    const { id, o } = await crediting('hold');
    await core.take(o.wallet('credit', 'PROCESSED'));
    await core.take(o.wallet('capture', 'DECLINED', { reason: 'HOLD_EXPIRED' }));
    expect(await core.stateOf(id)).toBe('CAPTURE_LOST');
    expect(core.moneyOf(id)).toEqual(['hold_funded', 'credited', 'capture_lost']);
    expect(core.eventsOf(id).at(-1)?.public_status).toBe('completed');
    expect(await core.casesOf(id)).toEqual(['capture_lost']);
  });

  it('sends no credit with less than the margin left on the hold: released, EXPIRED', async () => {
    const id = (await core.order({})).ids[0]!;
    const o = outcomesOf(id);
    await core.take(o.screening('CLEAR'), o.reservation('GRANTED'));
    const soon = new Date(core.clock.nowMs() + 3_600_000).toISOString();
    const published = await core.take(o.wallet('hold', 'PROCESSED', { hold_expires_at: soon }));
    expect(commandsIn(published)).toEqual(['release', 'release']);
    await core.take(o.wallet('release', 'PROCESSED'), o.reservation('RELEASED'));
    expect(await core.stateOf(id)).toBe('EXPIRED');
  });
});

describe('the backstop', () => {
  it('sends the same command with the same id again, ever more rarely, and ends nothing by itself', async () => {
    const id = (await core.order({})).ids[0]!;
    const o = outcomesOf(id);
    const sent = await core.take(o.screening('CLEAR'), o.reservation('GRANTED'));
    const hold = sent.find(({ contract }) => contract.topic === 'wallet.applepay.commands.v1');
    await core.passTime(3_100);
    const again = (await core.lookForDue()).filter(({ data }) => (data as { payment_id: string }).payment_id === id);
    expect(again.map(({ data }) => data)).toEqual([hold?.data]);
    expect((await core.lookForDue()).filter(({ data }) => (data as { payment_id: string }).payment_id === id)).toEqual(
      [],
    );
    expect(await core.stateOf(id)).toBe('AUTHORISING');
    expect(core.eventsOf(id)).toHaveLength(2);
  });

  it('asks for the others where one cannot be read as it is stored, and looks at that one later', async () => {
    const { ids } = await core.order({}, {}, {});
    await core.test.database.query(
      `UPDATE payment_progress SET standing = standing - 'parts', due = clock_now() - interval '1 hour' WHERE payment_id = $1`,
      [ids[1]],
    );
    await core.passTime(4_000);
    const askedFor = async (): Promise<Set<string>> => {
      const records = await core.lookForDue();
      const asked = records.map(({ data }) => (data as { payment_id: string }).payment_id);
      return new Set(asked.filter((id) => ids.includes(id)));
    };
    expect(await askedFor()).toEqual(new Set([ids[0], ids[2]]));
    expect(await askedFor()).toEqual(new Set());
  });

  it('ends a held review EXPIRED once its money can no longer be asked for', async () => {
    const id = (await core.order({})).ids[0]!;
    const o = outcomesOf(id);
    await core.take(o.reservation('GRANTED'), o.screening('REVIEW'));
    expect(await core.stateOf(id)).toBe('HELD');
    await core.passTime(121_000);
    await core.lookForDue();
    await core.take(o.reservation('RELEASED'));
    expect(await core.stateOf(id)).toBe('EXPIRED');
    expect(core.statuses.heard.at(-1)).toBe(`${id} canceled`);
  });

  it('gives the reservation of a long review back and reserves anew under a new id when it clears', async () => {
    const offerExpiresAt = new Date(core.clock.nowMs() + 3_600_000);
    const id = (await core.order({ offerExpiresAt })).ids[0]!;
    const o = outcomesOf(id);
    await core.take(o.reservation('GRANTED'), o.screening('REVIEW'));
    await core.passTime(601_000);
    await core.lookForDue();
    await core.take(o.reservation('RELEASED'));
    const published = await core.take(o.screening('CLEAR'));
    const reserve = published.find(({ contract }) => contract.topic === 'fx.reservation.commands.v1');
    expect(reserve?.data).toMatchObject({ operation: 'reserve', instruction_id: `${id}-reserve-2` });
    await core.take(o.reservation('GRANTED', 9));
    expect(await core.stateOf(id)).toBe('SCREENED');
    await core.take(outcomesOf(id, 2).reservation('GRANTED'));
    expect(await core.stateOf(id)).toBe('AUTHORISING');
  });
});
