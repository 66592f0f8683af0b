import { makeMerchant } from '../../testing';
import { isOpenTo, Merchants } from './merchants';

const HASH = Buffer.alloc(32, 7).toString('base64');
const OTHER = Buffer.alloc(32, 8).toString('base64');

describe('the merchants of an installation', () => {
  it('are found by any of their keys; who decrypts is the acquirer, if nothing else is said', () => {
    const merchants = new Merchants([
      { identifier: 'merchant.one', processing_keys: [{ public_key_hash: HASH }, { public_key_hash: OTHER }] },
    ]);
    expect(merchants.keys).toEqual([{ publicKeyHash: HASH }, { publicKeyHash: OTHER }]);
    expect(merchants.ownerOf(OTHER)).toMatchObject({ identifier: 'merchant.one', profile: 'acquirer_decrypts' });
    expect(() => merchants.ownerOf('another')).toThrow('no merchant has this payment processing key');
  });

  it('are open to every partner, or to those that are named', () => {
    const processing_keys = [{ public_key_hash: HASH }];
    const ownerOf = (partners?: string[]): ReturnType<Merchants['ownerOf']> =>
      new Merchants([{ identifier: 'merchant.one', processing_keys, ...(partners && { partners }) }]).ownerOf(HASH);
    expect(isOpenTo(ownerOf(), 'prt_a')).toBe(true);
    expect(isOpenTo(ownerOf(['prt_a']), 'prt_a')).toBe(true);
    expect(isOpenTo(ownerOf(['prt_a']), 'prt_b')).toBe(false);
    expect(isOpenTo(ownerOf([]), 'prt_a')).toBe(false);
  });

  it('have keys with a time, and hashes that are computed from certificates', async () => {
    const { certificate } = await makeMerchant('merchant.one');
    const { keys } = new Merchants([
      {
        identifier: 'merchant.one',
        processing_keys: [{ certificate, valid_from: '2026-11-01T00:00:00Z', valid_until: '2027-11-01T00:00:00Z' }],
      },
    ]);
    expect(keys).toEqual([
      {
        publicKeyHash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) as string,
        validFrom: new Date('2026-11-01T00:00:00Z'),
        validUntil: new Date('2027-11-01T00:00:00Z'),
      },
    ]);
  });

  it.each([
    [[{}], 'neither certificate nor public_key_hash'],
    [[{ public_key_hash: 'short' }], 'neither certificate nor public_key_hash'],
    [[{ public_key_hash: HASH }, { public_key_hash: HASH }], 'occurs twice'],
    [[{ public_key_hash: HASH, valid_from: 'soon' }], 'has no valid time'],
  ])('are refused at start where %j is what they have', (processing_keys, problem) => {
    expect(() => new Merchants([{ identifier: 'merchant.one', processing_keys }])).toThrow(problem);
  });

  it('are refused at start where certificate and hash are of two keys', async () => {
    const { certificate } = await makeMerchant('merchant.one');
    const processing_keys = [{ certificate, public_key_hash: HASH }];
    expect(() => new Merchants([{ identifier: 'merchant.one', processing_keys }])).toThrow('is not that of its');
  });
});
