import { readIdempotencyKey } from './idempotency-key';

const codeOf = (header: string | string[] | undefined): string => {
  try {
    return readIdempotencyKey(header);
  } catch (error) {
    return (error as { details: { code: string } }).details.code;
  }
};

describe('Idempotency-Key (case 77)', () => {
  it.each([
    ['a bare token', 'abc-1', 'abc-1'],
    ['a Structured-Field string', '"abc-1"', 'abc-1'],
    ['one character', 'x', 'x'],
    ['255 characters', 'k'.repeat(255), 'k'.repeat(255)],
  ])('accepts %s', (_name, header, key) => expect(codeOf(header)).toBe(key));

  it.each([
    ['empty', ''],
    ['an empty string', '""'],
    ['256 characters', 'k'.repeat(256)],
    ['a newline', 'a\nb'],
    ['a space', 'a b'],
    ['a NUL', 'a\0'],
    ['half a quote', '"abc'],
    ['letters beyond ASCII', 'ключ'],
    ['two headers', ['a', 'b']],
  ])('refuses %s', (_name, header) => expect(codeOf(header)).toBe('IDEMPOTENCY_KEY_INVALID'));

  it('asks for it where it is missing', () => expect(codeOf(undefined)).toBe('IDEMPOTENCY_KEY_MISSING'));
});
