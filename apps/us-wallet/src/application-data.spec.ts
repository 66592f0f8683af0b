import { createHash } from 'node:crypto';
import { IntakeRefused } from '@gateway/wallet-network';
import { applicationDataHash } from './application-data';

describe('application data', () => {
  it('of a request made without any is none', () => expect(applicationDataHash(undefined)).toBeNull());

  it('is hashed as the bytes that the request had', () => {
    const bytes = Buffer.from('order 7\u0000\u00e9');
    expect(applicationDataHash(bytes.toString('base64'))).toEqual(createHash('sha256').update(bytes).digest());
  });

  it.each([
    ['nothing', ''],
    ['a text', 'no base64!'],
    ['base64 without padding', 'YWI'],
    ['base64 with a line break', 'YWJj\n'],
    ['base64 with stray bits', 'YWK='],
    ['base64 of the URL alphabet', '-_-_'],
    ['more than an order number', 'A'.repeat(4_100)],
    ['a number', 7],
    ['null', null],
    ['a list', ['YWJj']],
  ])('that is %s is refused by name', (_, value) => {
    const refused = expect.objectContaining({ param: 'application_data' }) as unknown;
    expect(() => applicationDataHash(value)).toThrow(refused as Error);
    expect(() => applicationDataHash(value)).toThrow(IntakeRefused);
  });
});
