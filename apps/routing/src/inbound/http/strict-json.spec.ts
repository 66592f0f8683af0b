import { faultOfJson, fieldGivenTwice } from './strict-json';

const faultOf = (text: string): string | null => faultOfJson(Buffer.from(text), JSON.parse(text));

describe('strict JSON', () => {
  it.each([
    ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}'],
    ['{"a":"\\"b\\": 1","c":"{\\"c\\":1}"}'],
    ['{}'],
    ['{"a":"\\ud83d\\ude00"}'],
    ['{ "a" : "\\\\" , "b" : "x:y" }'],
  ])('lets %s through', (text) => expect(faultOf(text)).toBeNull());

  it.each([
    ['21 a field twice', '{"a":"1","a":"9"}', 'duplicate_field'],
    ['21 a field twice, written differently', '{"a":1,"\\u0061":2}', 'duplicate_field'],
    ['21 a field twice in a list', '{"x":[{"a":1,"a":2}]}', 'duplicate_field'],
    ['22 depth', `{"a":${'['.repeat(20)}${']'.repeat(20)}}`, 'too_deep'],
    ['26 a lone surrogate', '{"a":"\\udc00"}', 'lone_surrogate'],
    ['26 two halves in two fields', '{"a":"\\ud83d","b":"\\ude00"}', 'lone_surrogate'],
    ['a list', '[]', 'not_an_object'],
    ['a text', '"a"', 'not_an_object'],
  ])('refuses case %s', (_name, text, fault) => expect(faultOf(text)).toBe(fault));

  it.each([
    ['{"a":1,"b":{"a":2},"b":3}', 'b'],
    ['{"x":[{"a":1},{"\\u0061":1, "a" :2}]}', 'a'],
    ['{"note":"{\\"a\\":1}","a":1,"a":2}', 'a'],
  ])('names the field that is given twice in %s', (text, name) => {
    expect(fieldGivenTwice(Buffer.from(text))).toBe(name);
  });

  it('refuses bytes that are no UTF-8 and a byte order mark (case 26)', () => {
    expect(faultOfJson(Buffer.from([0x7b, 0xff, 0x7d]), {})).toBe('not_utf8');
    expect(faultOfJson(Buffer.from('\uFEFF{}'), {})).toBe('byte_order_mark');
  });

  it('reads 64 kB of quotes and backslashes in linear time (case 34)', () => {
    const text = JSON.stringify({ a: '"\\'.repeat(16_000) });
    const started = performance.now();
    expect(faultOf(text)).toBeNull();
    expect(performance.now() - started).toBeLessThan(50);
  });
});
