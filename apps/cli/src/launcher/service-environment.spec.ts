import { environmentOf, type SharedSettings } from './service-environment';
import { portVariableOf, type ServiceManifest } from './service-manifest';

const wallet: ServiceManifest = {
  name: 'us-wallet',
  port: 7081,
  database: 'us_wallet',
  network: { id: 'applepay', country: 'US', currency: 'USD', accounts: { receivable: '1100' } },
};
const routing: ServiceManifest = { name: 'routing', port: 7080, database: 'routing' };
const shared: SharedSettings = {
  services: [routing, wallet],
  kafkaBrokers: ['127.0.0.1:7092'],
  topicPrefix: '',
  internalToken: 'token',
  simulatorControlToken: 'control',
  sealKeyOf: (service) => `seal-${service}`,
  databaseUrlOf: (service) => `postgres://${service}`,
  operatorVariables: { OPERATOR_ISSUER: 'https://people' },
  inherited: { LOG_LEVEL: 'debug', DATABASE_URL: 'postgres://administrator', PATH: '/bin' },
};

describe('what a service is told', () => {
  it('gets its own database and never the address of the administrator', () => {
    expect(environmentOf(wallet, shared).DATABASE_URL).toBe('postgres://us-wallet');
  });

  it('learns every wallet network from their descriptions', () => {
    const networks = JSON.parse(environmentOf(routing, shared).WALLET_NETWORKS ?? '') as object[];
    expect(networks).toEqual([{ service: 'us-wallet', url: 'http://127.0.0.1:7081', ...wallet.network }]);
  });

  it('has a seal key that no other service has', () => {
    expect(environmentOf(wallet, shared).SEAL_KEY).not.toBe(environmentOf(routing, shared).SEAL_KEY);
  });

  it('inherits settings that the launcher does not decide', () => {
    expect(environmentOf(wallet, shared)).toMatchObject({
      LOG_LEVEL: 'debug',
      PATH: '/bin',
      ENQUIRY_PROFILE: 'normal',
    });
  });

  it('can be moved to another port by a variable named after it', () => {
    expect(portVariableOf('us-wallet')).toBe('GATEWAY_US_WALLET_PORT');
  });
});
