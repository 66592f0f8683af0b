import { IdSource, SystemClock, SystemRandom } from '@gateway/platform';
import { hashOfSecret, newApiKey, parseApiKey } from './api-key';

describe('API keys', () => {
  it('are taken apart again, whatever characters the secret has', () => {
    const random = new SystemRandom();
    const ids = new IdSource(new SystemClock(), random);
    for (let i = 0; i < 200; i++) {
      const key = newApiKey(ids, random);
      const parsed = parseApiKey(key)!;
      expect(`sk_test_${parsed.keyId}_${parsed.secret}`).toBe(key);
      expect(parsed.keyId).toMatch(/^key_[0-9A-Z]{26}$/);
      expect(Buffer.from(parsed.secret, 'base64url')).toHaveLength(32);
    }
  });

  it.each(['', 'sk_test_', 'sk_test_a_short', `pk_test_a_${'x'.repeat(43)}`, `sk_test_a_${'x'.repeat(200)}`, 'x\0y'])(
    'are not %j',
    (text) => expect(parseApiKey(text)).toBeNull(),
  );

  it('are stored as a hash of 32 bytes', () => expect(hashOfSecret('secret')).toHaveLength(32));
});
