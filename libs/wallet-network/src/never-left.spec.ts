import { neverLeft } from './never-left';

const failed = (code: string): Error => Object.assign(new TypeError('fetch failed'), { cause: { code } });

describe('a request certainly did not leave', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])(
    'where it failed with %s',
    (code) => {
      expect(neverLeft(failed(code))).toBe(true);
      expect(neverLeft(new Error('wrapped', { cause: failed(code) }))).toBe(true);
    },
  );

  it.each([failed('ECONNRESET'), failed('UND_ERR_SOCKET'), new Error('ECONNREFUSED'), null, undefined, 'ECONNREFUSED'])(
    'but nobody knows after %p',
    (error) => expect(neverLeft(error)).toBe(false),
  );
});
