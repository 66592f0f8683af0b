import { isIP } from 'node:net';
import { problem } from '../edge/problems';
import { isLoopback, isPublicAddress } from './address-policy';

/**
 * Whether a partner may give this URL: https, a public host by its form, nothing in it but host, port, path and query.
 * What the host resolves to is checked at every delivery. Own policy, since validators' `isURL` accepts metadata
 * addresses (toolchain.md 1.5). Loopback and plain http only in local runtimes.
 *
 * @returns the URL as it will be used
 * @throws Problem `URL_REFUSED`
 */
export function readWebhookUrl(text: string, allowLoopback: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || text !== text.trim()) throw refused('The url is not a URL.');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const local = allowLoopback && isLocal(host);
  if (!schemes(local).includes(url.protocol)) throw refused('The url must use https.');
  if ([url.username, url.password, url.hash].some((part) => part !== '')) {
    throw refused('The url must have no user, password or fragment.');
  }
  if (!local && !isPublicHost(host)) throw refused('The host of the url is not on the public internet.');
  return url.href;
}

function schemes(local: boolean): readonly string[] {
  return local ? ['https:', 'http:'] : ['https:'];
}

function isLocal(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host));
}

/** Names that only a local network knows. */
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|corp)$/i;

function isPublicHost(host: string): boolean {
  if (isIP(host) !== 0) return isPublicAddress(host);
  return host.includes('.') && !LOCAL_NAMES.test(host);
}

function refused(detail: string): Error {
  return problem('URL_REFUSED', { param: 'url', detail });
}
