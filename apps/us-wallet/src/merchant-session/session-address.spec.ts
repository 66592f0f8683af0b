import { APPLE_SESSION_ADDRESSES, readSessionAddress } from './session-address';

const PATH = '/paymentservices/startSession';
const read = (text: string): string => {
  const address = readSessionAddress(text, APPLE_SESSION_ADDRESSES);
  return typeof address === 'string' ? address : 'followed';
};

describe('the URL of a merchant validation', () => {
  it.each([
    'apple-pay-gateway.apple.com',
    'cn-apple-pay-gateway.apple.com',
    'apple-pay-gateway-nc-pod1.apple.com',
    'apple-pay-gateway-pr-pod5.apple.com',
    'cn-apple-pay-gateway-tj-pod3.apple.com',
    'apple-pay-gateway-cert.apple.com',
  ])('at %s is followed', (host) => {
    expect(read(`https://${host}${PATH}`)).toBe('followed');
    expect(read(`https://${host}/paymentservices/paymentSession`)).toBe('followed');
  });

  it.each([
    ['http://apple-pay-gateway.apple.com', 'NOT_HTTPS'],
    ['gopher://apple-pay-gateway.apple.com', 'NOT_HTTPS'],
    ['file:///etc/passwd', 'NOT_HTTPS'],
    ['//apple-pay-gateway.apple.com', 'NOT_A_URL'],
    ['https://127.0.0.1', 'OTHER_HOST'],
    ['https://[::1]', 'OTHER_HOST'],
    ['https://0.0.0.0', 'OTHER_HOST'],
    ['https://2130706433', 'OTHER_HOST'],
    ['https://0x7f.1', 'OTHER_HOST'],
    ['https://017700000001', 'OTHER_HOST'],
    ['https://169.254.169.254', 'OTHER_HOST'],
    ['https://[fd00::1]', 'OTHER_HOST'],
    ['https://localhost', 'OTHER_HOST'],
    ['https://evil.example', 'OTHER_HOST'],
    ['https://apple.com', 'OTHER_HOST'],
    ['https://www.apple.com', 'OTHER_HOST'],
    ['https://apple-pay-gateway.apple.com.evil.example', 'OTHER_HOST'],
    ['https://evil.example.apple-pay-gateway.apple.com', 'OTHER_HOST'],
    ['https://apple-pay-gateway-evil.apple.com', 'OTHER_HOST'],
    ['https://apple-pay-gateway-nc-pod6.apple.com', 'OTHER_HOST'],
    ['https://xapple-pay-gateway.apple.com', 'OTHER_HOST'],
    ['https://apple-pay-gateway.apple.com.', 'OTHER_HOST'],
    ['https://аpple-pay-gateway.apple.com', 'OTHER_HOST'],
    ['https://user@apple-pay-gateway.apple.com', 'WITH_CREDENTIALS'],
    ['https://apple-pay-gateway.apple.com@evil.example', 'WITH_CREDENTIALS'],
    ['https://apple-pay-gateway.apple.com:8443', 'OTHER_PORT'],
    ['https://apple-pay-gateway.apple.com:443', 'NOT_A_URL'],
    ['https://APPLE-PAY-GATEWAY.apple.com', 'NOT_A_URL'],
    ['https://apple-pay-gateway。apple.com', 'NOT_A_URL'],
    ['https:apple-pay-gateway.apple.com', 'NOT_A_URL'],
    ['https:\\\\apple-pay-gateway.apple.com', 'NOT_A_URL'],
    [' https://apple-pay-gateway.apple.com', 'NOT_A_URL'],
    ['https://apple-pay-\tgateway.apple.com', 'NOT_A_URL'],
    ['', 'NOT_A_URL'],
  ])('case 56: %j is refused as %s', (origin, refusal) => {
    expect(read(origin === '' ? '' : origin.startsWith('file') ? origin : `${origin}${PATH}`)).toBe(refusal);
  });

  it.each([
    '',
    '/',
    '/other',
    `${PATH}/..`,
    `${PATH}?to=evil`,
    `${PATH}#evil`,
    `/x/..${PATH}`,
    `${PATH}\r\nHost: evil`,
  ])('case 56: the path %j of the right host is refused', (path) => {
    expect(read(`https://apple-pay-gateway.apple.com${path}`)).toMatch(/^(OTHER_PATH|NOT_A_URL)$/);
  });

  it('case 56: a URL without end is refused', () => {
    expect(read(`https://apple-pay-gateway.apple.com${PATH}${'a'.repeat(100_000)}`)).toBe('NOT_A_URL');
  });
});
