import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandLineOf, type RuntimePorts } from '@gateway/local-runtime';
import type { DemoPerson } from './demo-people';

export type GatewayState = 'starting' | 'ready' | 'degraded' | 'stopping' | 'stopped';

/** One service as a tool needs it. */
export interface ServiceStatus {
  readonly url: string;
  readonly metrics: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly pid?: number;
  /** Runtime role. */
  readonly database_url: string;
  readonly log: string;
}

/** Every address of a running installation; `gw status --json` prints it. It holds secrets, so its file is 0600. */
export interface GatewayStatus {
  readonly state: GatewayState;
  readonly launcher: { readonly pid: number; readonly started_at: string };
  readonly data: string;
  readonly logs: string;
  readonly partner_api: { readonly url: string; readonly partner_id: string; readonly api_key: string };
  readonly simulator: { readonly url: string; readonly control_url: string; readonly control_token: string };
  /** With `data`, what opens this installation's LocalRuntime: for tests that end its broker or database. */
  readonly ports: RuntimePorts;
  /** Demo people with their tokens for routing's operator API. */
  readonly operators: readonly DemoPerson[];
  readonly internal_token: string;
  readonly kafka: {
    readonly kind: string;
    readonly brokers: string;
    readonly topic_prefix: string;
    readonly cluster_id?: string;
    readonly pid?: number;
  };
  readonly postgres: {
    readonly kind: string;
    readonly address: string;
    readonly admin_url: string;
    readonly pid?: number;
  };
  readonly services: Readonly<Record<string, ServiceStatus>>;
  /** Milliseconds from the launcher's start. */
  readonly timings: Readonly<Record<string, number>>;
}

/** The file in which a launcher tells everyone else what runs. */
export class StateFile {
  constructor(private readonly dataDir: string) {}

  private get file(): string {
    return path.join(this.dataDir, 'state.json');
  }

  read(): GatewayStatus | undefined {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as GatewayStatus;
    } catch {
      return undefined;
    }
  }

  write(status: GatewayStatus): void {
    writeFileSync(`${this.file}.new`, `${JSON.stringify(status, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}

/** True while the process that wrote the status lives and is a launcher: pids are reused. */
export function isLauncherAlive(pid: number): boolean {
  return / start\b/.test(commandLineOf(pid) ?? '');
}
