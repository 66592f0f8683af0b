import type { EdgeConfig, NetworkEntry } from '../edge.config';
import type { InternalServices } from '../outbound/internal-services';
import { Networks } from './networks';
import { Quotes, type QuoteRequest } from './quotes';

const place = { service: 'wallet', url: 'http://wallet' };
const card: NetworkEntry = { id: 'card', country: 'US', currency: 'USD', ...place };
const code: NetworkEntry = {
  id: 'code',
  country: 'US',
  currency: 'USD',
  ...place,
  capabilities: { funding: { goods: 'collect' }, credit: {} },
};
const account: NetworkEntry = { id: 'account', country: 'CN', currency: 'CNY', ...place };

describe('a quote between networks with capabilities of their own', () => {
  const quote = jest.fn(async () => ({ quote_id: 'qte_1', offer: 'a.b.c', exp: 1 }));
  const config = { networks: [card, code, account] } as EdgeConfig;
  const quotes = new Quotes(new Networks(config), { quote } as unknown as InternalServices);
  const request: QuoteRequest = {
    source_network: 'code',
    target_network: 'account',
    fixed_side: 'source',
    amount: { amount: '5000', currency: 'USD' },
    purpose: 'goods',
  };
  beforeEach(() => quote.mockClear());

  it('is asked for where the payer can pay so and the payee be paid', async () => {
    await expect(quotes.create('prt_1', request)).resolves.toMatchObject({ id: 'qte_1' });
  });

  it('is refused, unpriced, where nobody can pay for that purpose', async () => {
    await expect(quotes.create('prt_1', { ...request, purpose: 'person_to_person' })).rejects.toMatchObject({
      details: { code: 'NO_COMMON_CAPABILITY', param: 'source_network' },
    });
    expect(quote).not.toHaveBeenCalled();
  });

  it('is refused, unpriced, where nobody can be paid', async () => {
    const toCode = {
      ...request,
      source_network: 'account',
      target_network: 'code',
      amount: { amount: '5000', currency: 'CNY' },
    };
    await expect(quotes.create('prt_1', toCode)).rejects.toMatchObject({
      details: { code: 'NO_COMMON_CAPABILITY', param: 'target_network' },
    });
    expect(quote).not.toHaveBeenCalled();
  });

  it('is left to the instruments where a network says nothing', async () => {
    const fromCard = { ...request, source_network: 'card', purpose: 'person_to_person' as const };
    await expect(quotes.create('prt_1', fromCard)).resolves.toMatchObject({ id: 'qte_1' });
  });
});
