import { IntakeRefused } from '@gateway/wallet-network';
import { QrpayIntake } from './qrpay.intake';

const intake = new QrpayIntake();
const take = (data: Record<string, unknown>, use: 'pay' | 'be_paid' = 'pay'): ReturnType<QrpayIntake['take']> =>
  intake.take({ partner_id: 'prt_1', use, data });
const CODE = '510000123456789012';

describe('QRPay instruments', () => {
  it('a shown code is single use, under a hash of the code, for goods and services', async () => {
    const { capabilities, uniqueKey, label } = await take({ payer_code: CODE });
    expect(capabilities).toMatchObject({ single_use: true, currency: 'USD', network: 'qrpay' });
    expect(capabilities.funding).toEqual({ goods: 'collect', services: 'collect' });
    expect(uniqueKey).toMatch(/^[0-9a-f]{64}$/);
    expect(label).not.toContain(CODE);
  });

  it('a payer who scans is known by nothing yet', async () => {
    expect((await take({ payer: { mode: 'scan' } })).secret).toEqual({ mode: 'scan' });
  });

  it('nobody can be paid on it', async () => {
    const refusal: unknown = await take({ account: '1' }, 'be_paid').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(IntakeRefused);
    expect(refusal).toMatchObject({ code: 'NO_COMMON_CAPABILITY', param: 'use', status: 422 });
  });

  it.each([
    [{}, 'payer_code'],
    [{ payer_code: CODE, payer: { mode: 'scan' } }, 'payer_code'],
    [{ payer_code: Number(CODE) }, 'payer_code'],
    [{ payer_code: '281234567890123456' }, 'payer_code'],
    [{ payer: 'scan' }, 'payer.mode'],
    [{ payer: { mode: 'nfc' } }, 'payer.mode'],
    [{ payer: { mode: 'scan', extra: 1 } }, 'payer.extra'],
    [{ token: {} }, 'token'],
  ])('refuses %j and names the field', async (data, param) => {
    await expect(take(data)).rejects.toMatchObject({ code: 'INVALID_INSTRUMENT', param });
  });
});
