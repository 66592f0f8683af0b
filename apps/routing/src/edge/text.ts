/**
 * Text that people read and that lands in logs and files: letters, marks, digits, punctuation, symbols, spaces. No
 * control characters, line breaks, direction overrides, zero-width characters or half characters.
 */
export const PLAIN_TEXT = '^[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]*$';
export const PLAIN_TEXT_PATTERN = new RegExp(PLAIN_TEXT, 'u');

/** Ids that we make: `<prefix>_<26 characters>`; the demo's own are shorter words. */
export function idPattern(prefix: string): string {
  return `^${prefix}_[0-9A-Za-z]{1,40}$`;
}
