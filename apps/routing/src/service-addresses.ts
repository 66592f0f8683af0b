import { isURL, ValidateBy } from 'class-validator';

const FORM = { require_tld: false, protocols: ['http', 'https'], require_protocol: true };
const HOW = 'one http(s) address for each instance of the service, with commas between';

/** The addresses of a service's instances, as a setting has them. */
export function addressesIn(setting: string): string[] {
  return setting.split(',').map((address) => address.trim());
}

/** The setting has one address or several. */
export function AreAddresses(): PropertyDecorator {
  return ValidateBy({
    name: 'areAddresses',
    validator: { validate: areAddresses, defaultMessage: () => `must be ${HOW}` },
  });
}

/** The setting is a JSON array, and the `url` of each entry has one address or several. */
export function EachHasAddresses(): PropertyDecorator {
  return ValidateBy({
    name: 'eachHasAddresses',
    validator: { validate: eachHasAddresses, defaultMessage: () => `must have in each entry a url: ${HOW}` },
  });
}

function areAddresses(setting: unknown): boolean {
  return typeof setting === 'string' && addressesIn(setting).every((address) => isURL(address, FORM));
}

function eachHasAddresses(setting: unknown): boolean {
  const entries = entriesOf(setting);
  return entries !== null && entries.every((entry) => areAddresses((entry as { url?: unknown } | null)?.url));
}

function entriesOf(setting: unknown): unknown[] | null {
  try {
    const entries: unknown = JSON.parse(String(setting));
    return Array.isArray(entries) ? entries : null;
  } catch {
    return null;
  }
}
