import { namesOf } from './service-databases';

describe("a service's database", () => {
  it('has an owner and a runtime role named after it', () => {
    expect(namesOf('us-wallet')).toEqual({ database: 'us_wallet', owner: 'us_wallet_owner', runtime: 'us_wallet_app' });
  });

  it('carries the prefix of the installation', () => {
    expect(namesOf('routing', 't12_').database).toBe('t12_routing');
  });

  it('refuses a name that would need quoting', () => {
    expect(() => namesOf('a"b')).toThrow();
  });
});
