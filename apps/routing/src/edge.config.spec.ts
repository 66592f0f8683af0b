import 'reflect-metadata';
import { readConfig } from '@gateway/platform';
import { EdgeConfig } from './edge.config';

const network = { id: 'applepay', service: 'us-wallet', url: 'http://us-wallet:7081', country: 'US', currency: 'USD' };
const environment = {
  INTERNAL_TOKEN: 'token of tests',
  SEAL_KEY: Buffer.alloc(32).toString('base64'),
  WALLET_NETWORKS: JSON.stringify([network]),
};
const read = (changes: object): EdgeConfig => readConfig(EdgeConfig, { ...environment, ...changes });
const networksAt = (url: unknown): object => ({ WALLET_NETWORKS: JSON.stringify([{ ...network, url }]) });

describe('where routing finds the other services', () => {
  it.each([
    ['one address', 'http://fx-settlement:7083'],
    ['an address for each instance', 'http://10.0.0.1:7083,https://fx.example.net'],
    ['blanks between them', 'http://127.0.0.1:7083, http://127.0.0.1:7084'],
  ])('takes %s', (_, addresses) => {
    expect(() => read({ FX_URL: addresses, COMPLIANCE_URL: addresses, ...networksAt(addresses) })).not.toThrow();
  });

  it.each([
    ['nothing', ''],
    ['no scheme', 'fx-settlement:7083'],
    ['another scheme', 'ftp://fx-settlement'],
    ['a comma too much', 'http://fx-settlement:7083,'],
    ['one that is none among others', 'http://fx-settlement:7083,fx-2'],
  ])('refuses %s by the name of its variable, and says what is wanted', (_, addresses) => {
    const wanted = 'http(s) address for each instance of the service, with commas between';
    expect(() => read({ FX_URL: addresses })).toThrow(`FX_URL: must be one ${wanted}`);
    expect(() => read({ COMPLIANCE_URL: addresses })).toThrow(`COMPLIANCE_URL: must be one ${wanted}`);
    expect(() => read(networksAt(addresses))).toThrow(`WALLET_NETWORKS: must have in each entry a url: one ${wanted}`);
  });

  it('refuses a network without an address, and what is no list of networks', () => {
    expect(() => read(networksAt(undefined))).toThrow(/WALLET_NETWORKS: must have in each entry a url/);
    expect(() => read({ WALLET_NETWORKS: '{}' })).toThrow(/WALLET_NETWORKS: must have in each entry a url/);
  });
});
