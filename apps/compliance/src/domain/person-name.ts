/**
 * A name in the form in which names are compared: compatibility forms folded, accents and case dropped, everything but
 * letters and digits taken as a gap, the parts in alphabetical order (family names stand first or last by custom).
 */
export function comparableName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .sort()
    .join(' ');
}
