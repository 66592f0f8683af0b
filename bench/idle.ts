import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chooseDataFolder, drawFreePorts, LocalRuntime, waitUntil } from '@gateway/local-runtime';
import type { GatewayStatus } from '../apps/cli/src/launcher/state-file';
import { findServices, portVariableOf } from '../apps/cli/src/launcher/service-manifest';
import { startCounters } from './measurement';
import { PROJECT } from './servers';

const READY_MS = 120_000;
const STOP_MS = 30_000;
/** After a start the virtual machines compile and caches fill; idle begins behind that. */
const SETTLE_MS = 20_000;

export interface IdleFigures {
  readonly seconds: number;
  /** Cores in use by the whole installation. */
  readonly cores: number;
  readonly coresByPart: ReadonlyMap<string, number>;
  readonly foreignCores: number;
}

/** What `npm start` uses while nobody pays: its launcher, all services with the simulator, broker and database. */
export async function measureIdle(seconds: number): Promise<IdleFigures> {
  const dataDir = path.join(chooseDataFolder(PROJECT, process.env.GATEWAY_DATA), 'bench-idle');
  rmSync(dataDir, { recursive: true, force: true });
  const services = findServices(PROJECT, {});
  const [postgres = 0, kafka = 0, kafkaController = 0, ...ports] = await drawFreePorts(3 + services.length);
  const environment = {
    ...process.env,
    GATEWAY_DATA: dataDir,
    GATEWAY_POSTGRES_PORT: String(postgres),
    GATEWAY_KAFKA_PORT: String(kafka),
    GATEWAY_KAFKA_CONTROLLER_PORT: String(kafkaController),
    npm_lifecycle_event: '',
    ...Object.fromEntries(services.map(({ name }, index) => [portVariableOf(name), String(ports[index])])),
  };
  const script = path.join(PROJECT, 'dist', 'apps', 'cli', 'src', 'main.js');
  const launcher = spawn(process.execPath, [script, 'start', '--no-demo'], { env: environment, stdio: 'ignore' });
  try {
    const ready = await waitUntil(() => statusIn(dataDir)?.state === 'ready', READY_MS, 200);
    if (!ready) throw new Error(`the idle installation did not become ready: ${dataDir}`);
    return await measure(statusIn(dataDir)!, launcher.pid ?? 0, seconds);
  } finally {
    launcher.kill('SIGTERM');
    await waitUntil(() => launcher.exitCode !== null, STOP_MS);
    await LocalRuntime.open({ dataDir, ports: { postgres, kafka, kafkaController } }).halt();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(status: GatewayStatus, launcher: number, seconds: number): Promise<IdleFigures> {
  await pause(SETTLE_MS);
  const single = new Map<string, number>([
    ['launcher', launcher],
    ['kafka', status.kafka.pid ?? 0],
    ...Object.entries(status.services).map(([name, { pid = 0 }]) => [name, pid] as const),
  ]);
  const stop = startCounters({ single, postmaster: status.postgres.pid ?? 0 }, [process.pid]);
  await pause(seconds * 1_000);
  const measured = stop();
  const perSecond = (us: number): number => us / 1e6 / measured.seconds;
  return {
    seconds,
    cores: perSecond(measured.totalUs),
    coresByPart: new Map([...measured.cpu].map(([part, us]) => [part, perSecond(us)])),
    foreignCores: measured.foreignCores,
  };
}

function statusIn(dataDir: string): GatewayStatus | undefined {
  const file = path.join(dataDir, 'state.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as GatewayStatus) : undefined;
}
