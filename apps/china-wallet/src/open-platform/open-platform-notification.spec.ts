import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpenPlatformNotifications, readForm } from './open-platform-notification';

const folder = join(
  process.env.GATEWAY_VECTORS ?? join(__dirname, '../../../../../shared/vectors'),
  'alipay/open-platform',
);
const present = existsSync(folder);
const withVectors = present ? describe : describe.skip;

interface Vector {
  id: string;
  notifyParams: Record<string, string>;
  publicKeyFile: string;
  expected?: boolean;
  valid?: boolean;
}

function vectors(): Vector[] {
  return present ? (JSON.parse(readFileSync(join(folder, 'notify-vectors.json'), 'utf8')) as Vector[]) : [];
}

const body = (fields: Record<string, string>): Buffer => Buffer.from(new URLSearchParams(fields).toString());

withVectors(`real notifications of the open platform (vectors ${present ? 'present' : 'absent: skipped'})`, () => {
  const real = vectors().filter((vector) => vector.id.endsWith('-valid'));

  it.each(real)('$id is accepted, and refused after any one field was altered', (vector) => {
    const verifier = new OpenPlatformNotifications(readFileSync(join(folder, vector.publicKeyFile), 'utf8'));
    const fields = readForm(body(vector.notifyParams));
    expect(fields && verifier.accepts(fields)).toBe(true);
    for (const name of Object.keys(vector.notifyParams).filter((field) => field !== 'sign_type')) {
      const altered = new Map(fields).set(name, `${vector.notifyParams[name]}0`);
      expect({ name, accepted: verifier.accepts(altered) }).toEqual({ name, accepted: false });
    }
  });

  it.each(real)('$id is refused with its algorithm downgraded to RSA', (vector) => {
    const verifier = new OpenPlatformNotifications(readFileSync(join(folder, vector.publicKeyFile), 'utf8'));
    expect(verifier.accepts(new Map(Object.entries({ ...vector.notifyParams, sign_type: 'RSA' })))).toBe(false);
  });
});

withVectors('notifications of the open platform that are forged', () => {
  it.each(vectors().filter((vector) => !vector.id.endsWith('-valid')))('case 58: $id is refused', (vector) => {
    const verifier = new OpenPlatformNotifications(readFileSync(join(folder, vector.publicKeyFile), 'utf8'));
    const fields = readForm(body(vector.notifyParams));
    expect(fields !== null && verifier.accepts(fields)).toBe(false);
  });
});

describe('notifications in certificate mode', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const verifier = new OpenPlatformNotifications(publicKey.export({ type: 'spki', format: 'pem' }) as string);
  const signed = (text: string): string => sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64');

  it("are accepted with the certificate's number outside of what is signed, and refused with anything else altered", () => {
    const fields = new Map([
      ['app_id', '1'],
      ['notify_id', 'n'],
      ['sign_type', 'RSA2'],
      ['alipay_cert_sn', 'abc'],
      ['sign', signed('app_id=1&notify_id=n&sign_type=RSA2')],
    ]);
    expect(verifier.accepts(fields)).toBe(true);
    for (const name of ['app_id', 'notify_id']) expect(verifier.accepts(new Map(fields).set(name, '2'))).toBe(false);
  });
});

describe('notifications with empty fields', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const verifier = new OpenPlatformNotifications(publicKey.export({ type: 'spki', format: 'pem' }) as string);
  const accepts = (text: string): boolean => {
    const fields = new Map([
      ['app_id', '1'],
      ['body', ''],
      ['out_trade_no', 'x'],
      ['sign_type', 'RSA2'],
      ['sign', sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64')],
    ]);
    return verifier.accepts(fields);
  };

  it.each([
    'app_id=1&body=&out_trade_no=x',
    'app_id=1&out_trade_no=x',
    'app_id=1&body=&out_trade_no=x&sign_type=RSA2',
    'app_id=1&out_trade_no=x&sign_type=RSA2',
  ])('are accepted by either rule of the official clients: %s', (text) => expect(accepts(text)).toBe(true));

  it.each(['app_id=1&out_trade_no=', 'app_id=&out_trade_no=x', 'app_id=1&body=', 'app_id=1&body&out_trade_no=x'])(
    'are refused for another text: %s',
    (text) => expect(accepts(text)).toBe(false),
  );
});

describe('form bodies of notifications', () => {
  it.each([
    ['+', 'subject=a+b%2Bc', 'a b+c'],
    ['%20', 'subject=a%20b%2bc', 'a b+c'],
    ['characters of several bytes', 'subject=%E6%B2%99%E7%AE%B1+%F0%9F%98%80', '沙箱 😀'],
    ['no value', 'subject=', ''],
    ['an equals sign in the value', 'subject=a=b', 'a=b'],
  ])('are decoded once: %s', (_, text, expected) => {
    expect(readForm(Buffer.from(text))?.get('subject')).toBe(expected);
  });

  it('with a field that comes twice are refused', () => {
    expect(readForm(Buffer.from('total_amount=1&total_amount=9'))).toBeNull();
  });

  it('with more fields than a notification has are refused', () => {
    const form = (fields: number): Buffer =>
      Buffer.from(Array.from({ length: fields }, (_, at) => `f${at}=`).join('&'));
    expect(readForm(form(128))?.size).toBe(128);
    expect(readForm(form(129))).toBeNull();
    expect(readForm(form(10_000))).toBeNull();
  });

  it('that are not UTF-8 are refused', () => {
    expect(readForm(Buffer.from([0x61, 0x3d, 0xd6, 0xd0]))).toBeNull();
  });
});
