import { IntakeRefused, type IntakeRequest } from '@gateway/wallet-network';
import { AlipayIntake } from './alipay.intake';

const intake = new AlipayIntake();
const take = (use: 'pay' | 'be_paid', data: Record<string, unknown>): ReturnType<AlipayIntake['take']> =>
  intake.take({ partner_id: 'prt_1', use, data } satisfies IntakeRequest);
const account = { identity: 'payee@example.com', identity_type: 'ALIPAY_LOGON_ID', name: 'Wei Example' };

async function refusedField(use: 'pay' | 'be_paid', data: Record<string, unknown>): Promise<string> {
  const refusal: unknown = await take(use, data).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(IntakeRefused);
  return (refusal as IntakeRefused).param;
}

describe('Alipay instruments', () => {
  it('a payment code is single use, under a hash of the code', async () => {
    const result = await take('pay', { payment_code: '281234567890123456' });
    expect(result.capabilities).toMatchObject({ single_use: true, funding: { goods: 'collect' }, currency: 'CNY' });
    expect(result.uniqueKey).toMatch(/^[0-9a-f]{64}$/);
    expect(result.label).not.toContain('2812');
  });

  it('an order is confirmed in the app, or by a code that the payer scans', async () => {
    for (const mode of ['in_app', 'order_code']) {
      const { secret, capabilities } = await take('pay', { payer: { mode } });
      expect([secret, capabilities.single_use]).toEqual([{ mode }, false]);
    }
  });

  it('an account can be credited and shows only a masked identity', async () => {
    const result = await take('be_paid', { account });
    expect(result.label).toBe('Alipay p***@example.com');
    expect(result.capabilities.credit?.goods).toBe(true);
  });

  it.each([
    ['pay', {}, 'payment_code'],
    ['pay', { payment_code: '281234567890123456', payer: { mode: 'in_app' } }, 'payment_code'],
    ['pay', { payment_code: 281234567890 }, 'payment_code'],
    ['pay', { payment_code: '991234567890123456' }, 'payment_code'],
    ['pay', { payer: { mode: 'fax' } }, 'payer.mode'],
    ['pay', { payer: { mode: 'constructor' } }, 'payer.mode'],
    ['pay', { payer: { mode: 'in_app', extra: 1 } }, 'payer.extra'],
    ['pay', { token: 'x' }, 'token'],
    ['be_paid', {}, 'account'],
    ['be_paid', { account: { ...account, identity_type: 'PHONE' } }, 'account.identity_type'],
    ['be_paid', { account: { ...account, identity: 'not an address' } }, 'account.identity'],
    ['be_paid', { account: { ...account, identity: 'a\u0000b@example.com' } }, 'account.identity'],
    ['be_paid', { account: { ...account, name: '  ' } }, 'account.name'],
    ['be_paid', { account: { ...account, name: 'Wei\u202Eelpmaxe' } }, 'account.name'],
    ['be_paid', { account: { ...account, pin: '1' } }, 'account.pin'],
  ] as const)('%s with %j is refused and names the field %s', async (use, data, field) => {
    expect(await refusedField(use, data as Record<string, unknown>)).toBe(field);
  });
});
