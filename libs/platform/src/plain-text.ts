/**
 * Text that people read and that lands in logs and files: letters, marks, digits, punctuation, symbols, spaces. No
 * control characters, line breaks, direction overrides, zero-width characters or half characters.
 */
export const PLAIN_TEXT = '^[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]*$';

/** The same as a regular expression. */
export const PLAIN_TEXT_PATTERN = new RegExp(PLAIN_TEXT, 'u');
