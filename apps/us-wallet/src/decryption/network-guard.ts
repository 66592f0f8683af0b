import dgram from 'node:dgram';
import net from 'node:net';

/** Thrown inside this process at a connection to anybody but the one that is allowed. */
export class ConnectionRefusedHere extends Error {
  constructor() {
    super('this process connects to the acquirer and to nobody else');
  }
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };
/** Every socket of Node, that of HTTP, TLS and fetch included, connects by this method. */
const sockets = net.Socket.prototype as unknown as { connect: (this: net.Socket, ...args: unknown[]) => net.Socket };
const servers = net.Server.prototype as unknown as { listen: (...args: unknown[]) => net.Server };
const datagrams = dgram.Socket.prototype as unknown as Record<
  'bind' | 'send' | 'connect',
  (...args: unknown[]) => void
>;

/**
 * Lets this process connect to one host and port, listen to nobody, and send no datagrams. It holds against mistakes and
 * libraries that phone home; against hostile code in the process itself there is the machine's firewall.
 *
 * @returns takes the guard away, for tests.
 */
export function allowConnectionsOnlyTo(url: URL): () => void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || DEFAULT_PORTS[url.protocol]);
  const before = { connect: sockets.connect, listen: servers.listen, ...datagramMethods() };
  sockets.connect = function (...args): net.Socket {
    const to = destinationOf(args);
    if (to.host !== host || to.port !== port) throw new ConnectionRefusedHere();
    return before.connect.apply(this, args);
  };
  const refuse = (): never => {
    throw new ConnectionRefusedHere();
  };
  servers.listen = refuse;
  Object.assign(datagrams, { bind: refuse, send: refuse });
  return () => {
    sockets.connect = before.connect;
    servers.listen = before.listen;
    Object.assign(datagrams, { bind: before.bind, send: before.send });
  };
}

function datagramMethods(): Pick<typeof datagrams, 'bind' | 'send'> {
  const { bind, send } = datagrams;
  return { bind, send };
}

/** `connect` takes options, a port and host, a path, or all of these in one array, as `net.connect` hands them on. */
function destinationOf(args: unknown[]): { host: string | undefined; port: number | undefined } {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    const { host = 'localhost', port, path } = first as { host?: string; port?: number | string; path?: string };
    return path === undefined || path === null ? { host, port: Number(port) } : NOWHERE;
  }
  const port = Number(first);
  return { host: typeof second === 'string' ? second : 'localhost', port };
}

const NOWHERE = { host: undefined, port: undefined };
