import { isPublicAddress, resolveChecked } from './address-policy';
import { readWebhookUrl } from './url-policy';

describe('where webhooks may go', () => {
  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    '2002:a00:1::',
    '2001:db8::1',
    'not an address',
  ])('is never %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111'])('may be %s', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it('is this machine only where that is allowed', async () => {
    await expect(resolveChecked('127.0.0.1', true)).resolves.toEqual({ address: '127.0.0.1', family: 4 });
    await expect(resolveChecked('127.0.0.1', false)).rejects.toThrow('public internet');
    await expect(resolveChecked('[::1]', false)).rejects.toThrow('public internet');
    await expect(resolveChecked('10.0.0.1', true)).rejects.toThrow('public internet');
  });

  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://[::ffff:7f00:1]/',
    'https://localhost/',
    'https://service.internal/',
    'https://printer.local./',
    'http://example.com/',
    'https://example.com@10.0.0.1/',
    'https://user:pw@example.com/',
    'https://example.com/#fragment',
    'ftp://example.com/',
    ' https://example.com/',
    'example.com',
  ])('is refused by its form: %s', (url) => expect(() => readWebhookUrl(url, false)).toThrow('URL_REFUSED'));

  it('accepts a public https URL, and plain http on this machine in local runtimes', () => {
    expect(readWebhookUrl('https://partner.example.com:8443/hook?a=1', false)).toBe(
      'https://partner.example.com:8443/hook?a=1',
    );
    expect(readWebhookUrl('http://127.0.0.1:7090/partner', true)).toBe('http://127.0.0.1:7090/partner');
  });
});
