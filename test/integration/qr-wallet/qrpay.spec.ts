import { MemoryRuntime, wayBack } from '@gateway-testing/wallet-network';
import type { Instruction, Outcome } from '@gateway/wallet-network';
import { payerCode, QrpaySide } from './qrpay-side';

jest.setTimeout(180_000);
const MINUTE_MS = 60_000;

describe('QRPay, over the wire', () => {
  let qrpay: QrpaySide;
  let runtime: MemoryRuntime;
  const inTime = (): AbortSignal => AbortSignal.timeout(30_000);
  const collect = (instruction: Instruction): Promise<Outcome> => qrpay.network.collect(instruction, inTime());
  const operations = async (reference: string): Promise<string[]> =>
    (await qrpay.movements(reference)).map(({ operation }) => operation);
  const scanned = (): Instruction => qrpay.instruct({ mode: 'scan' });

  beforeAll(async () => {
    qrpay = await QrpaySide.start();
  }, 60_000);
  beforeEach(async () => {
    await qrpay.travel(0);
    let aheadMs = 0;
    runtime = new MemoryRuntime(qrpay.network, 2_000, (ms) => qrpay.travel((aheadMs += ms)));
  });
  afterAll(() => qrpay?.stop());

  it('an order that the payer scans waits with its code, and is paid when they confirm', async () => {
    const instruction = scanned();
    expect(await collect(instruction)).toMatchObject({
      kind: 'PENDING',
      nextAction: { type: 'scan_code', value: expect.stringContaining('https://qrpay.example/o/') as string },
    });
    expect(await operations(instruction.instructionId)).toEqual([]);
    await qrpay.control('POST', `/orders/${instruction.instructionId}/confirm`, {});
    expect(await qrpay.network.enquire(instruction, inTime())).toMatchObject({
      kind: 'PROCESSED',
      amount: instruction.amount,
      counterparty: 'qrpay',
    });
    const notification = await qrpay.notificationOf(instruction.instructionId);
    expect((await qrpay.network.verifyNotification(notification)).instructionId).toBe(instruction.instructionId);
  });

  it('an order that the payer refuses, or leaves until it ends, is a certain no', async () => {
    const refused = scanned();
    await collect(refused);
    await qrpay.control('POST', `/orders/${refused.instructionId}/confirm`, { answer: 'refuse' });
    expect(await qrpay.network.enquire(refused, inTime())).toMatchObject({
      kind: 'DECLINED',
      reason: 'PAYER_CANCELLED',
    });
    const left = scanned();
    await collect(left);
    await qrpay.travel(10 * MINUTE_MS);
    expect(await qrpay.network.enquire(left, inTime())).toMatchObject({
      kind: 'DECLINED',
      reason: 'PAYER_DID_NOT_CONFIRM',
    });
  });

  it('nobody scans: the plan ends with a cancel, and a payer who comes later pays nothing', async () => {
    const instruction = scanned();
    const played = await runtime.play(instruction);
    expect(played.told.at(-1)?.outcome).toBe('DECLINED');
    await expect(qrpay.control('POST', `/orders/${instruction.instructionId}/confirm`, {})).rejects.toThrow('404');
    expect(await operations(instruction.paymentId)).toEqual([]);
  });

  it.each([
    ['0051', 'INSUFFICIENT_FUNDS'],
    ['0054', 'INSTRUMENT_EXPIRED'],
    ['0057', 'INSTRUMENT_INVALID'],
    ['0059', 'SUSPECTED_FRAUD'],
    ['0061', 'LIMIT_EXCEEDED'],
  ])('a shown code of an account with %s is declined as %s', async (marker, reason) => {
    const instruction = qrpay.instruct({ mode: 'shown', payer_code: payerCode(marker) });
    expect(await collect(instruction)).toMatchObject({ kind: 'DECLINED', reason });
  });

  it('a shown code whose account asks the payer first is confirmed in the app', async () => {
    const instruction = qrpay.instruct({ mode: 'shown', payer_code: payerCode('0075') });
    expect(await collect(instruction)).toMatchObject({ kind: 'PENDING', nextAction: { type: 'confirm_in_app' } });
    await qrpay.control('POST', `/orders/${instruction.instructionId}/confirm`, {});
    expect((await qrpay.network.enquire(instruction, inTime())).kind).toBe('PROCESSED');
  });

  it('the way back is a cancel within half an hour, and a refund after it', async () => {
    const soon = await runtime.play(qrpay.instruct());
    expect((await runtime.play(wayBack(soon, 'release'))).told.at(-1)?.outcome).toBe('PROCESSED');
    expect(await operations(soon.instruction.paymentId)).toEqual(['pay', 'cancel']);
    const late = await runtime.play(qrpay.instruct());
    await runtime.advance(30 * MINUTE_MS);
    expect((await runtime.play(wayBack(late, 'release'))).told.at(-1)?.outcome).toBe('PROCESSED');
    expect(await operations(late.instruction.paymentId)).toEqual(['pay', 'refund']);
  });

  it('a cancel that comes too late by the clock of QRPay becomes a refund under the same id', async () => {
    const paid = await runtime.play(qrpay.instruct());
    const release = wayBack(paid, 'release');
    await qrpay.control('POST', '/clock', { offset_ms: 31 * MINUTE_MS });
    expect(await qrpay.network.release(release, inTime())).toMatchObject({ kind: 'PROCESSED' });
    expect(await operations(paid.instruction.paymentId)).toEqual(['pay', 'refund']);
  });

  it.each(['timeout_after_executing', 'http_500_after_executing', 'unsigned_answer'])(
    'a cancel with %s is found again by its order, once',
    async (behaviour) => {
      const paid = await runtime.play(qrpay.instruct());
      const release = wayBack(paid, 'release');
      await qrpay.fault('cancel', release.instructionId, behaviour);
      const played = await runtime.play(release);
      expect(played.told.map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'PROCESSED']);
      expect(await operations(paid.instruction.paymentId)).toEqual(['pay', 'cancel']);
    },
  );

  it('refunds in parts are together at most what was paid', async () => {
    const paid = await runtime.play(qrpay.instruct());
    const part = (name: string, amount: string): Instruction => ({
      ...wayBack(paid, 'refund', `${paid.instruction.paymentId}-${name}`),
      amount: { amount, currency: 'USD' },
    });
    expect(await qrpay.network.refund(part('r1', '5000'), inTime())).toMatchObject({ kind: 'PROCESSED' });
    expect(await qrpay.network.refund(part('r2', '101'), inTime())).toMatchObject({
      kind: 'DECLINED',
      networkCode: 'MORE_THAN_PAID',
    });
    expect(await qrpay.network.refund(part('r3', '100'), inTime())).toMatchObject({ kind: 'PROCESSED' });
  });

  it('another amount than asked is told as the confirmed amount, which becomes a conflict', async () => {
    const instruction = qrpay.instruct();
    await qrpay.fault('order', instruction.instructionId, 'other_amount');
    expect(await collect(instruction)).toMatchObject({ kind: 'PROCESSED', amount: { amount: '2550' } });
  });

  it('a busy QRPay has not taken the order: NOT_SUBMITTED, and the same id goes through later', async () => {
    const instruction = qrpay.instruct();
    await qrpay.fault('order', instruction.instructionId, 'busy');
    const played = await runtime.play(instruction);
    expect(played.told.at(-1)?.outcome).toBe('PROCESSED');
    expect(await operations(instruction.instructionId)).toEqual(['pay']);
  });

  it('a changed order under the same id is refused, and that is no certain no', async () => {
    const instruction = qrpay.instruct();
    await collect(instruction);
    const changed = { ...instruction, amount: { amount: '5101', currency: 'USD' } };
    expect(await collect(changed)).toEqual({ kind: 'UNKNOWN', networkCode: 'ORDER_MISMATCH' });
    expect(await operations(instruction.instructionId)).toEqual(['pay']);
  });

  it("the simulator takes nothing without the merchant's signature, and its refusal proves nothing", async () => {
    const answer = await fetch(`${qrpay.url}/qrpay/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'qrpay-merchant': qrpay.credentials.merchant_id },
      body: JSON.stringify({ order_id: 'forged' }),
    });
    expect([answer.status, answer.headers.get('qrpay-signature')]).toEqual([401, null]);
  });
});
