import { LocalRuntime } from '@gateway/local-runtime';
import type { Gateway } from '../../e2e/support/gateway';

/** The broker and the database under the running system, to end and to start again; never to be taken down for good. */
export function openRuntime({ status }: Gateway): LocalRuntime {
  return LocalRuntime.open({ dataDir: status.data, ports: status.ports });
}
