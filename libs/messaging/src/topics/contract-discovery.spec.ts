import { allContracts, networkContracts } from './contract-discovery';

describe('the topics of an installation', () => {
  it('are found by pattern, once per network and service, with no list to edit', () => {
    const topics = allContracts({ network: ['applepay', 'other'], service: ['routing'] }).map(({ topic }) => topic);
    expect(topics).toEqual(
      expect.arrayContaining([
        'audit.routing.v1',
        'fx.key.events.v1',
        'payments.payment.events.v1',
        'wallet.applepay.commands.v1',
        'wallet.other.events.v1',
      ]),
    );
    expect(new Set(topics).size).toBe(topics.length);
  });

  it('of networks alone', () => {
    expect(networkContracts(['alipay']).map(({ topic }) => topic)).toEqual([
      'wallet.alipay.commands.v1',
      'wallet.alipay.events.v1',
    ]);
  });
});
