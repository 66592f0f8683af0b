import { createHash } from 'node:crypto';
import { IntakeRefused, type IntakeResult, type Instruction, type Outcome } from '@gateway/wallet-network';
import { CardSide, following, within } from './card-side';
import { eventually } from '../simulator/running-simulator';

jest.setTimeout(120_000);

const OURS = { decrypted_by: 'gateway' };
const USD = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'USD' });

describe('a merchant whose tokens the gateway decrypts', () => {
  let card: CardSide;

  beforeAll(async () => {
    card = await CardSide.start(({ merchants }) => {
      for (const merchant of merchants) merchant.submerchants = ['hotel.example'];
      for (const merchant of merchants) if (merchant.profile === 'acquirer_decrypts') merchant.partners = ['prt_other'];
    });
  });
  afterAll(() => card?.stop());
  afterEach(async () => {
    await card.simulator.control('DELETE', '/faults');
  });

  const take = (use: 'pay' | 'be_paid', wish: object = {}): Promise<IntakeResult> =>
    card.take(use, { ...OURS, ...wish });
  const refusal = async (wish: object): Promise<string> => {
    const error: unknown = await take('pay', wish).then(
      () => 'accepted',
      (reason: unknown) => reason,
    );
    if (!(error instanceof IntakeRefused)) throw error;
    expect(error).toMatchObject({ code: 'INVALID_TOKEN', param: 'token.paymentData.data', status: 422 });
    return error.detail.split(':')[0] ?? '';
  };
  const referenceOf = (outcome: Outcome): string => {
    if (outcome.kind !== 'PROCESSED') throw new Error(`not processed: ${JSON.stringify(outcome)}`);
    return outcome.networkReference;
  };
  const operations = async (reference: string): Promise<string[]> =>
    (await card.simulator.movements(reference)).map(({ operation }) => operation);

  const faultsUsed = async (): Promise<number> => {
    const { faults: rules } = await card.simulator.control<{ faults: { used: number }[] }>('GET', '/faults');
    return rules.reduce((sum, { used }) => sum + used, 0);
  };

  it.each([
    ['visa', 'current'],
    ['mastercard', 'former'],
    ['amex', 'rsa'],
  ])('takes a %s token for its %s key: it pays the confirmed amount and no other', async (scheme, key) => {
    const taken = await take('pay', { scheme, key });
    expect(taken.capabilities).toMatchObject({ scheme, minimum_minor: '10200', maximum_minor: '10200' });
    expect(taken.label).toMatch(/^(Visa|Mastercard|Amex) •••• [0-9]{4}$/);
    expect(Object.keys(taken.secret)).toEqual(['encrypted_token']);
    expect(Date.parse(taken.expires_at ?? '') - Date.now()).toBeGreaterThan(14 * 60_000);
  });

  it('holds with the network token, repeats the same bytes, and captures', async () => {
    const hold = await card.instruct('hold', OURS);
    const held = await card.network.hold(hold, within());
    expect(held).toMatchObject({ kind: 'PROCESSED', amount: USD('10200'), counterparty: 'visa' });
    expect(await card.network.hold({ ...hold, attempt: 2 }, within())).toEqual(held);
    expect(await card.network.enquire(hold, within())).toEqual(held);
    const capture = following(hold, 'capture', { networkReference: referenceOf(held) });
    expect(await card.network.capture(capture, within())).toMatchObject({ kind: 'PROCESSED' });
    expect(await operations(hold.instructionId)).toEqual(['authorize']);
    expect(await operations(capture.instructionId)).toEqual(['capture']);
  });

  it.each([
    ['collect', 'visa', 'account_funding'],
    ['credit', 'mastercard', 'payout'],
  ] as const)('%s is made with the network token of a %s card', async (step, scheme, operation) => {
    const instruction = await card.instruct(step, { ...OURS, scheme });
    expect(await card.network[step](instruction, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('10200') });
    expect(await operations(instruction.instructionId)).toEqual([operation]);
  });

  it('case 54: another amount than the payer confirmed is never sent', async () => {
    for (const step of ['hold', 'collect', 'credit'] as const) {
      const instruction: Instruction = { ...(await card.instruct(step, OURS)), amount: USD('10201') };
      expect(await card.network[step](instruction, within())).toEqual({
        kind: 'DECLINED',
        reason: 'INSTRUMENT_INVALID',
        networkCode: 'AMOUNT_MISMATCH',
      });
      expect(await card.network[step]({ ...instruction, attempt: 2 }, within())).toEqual({
        kind: 'UNKNOWN',
        networkCode: 'AMOUNT_MISMATCH',
      });
      expect(await operations(instruction.instructionId)).toEqual([]);
    }
  });

  it('case 54: a token in another currency is refused at its intake', async () => {
    expect(await refusal({ currency: 'CNY' })).toBe('CURRENCY_MISMATCH');
  });

  it('an amount that the network does not take at all is refused at its intake', async () => {
    await expect(take('pay', { amount: '1000001' })).rejects.toMatchObject({ code: 'AMOUNT_OUT_OF_RANGE' });
  });

  it('case 55: an expired card and a token without cryptogram are refused', async () => {
    expect(await refusal({ payment_data: { applicationExpirationDate: '251031' } })).toBe('APPLICATION_EXPIRED');
    expect(await refusal({ payment_data: { paymentData: {} } })).toBe('CRYPTOGRAM_MISSING');
    expect(await refusal({ payment_data: { paymentData: { eciIndicator: '7' } } })).toBe('CRYPTOGRAM_MISSING');
  });

  it('a PIN block is refused by name, chip data without one as a type that is not taken', async () => {
    const emv = (paymentData: object): object => ({
      payment_data: { paymentDataType: 'EMV', paymentData },
      key: 'rsa',
    });
    expect(await refusal(emv({ emvData: 'nyYI', encryptedPINData: 'FFFF' }))).toBe('PIN_BLOCK_REFUSED');
    expect(await refusal(emv({ emvData: 'nyYI' }))).toBe('PAYMENT_DATA_TYPE_UNSUPPORTED');
  });

  it('a token that its key does not open is refused', async () => {
    expect(await refusal({ broken: 'undecryptable' })).toBe('DECRYPTION_FAILED');
  });

  it('of a payment to several merchants our part is taken, of another no part', async () => {
    const part = (merchantIdentifier: string): object => ({
      payment_data: {
        authenticationResponses: [
          { merchantIdentifier, authenticationData: Buffer.alloc(20, 9).toString('base64'), transactionAmount: '250' },
        ],
      },
    });
    const hashed = createHash('sha256').update('hotel.example').digest('hex');
    for (const name of ['hotel.example', hashed])
      expect((await take('pay', part(name))).capabilities).toMatchObject({
        minimum_minor: '250',
        maximum_minor: '250',
      });
    expect(await refusal(part('flight.example'))).toBe('SUBMERCHANT_UNKNOWN');
  });

  it('a token for a merchant that the partner does not act for is refused', async () => {
    await expect(card.take('pay')).rejects.toMatchObject({
      code: 'INVALID_TOKEN',
      param: 'token.paymentData.header.publicKeyHash',
      detail: expect.stringMatching(/^MERCHANT_NOT_YOURS: /) as string,
    });
  });

  it('a merchant token pays like any other', async () => {
    const merchantToken = { merchantTokenIdentifier: 'DNITHE302211', merchantTokenMetadata: { cardArt: [] } };
    expect((await take('pay', { payment_data: merchantToken })).capabilities.funding).toBeDefined();
  });

  it('declines, limits of payouts and an acquirer that fails are told as they are for exchanged tokens', async () => {
    const hold = await card.instruct('hold', { ...OURS, outcome: 'insufficient_funds' });
    expect(await card.network.hold(hold, within())).toMatchObject({ kind: 'DECLINED', reason: 'INSUFFICIENT_FUNDS' });
    for (const wish of [{ scheme: 'amex' }, { outcome: 'payout_not_eligible' }])
      await expect(take('be_paid', wish)).rejects.toMatchObject({ code: 'NO_COMMON_CAPABILITY' });
    await card.simulator.fault({ network: 'acquirer', operation: 'metadata', match: 'next', behaviour: 'http_500' });
    await expect(take('pay')).rejects.toMatchObject({ code: 'ACQUIRER_UNAVAILABLE', status: 503 });
  });

  it('a hold that was executed without an answer is UNKNOWN, and found again by its reference', async () => {
    const hold = await card.instruct('hold', { ...OURS, outcome: 'hold_timeout_executed' });
    expect(await card.network.hold(hold, within(2_000))).toMatchObject({ kind: 'UNKNOWN' });
    expect(await card.network.enquire(hold, within())).toMatchObject({ kind: 'PROCESSED', amount: USD('10200') });
    expect(await operations(hold.instructionId)).toEqual(['authorize']);
  });

  it('a process that is killed makes what it was asked UNKNOWN, and the next question starts another one', async () => {
    const hold = await card.instruct('hold', OURS);
    const behaviour = 'timeout_without_executing';
    await card.simulator.fault({ network: 'acquirer', operation: 'authorize', match: hold.instructionId, behaviour });
    const { pid } = card.clients.decryption;
    const asked = card.network.hold(hold, within(60_000));
    await eventually(async () => ((await faultsUsed()) > 0 ? true : undefined));
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await asked).toEqual({ kind: 'UNKNOWN', networkCode: 'DECRYPTION_ENDED' });
    const again = await eventually(async () => {
      const outcome = await card.network.hold({ ...hold, attempt: 2 }, within(20_000));
      return outcome.kind === 'NOT_SUBMITTED' ? undefined : outcome;
    });
    expect(again).toMatchObject({ kind: 'PROCESSED' });
    expect(card.clients.decryption.pid).not.toBe(pid);
    expect(await operations(hold.instructionId)).toEqual(['authorize']);
  });
});
