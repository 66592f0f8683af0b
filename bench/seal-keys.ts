import type { ServiceName, Servers } from './servers';

const KEY_BYTES = 32;

/** Seal keys are the benchmark's own and the same in all rounds. */
export function sealKeyOf(servers: Servers, service: ServiceName): string {
  return servers.secrets.get(`bench-seal-${service}`, () => Buffer.alloc(KEY_BYTES, service).toString('base64'));
}
