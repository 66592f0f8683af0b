import { createHash } from 'node:crypto';
import { publishedTokens } from '../../testing/published-tokens';
import { assertConfirmed, assertNotExpired } from './payment-check';
import { readPaymentData, type PaymentData } from './payment-data';
import { TokenRefused } from './token-refusal';

const CRYPTOGRAM = Buffer.alloc(20, 7).toString('base64');
const GOOD = {
  applicationPrimaryAccountNumber: '4761730000000001',
  applicationExpirationDate: '281130',
  currencyCode: '840',
  transactionAmount: 10200,
  deviceManufacturerIdentifier: '040010030273',
  paymentDataType: '3DSecure',
  paymentData: { onlinePaymentCryptogram: CRYPTOGRAM, eciIndicator: '7' },
};
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function read(change: object = {}, submerchants: string[] = []): PaymentData {
  return readPaymentData(Buffer.from(JSON.stringify({ ...GOOD, ...change })), submerchants);
}
function refusal(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    if (error instanceof TokenRefused) return error.code;
    throw error;
  }
}

describe('decrypted payment data', () => {
  const real = publishedTokens.missing === null ? it.each(publishedTokens.tokens) : it.skip.each([{ name: 'a token' }]);
  const because = publishedTokens.missing === null ? '' : ` (skipped: ${publishedTokens.missing})`;

  real(`of the published token $name is read${because}`, (published) => {
    const { expected } = published as (typeof publishedTokens.tokens)[number];
    const data = readPaymentData(Buffer.from(expected.plaintextUtf8));
    expect(data).toMatchObject({
      number: expected.payload['applicationPrimaryAccountNumber'],
      amountMinor: 100n,
      currency: '840',
      eci: '7',
      merchantToken: null,
    });
    assertConfirmed(data, { amount: '100', currency: 'USD' });
    assertNotExpired(data, Date.parse(expected.signature.cmsSigningTime));
  });

  it('is read with and without an ECI, with a 40-byte cryptogram, and with unknown fields', () => {
    expect(read()).toEqual({
      number: '4761730000000001',
      expiry: { year: 2028, month: 11, day: 30 },
      currency: '840',
      amountMinor: 10200n,
      cryptogram: CRYPTOGRAM,
      eci: '7',
      merchantToken: null,
    });
    expect(read({ paymentData: { onlinePaymentCryptogram: CRYPTOGRAM }, more: 1 }).eci).toBeNull();
    const long = Buffer.alloc(40, 1).toString('base64');
    expect(read({ paymentData: { onlinePaymentCryptogram: long } }).cryptogram).toBe(long);
  });

  it('of a merchant token carries its identifier, whatever its metadata are', () => {
    const metadata = { cardMetadata: { expirationDate: '12/29' }, cardArt: [] };
    const token = { merchantTokenIdentifier: 'DNITHE302211', merchantTokenMetadata: metadata };
    expect(read(token).merchantToken).toBe('DNITHE302211');
    expect(read({ merchantTokenIdentifier: 'DNITHE302211' }).merchantToken).toBe('DNITHE302211');
    expect(refusal(() => read({ merchantTokenIdentifier: 7 }))).toBe('PAYMENT_DATA_MALFORMED');
    expect(refusal(() => read({ ...token, merchantTokenMetadata: 'x' }))).toBe('PAYMENT_DATA_MALFORMED');
  });

  it('case 55: without a cryptogram is refused', () => {
    expect(refusal(() => read({ paymentData: {} }))).toBe('CRYPTOGRAM_MISSING');
    expect(refusal(() => read({ paymentData: { onlinePaymentCryptogram: '' } }))).toBe('CRYPTOGRAM_MISSING');
    expect(refusal(() => read({ paymentData: undefined }))).toBe('CRYPTOGRAM_MISSING');
  });

  it('with a PIN block is refused as such, EMV without one as a type that is not taken', () => {
    const emv = { paymentDataType: 'EMV', paymentData: { emvData: 'nyYI', encryptedPINData: 'FFFF' } };
    expect(refusal(() => read(emv))).toBe('PIN_BLOCK_REFUSED');
    expect(refusal(() => read({ ...emv, paymentData: { emvData: 'nyYI' } }))).toBe('PAYMENT_DATA_TYPE_UNSUPPORTED');
    expect(refusal(() => read({ paymentDataType: undefined }))).toBe('PAYMENT_DATA_TYPE_UNSUPPORTED');
  });

  it.each([
    { applicationPrimaryAccountNumber: '4761 7300 0000 0001' },
    { applicationPrimaryAccountNumber: 4761730000000001 },
    { applicationExpirationDate: '281330' },
    { applicationExpirationDate: '20281130' },
    { currencyCode: 840 },
    { currencyCode: 'USD' },
    { transactionAmount: 1.5 },
    { transactionAmount: -1 },
    { transactionAmount: 9007199254740993 },
    { transactionAmount: '1e3' },
    { paymentData: { onlinePaymentCryptogram: 'not base64!' } },
    { paymentData: { onlinePaymentCryptogram: CRYPTOGRAM, eciIndicator: 'x' } },
  ])('with %j is refused as malformed', (change) => {
    expect(refusal(() => read(change))).toBe('PAYMENT_DATA_MALFORMED');
  });

  it.each([Buffer.from('{'), Buffer.from([0xff, 0xfe]), Buffer.alloc(0)])('that is no JSON is refused', (bytes) => {
    expect(refusal(() => readPaymentData(bytes))).toBe('PAYMENT_DATA_MALFORMED');
  });

  describe('of a payment to several merchants', () => {
    const part = { authenticationData: Buffer.alloc(20, 9).toString('base64'), transactionAmount: '250' };
    const responses = [
      { merchantIdentifier: 'other', authenticationData: CRYPTOGRAM, transactionAmount: '9950' },
      { merchantIdentifier: 'hotel', ...part },
    ];
    const several = { authenticationResponses: responses };

    it('gives our part: its amount and its cryptogram', () => {
      expect(read(several, ['hotel'])).toMatchObject({ amountMinor: 250n, cryptogram: part.authenticationData });
    });
    it('knows us by the hash of our name as well, in either case', () => {
      const hashed = [responses[0], { merchantIdentifier: sha256('hotel').toUpperCase(), ...part }];
      expect(read({ authenticationResponses: hashed }, ['hotel']).amountMinor).toBe(250n);
    });
    it('is refused where no response, or more than one, is ours', () => {
      expect(refusal(() => read(several, ['flight']))).toBe('SUBMERCHANT_UNKNOWN');
      const twice = { authenticationResponses: [responses[1], responses[1]] };
      expect(refusal(() => read(twice, ['hotel']))).toBe('SUBMERCHANT_UNKNOWN');
    });
    it('is refused where our response has no cryptogram', () => {
      const empty = [{ merchantIdentifier: 'hotel', transactionAmount: '250' }];
      expect(refusal(() => read({ authenticationResponses: empty }, ['hotel']))).toBe('CRYPTOGRAM_MISSING');
    });
    it('is read as the whole where we take part under no name of our own', () => {
      expect(read(several)).toMatchObject({ amountMinor: 10200n, cryptogram: CRYPTOGRAM });
    });
  });
});

describe('payment data against the payment', () => {
  it('case 54: another amount or currency than the payer confirmed is refused', () => {
    const data = read();
    expect(refusal(() => assertConfirmed(data, { amount: '10200', currency: 'USD' }))).toBe('accepted');
    expect(refusal(() => assertConfirmed(data, { amount: '10201', currency: 'USD' }))).toBe('AMOUNT_MISMATCH');
    expect(refusal(() => assertConfirmed(data, { amount: '10200', currency: 'CNY' }))).toBe('CURRENCY_MISMATCH');
    const yuan = read({ currencyCode: '156' });
    expect(refusal(() => assertConfirmed(yuan, { amount: '10200', currency: 'USD' }))).toBe('CURRENCY_MISMATCH');
    expect(refusal(() => assertConfirmed(data, { amount: '10200', currency: 'toString' }))).toBe('CURRENCY_MISMATCH');
  });

  it('case 55: a card is good until its last day is over everywhere', () => {
    const data = read({ applicationExpirationDate: '281130' });
    expect(refusal(() => assertNotExpired(data, Date.parse('2028-12-01T11:59:59Z')))).toBe('accepted');
    expect(refusal(() => assertNotExpired(data, Date.parse('2028-12-01T12:00:00Z')))).toBe('APPLICATION_EXPIRED');
  });
});
