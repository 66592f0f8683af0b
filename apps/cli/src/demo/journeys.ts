import type { Wallets } from './wallets';
import type { WireAmount } from './partner-api';

/** One payment of the demo: who pays whom, with what, and how much. */
export interface Journey {
  readonly direction: 'us_to_china' | 'china_to_us';
  readonly title: string;
  readonly sourceNetwork: string;
  readonly targetNetwork: string;
  readonly fixedSide: 'source' | 'target';
  readonly amount: WireAmount;
  readonly bopCode: string;
  readonly payer: object;
  readonly payee: object;
  /** What the payer's and the payee's wallet hand over. */
  readonly payWith: (wallets: Wallets, total: WireAmount) => Promise<object>;
  readonly bePaidOn: (wallets: Wallets, amount: WireAmount) => Promise<object>;
}

/** Balance-of-payments code for goods bought across the border. */
const GOODS = '121010';

const american = { type: 'individual', name: 'Dana Whitfield', country: 'US', date_of_birth: '1990-01-31' };
const chinese = { type: 'individual', name: 'Wang Xiaoming', country: 'CN', date_of_birth: '1988-08-08' };

export const JOURNEYS: readonly Journey[] = [
  {
    direction: 'us_to_china',
    title: 'From Apple Pay to Alipay',
    sourceNetwork: 'applepay',
    targetNetwork: 'alipay',
    fixedSide: 'source',
    amount: { amount: '10000', currency: 'USD' },
    bopCode: GOODS,
    payer: { role: 'payer', ...american },
    payee: { role: 'payee', ...chinese },
    payWith: async (wallets, total) => ({ token: await wallets.applePayToken(total) }),
    bePaidOn: async () => ({
      account: { identity: 'wang.xiaoming@example.com', identity_type: 'ALIPAY_LOGON_ID', name: chinese.name },
    }),
  },
  {
    direction: 'china_to_us',
    title: 'From Alipay to Apple Pay',
    sourceNetwork: 'alipay',
    targetNetwork: 'applepay',
    fixedSide: 'target',
    amount: { amount: '5000', currency: 'USD' },
    bopCode: GOODS,
    payer: { role: 'payer', ...chinese },
    payee: { role: 'payee', ...american },
    payWith: async (wallets) => ({ payment_code: wallets.alipayPaymentCode() }),
    bePaidOn: async (wallets, amount) => ({ token: await wallets.applePayToken(amount) }),
  },
];
