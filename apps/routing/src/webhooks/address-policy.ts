import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** An address that was checked: the connection goes there and nowhere else. */
export interface CheckedAddress {
  address: string;
  family: 4 | 6;
}

/** Thrown where a webhook's host is none that we speak to. The message names no address. */
export class AddressRefused extends Error {}

/** IPv4 that is not the public internet (IANA special-purpose registry): private, shared, loopback, link-local, test, multicast. */
const SPECIAL_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Within global unicast: protocol assignments (Teredo), documentation, 6to4, which can name any IPv4 address. */
const SPECIAL_V6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const special = new BlockList();
for (const [net, prefix] of SPECIAL_V4) special.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of SPECIAL_V6) special.addSubnet(net, prefix, 'ipv6');
/** All of IPv6 outside of it is special: mapped and translated IPv4, unique local, link-local, multicast. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether an address is one of the public internet and none of this machine's own. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || ownAddresses().has(address)) return false;
  if (family === 4) return !special.check(address, 'ipv4');
  return globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

function ownAddresses(): Set<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address)),
  );
}

/**
 * Resolves a host once and checks every address of the answer. The connection is then made to the address given here, so
 * that a second answer of the name server (rebinding) is never asked for.
 *
 * @throws AddressRefused
 */
export async function resolveChecked(hostname: string, allowLoopback: boolean): Promise<CheckedAddress> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const answers = await lookup(host, { all: true, verbatim: true }).catch(() => []);
  const refused = answers.some(({ address }) => !isPublicAddress(address) && !(allowLoopback && isLoopback(address)));
  const [first] = answers;
  if (first === undefined) throw new AddressRefused('the host has no address');
  if (refused) throw new AddressRefused('the host is not on the public internet');
  return { address: first.address, family: first.family === 6 ? 6 : 4 };
}
