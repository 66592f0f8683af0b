/** Ids that we make: `<prefix>_<26 characters>`; the demo's own are shorter words. */
export function idPattern(prefix: string): string {
  return `^${prefix}_[0-9A-Za-z]{1,40}$`;
}
