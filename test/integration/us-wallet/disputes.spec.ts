import { createHmac } from 'node:crypto';
import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { Instruction, Outcome } from '@gateway/wallet-network';
import { CardSide, following, within } from './card-side';

jest.setTimeout(180_000);

type Proof = Extract<Outcome, { kind: 'PROCESSED' }>;

describe('disputes on the card side against the simulated acquirer', () => {
  let card: CardSide;

  beforeAll(async () => {
    card = await CardSide.start();
  });
  afterAll(() => card.stop());
  afterEach(() => card.simulator.control('DELETE', '/faults'));

  /** A captured purchase, with the instruction of its hold as the runtime would enquire about it. */
  async function captured(request: Record<string, unknown> = {}): Promise<Instruction> {
    const hold = await card.instruct('hold', request);
    const held = await card.network.hold(hold, within());
    if (held.kind !== 'PROCESSED') throw new Error(JSON.stringify(held));
    const { networkReference } = held;
    await card.network.capture(following(hold, 'capture', { networkReference }), within());
    return { ...hold, networkReference };
  }
  async function raised(hold: Instruction, more: object = {}): Promise<string> {
    const claim = { category: 'product_service_not_received', reason_code: '13.1', ...more };
    const { id } = await card.simulator.control<{ id: string }>(
      'POST',
      `/payments/${hold.instructionId}/dispute`,
      claim,
    );
    return id;
  }
  const decide = (id: string, decision: string): Promise<unknown> =>
    card.simulator.control('POST', `/disputes/${id}/decide`, { decision });
  const enquired = async (hold: Instruction): Promise<readonly NetworkDispute[]> =>
    ((await card.network.enquire(hold, within())) as Proof).disputes ?? [];
  function answer(hold: Instruction, step: 'represent' | 'accept', dispute: string): Instruction {
    const { networkReference } = hold;
    const evidence = step === 'represent' ? { evidence: { proof_of_delivery: 'tracking EX-1' } } : {};
    return { ...following(hold, step, { networkReference }), dispute: { network_reference: dispute, ...evidence } };
  }

  it('are told with the hold that led to them: amount, category, deadline and the fee of the contract', async () => {
    const hold = await captured();
    expect(await enquired(hold)).toEqual([]);
    const id = await raised(hold);
    const [dispute, ...more] = await enquired(hold);
    expect(more).toEqual([]);
    expect(dispute).toMatchObject({
      network_reference: id,
      status: 'open',
      amount: { amount: '10200', currency: 'USD' },
      category: 'not_received',
      reason_code: '13.1',
      fee: { amount: '1500', currency: 'USD' },
    });
    expect(Date.parse(dispute?.evidence_due_by ?? '')).toBeGreaterThan(Date.now());
  });

  it.each([
    ['won', 'won'],
    ['lost', 'lost'],
    ['canceled', 'won'],
  ] as const)('that are %s are %s', async (decision, status) => {
    const hold = await captured();
    await decide(await raised(hold), decision);
    expect((await enquired(hold)).map((one) => one.status)).toEqual([status]);
  });

  it('a hold is still one when it has been refunded and is disputed', async () => {
    const hold = await captured();
    const { networkReference } = hold;
    await card.network.refund(following(hold, 'refund', { networkReference }), within());
    await raised(hold, { category: 'credit_not_issued' });
    expect(await enquired(hold)).toHaveLength(1);
  });

  it('where they cannot be asked for, nothing is said of the hold: it is asked again', async () => {
    const hold = await captured();
    await card.simulator.control('POST', '/faults', {
      network: 'acquirer',
      operation: 'dispute',
      behaviour: 'http_500',
    });
    expect((await card.network.enquire(hold, within())).kind).toBe('UNKNOWN');
    expect((await card.network.enquire(hold, within())).kind).toBe('PROCESSED');
  });

  it('evidence is submitted once, however often it is sent, and found again by enquiry', async () => {
    const hold = await captured();
    const id = await raised(hold);
    const represent = answer(hold, 'represent', id);
    expect((await card.network.enquire(represent, within())).kind).toBe('NOT_FOUND');
    const told = await card.network.represent(represent, within());
    expect(told).toMatchObject({ kind: 'PROCESSED', networkReference: id, amount: represent.amount });
    expect(await card.network.represent({ ...represent, attempt: 2 }, within())).toEqual(told);
    expect(await card.network.enquire(represent, within())).toEqual(told);
    expect((await enquired(hold)).map(({ status }) => status)).toEqual(['under_review']);
    expect(await card.network.accept(answer(hold, 'accept', id), within())).toMatchObject({
      kind: 'DECLINED',
      reason: 'ALREADY_FINAL',
      networkCode: 'evidence_under_review',
    });
  });

  it('acceptance ends it, and evidence is too late then', async () => {
    const hold = await captured();
    const id = await raised(hold);
    const accept = answer(hold, 'accept', id);
    expect(await card.network.accept(accept, within())).toMatchObject({ kind: 'PROCESSED', networkReference: id });
    expect((await enquired(hold)).map(({ status }) => status)).toEqual(['lost']);
    expect(await card.network.represent(answer(hold, 'represent', id), within())).toMatchObject({
      kind: 'DECLINED',
      networkCode: 'accepted',
    });
  });

  it.each([
    ['evidence', 'timeout_without_executing', 'NOT_FOUND'],
    ['evidence_submit', 'timeout_after_executing', 'PROCESSED'],
    ['evidence_submit', 'close_connection', 'PROCESSED'],
  ])('evidence whose answer is lost (%s, %s) is UNKNOWN, then %s', async (operation, behaviour, kind) => {
    const hold = await captured();
    const represent = answer(hold, 'represent', await raised(hold));
    await card.simulator.control('POST', '/faults', { network: 'acquirer', operation, behaviour });
    expect((await card.network.represent(represent, within(2_000))).kind).toBe('UNKNOWN');
    expect((await card.network.enquire(represent, within())).kind).toBe(kind);
  });

  it('the acquirer’s answer says how the cardholder was authenticated, and never the cryptogram', async () => {
    const hold = await card.instruct('hold', { scheme: 'amex' });
    const held = await card.network.hold(hold, within());
    expect(held).toMatchObject({ kind: 'PROCESSED', authentication: { eci: '05', cryptogram: true } });
    const visa = await card.network.hold(await card.instruct('hold'), within());
    expect(visa).toMatchObject({ authentication: { eci: '07', cryptogram: true } });
  });

  it('a webhook about a dispute names the hold, and is verified like every other', async () => {
    const event = {
      id: 'evt_1',
      type: 'dispute_received',
      data: { id: 'dsp_1', payment_id: 'pay_1', payment_reference: 'pay_a-hold' },
    };
    const rawBody = Buffer.from(JSON.stringify(event));
    const signature = createHmac('sha256', card.webhookSecret).update(rawBody).digest('hex');
    const raw = { headers: { 'cko-signature': signature }, path: '/notifications', rawBody };
    expect(await card.network.verifyNotification(raw)).toMatchObject({
      notificationId: 'evt_1',
      instructionId: 'pay_a-hold',
      isOfDispute: true,
    });
    const headers = {
      'cko-signature': signature.replace(/./, '0') === signature ? `1${signature.slice(1)}` : `0${signature.slice(1)}`,
    };
    await expect(card.network.verifyNotification({ ...raw, headers })).rejects.toThrow();
  });
});
