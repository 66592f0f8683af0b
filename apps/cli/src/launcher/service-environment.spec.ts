import { BY_NAME, environmentOf, neighboursOf, type SharedSettings } from './service-environment';
import { portVariableOf, type ServiceManifest } from './service-manifest';

const wallet: ServiceManifest = {
  name: 'us-wallet',
  folder: 'apps/us-wallet',
  port: 7081,
  database: 'us_wallet',
  network: { id: 'applepay', country: 'US', currency: 'USD', accounts: { receivable: '1100' } },
};
const routing: ServiceManifest = { name: 'routing', folder: 'apps/routing', port: 7080, database: 'routing' };
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

  it('finds its neighbours by their names where each has a host of its own', () => {
    const told = neighboursOf(routing, [routing, wallet], BY_NAME);
    expect(told.PARTNER_API_URL).toBe('http://routing:7080');
    expect(JSON.parse(told.WALLET_NETWORKS ?? '')).toMatchObject([{ id: 'applepay', url: 'http://us-wallet:7081' }]);
  });

  it('finds every instance of its neighbours where there are several', () => {
    const told = neighboursOf(routing, [routing, wallet], ({ name }) => [`http://${name}-1`, `http://${name}-2`]);
    const url = 'http://us-wallet-1,http://us-wallet-2';
    expect(JSON.parse(told.WALLET_NETWORKS ?? '')).toMatchObject([{ id: 'applepay', url }]);
    expect(JSON.parse(told.SANDBOX_SERVICES ?? '')).toEqual(url.split(','));
  });

  it('talks to the simulator in its own folder, and to the common one where it has none', () => {
    const common = { name: 'simulator', folder: 'apps/simulator', port: 7090, database: 'simulator' };
    const own = { name: 'us-bank', folder: 'apps/us-wallet/simulator', port: 7099, database: 'us_bank' };
    const services = [routing, wallet, common, own];
    const toldTo = (service: ServiceManifest): string => neighboursOf(service, services).SIMULATOR_URL ?? '';
    expect([routing, wallet, common, own].map(toldTo)).toEqual(
      [7090, 7099, 7090, 7099].map((port) => `http://127.0.0.1:${port}`),
    );
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
