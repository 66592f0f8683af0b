/** Where merchant sessions may be asked for. */
export interface SessionAddresses {
  readonly hosts: ReadonlySet<string>;
  /** 443 at Apple; a sandbox listens somewhere else. */
  readonly port: number | 'any';
}

/** Why a validation URL is not followed. */
export const ADDRESS_REFUSALS = {
  NOT_A_URL: 'it is not an absolute URL in its plain form',
  NOT_HTTPS: 'it does not begin with https',
  WITH_CREDENTIALS: 'it has a user or a password',
  OTHER_PORT: 'it names another port than 443',
  OTHER_HOST: 'it is none of the hosts that Apple lists for merchant validation',
  OTHER_PATH: 'its path is not that of a payment session',
} as const;

export type AddressRefusal = keyof typeof ADDRESS_REFUSALS;

const pods = (prefix: string, last: number): string[] =>
  Array.from({ length: last }, (_, index) => `${prefix}-pod${index + 1}.apple.com`);

/** Apple: "Setting up your server", the domains of production and sandbox, for all regions and for China. */
export const APPLE_SESSION_ADDRESSES: SessionAddresses = {
  hosts: new Set([
    'apple-pay-gateway.apple.com',
    ...pods('apple-pay-gateway-nc', 5),
    ...pods('apple-pay-gateway-pr', 5),
    'apple-pay-gateway-cert.apple.com',
    'cn-apple-pay-gateway.apple.com',
    ...pods('cn-apple-pay-gateway-sh', 3),
    ...pods('cn-apple-pay-gateway-tj', 3),
    'cn-apple-pay-gateway-cert.apple.com',
  ]),
  port: 443,
};

/** The path of a validation URL as browsers give it, and the one of the fixed address. */
const PATHS: ReadonlySet<string> = new Set(['/paymentservices/startSession', '/paymentservices/paymentSession']);
const LONGEST = 256;

/**
 * Reads a validation URL that a partner sends. Whoever could choose it freely could have this service present the
 * merchant's certificate anywhere, so it must be one of the listed hosts by its exact name: no other label, port, path,
 * user, and no second way to write any of these.
 */
export function readSessionAddress(text: string, allowed: SessionAddresses): URL | AddressRefusal {
  if (text.length > LONGEST || !URL.canParse(text)) return 'NOT_A_URL';
  const url = new URL(text);
  const [broken] = RULES.find(([, holds]) => !holds(url, allowed)) ?? [];
  if (broken !== undefined) return broken;
  // What the parser had to put right (white space, letters, dots, backslashes) is another text than was sent.
  return url.href === text ? url : 'NOT_A_URL';
}

type Rule = [AddressRefusal, (url: URL, allowed: SessionAddresses) => boolean];

/** What must hold, in the order in which it is told. */
const RULES: readonly Rule[] = [
  ['NOT_HTTPS', ({ protocol }) => protocol === 'https:'],
  ['WITH_CREDENTIALS', ({ username, password }) => username === '' && password === ''],
  ['OTHER_HOST', ({ hostname }, { hosts }) => hosts.has(hostname)],
  ['OTHER_PORT', ({ port }, allowed) => allowed.port === 'any' || Number(port || 443) === allowed.port],
  ['OTHER_PATH', ({ pathname, search, hash }) => PATHS.has(pathname) && search === '' && hash === ''],
];
