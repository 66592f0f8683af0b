import { LocalRuntime, type RuntimeStatus } from '@gateway/local-runtime';
import type { CliConfig } from '../cli.config';
import { type GatewayStatus, isLauncherAlive, StateFile } from '../launcher/state-file';

const LOOK_MS = 2_000;

/** What runs now: the launcher's own words, checked against what answers. */
export async function lookAtGateway(config: CliConfig): Promise<GatewayStatus | undefined> {
  const told = new StateFile(config.dataDir).read();
  if (!told || !isLauncherAlive(told.launcher.pid)) return undefined;
  if (told.state !== 'ready') return told;
  const [runtime, services] = await Promise.all([LocalRuntime.open(config).status(), lookAtServices(told)]);
  const healthy =
    runtime.kafka.running && runtime.postgres.running && Object.values(services).every(({ ready }) => ready);
  return { ...told, ...describeRuntime(told, runtime), services, state: healthy ? 'ready' : 'degraded' };
}

function describeRuntime(
  told: GatewayStatus,
  { kafka, postgres }: RuntimeStatus,
): Pick<GatewayStatus, 'kafka' | 'postgres'> {
  return {
    kafka: { ...told.kafka, pid: kafka.pid, cluster_id: kafka.clusterId },
    postgres: { ...told.postgres, pid: postgres.pid },
  };
}

async function lookAtServices(told: GatewayStatus): Promise<GatewayStatus['services']> {
  const looked = Object.entries(told.services).map(
    async ([name, service]) => [name, { ...service, ready: await answers(service.url) }] as const,
  );
  return Object.fromEntries(await Promise.all(looked));
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(LOOK_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
