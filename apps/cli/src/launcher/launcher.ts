import { demandFreePort, endProcess, RuntimeRefusal, type ServiceDatabase, waitUntil } from '@gateway/local-runtime';
import { provisionDemoPartner } from './demo-partner';
import { type Operators, provideDemoPeople } from './demo-people';
import { describeGateway } from './gateway-status';
import { Guard } from './guard';
import type { Installation } from './installation';
import { LauncherLock } from './launcher-lock';
import { prepareDatabases } from './service-databases';
import { portVariableOf } from './service-manifest';
import { isServiceOf, ServiceProcess } from './service-process';
import { type GatewayState, type GatewayStatus, StateFile } from './state-file';

const READY_MS = 90_000;
const READY_POLL_MS = 200;
/** A service that has crashed this often before it was ever ready will not become so. */
const START_CRASHES = 3;
/** Of the 15 seconds of a clean stop; broker and database need the rest. */
const SERVICE_GRACE_MS = 8_000;
/** Services of a killed launcher end by themselves as their channel closes; this is longer than they take. */
const LEFT_OVER_MS = 10_000;

export interface LauncherOptions {
  /** Starts broker and database again when they end. */
  readonly revive: boolean;
  readonly onOrphaned?: () => void;
  readonly say: (line: string) => void;
}

/** Runs one installation: broker, database, schemas, topics, services; from one process and in the right order. */
export class Launcher {
  private readonly state: StateFile;
  private readonly lock: LauncherLock;
  private readonly guard: Guard;
  private readonly began = performance.now();
  private readonly startedAt = new Date().toISOString();
  private readonly timings: Record<string, number> = {};
  private readonly ready = new Set<string>();
  private processes: ServiceProcess[] = [];
  private databases: Record<string, ServiceDatabase> = {};
  private operators: Operators = { variables: {}, people: [] };
  private starting: Promise<unknown> = Promise.resolve();
  private locked = false;
  private current: GatewayState = 'starting';

  constructor(
    private readonly installation: Installation,
    private readonly options: LauncherOptions,
  ) {
    const { dataDir } = installation.config;
    this.state = new StateFile(dataDir);
    this.lock = new LauncherLock(dataDir);
    this.guard = new Guard(installation.runtime, options);
  }

  /** True from the moment when the data folder is ours: before it, there is nothing to stop. */
  get isHolding(): boolean {
    return this.locked;
  }

  /** Starts everything; returns when every service is ready. */
  start(): Promise<GatewayStatus> {
    const starting = this.startInOrder();
    this.starting = starting.catch(() => undefined);
    return starting;
  }

  private async startInOrder(): Promise<GatewayStatus> {
    await this.takeOver();
    await this.tell('starting');
    await settleAll([this.prepareDatabases(), this.prepareBroker()]);
    this.demandGoingOn();
    this.guard.start();
    this.startServices();
    await this.untilReady();
    this.demandGoingOn();
    return this.tell('ready');
  }

  private demandGoingOn(): void {
    if (this.current === 'stopping') throw new RuntimeRefusal('Stopped while starting.');
  }

  /** Services first, so that none sees its broker or database go; then the broker; the database last. */
  async stop(): Promise<void> {
    this.guard.stop();
    if (!this.locked) return;
    await this.tell('stopping').catch(() => undefined);
    await this.starting;
    this.guard.stop();
    await Promise.all(this.processes.map((service) => service.stop(SERVICE_GRACE_MS)));
    await this.installation.runtime.down();
    this.state.remove();
    this.lock.release();
  }

  /** The second Ctrl-C: nothing is waited for. What was committed stays committed. */
  async halt(): Promise<void> {
    this.guard.stop();
    await Promise.all(this.processes.map((service) => service.kill()));
    await this.installation.runtime.halt();
    this.state.remove();
    this.lock.release();
  }

  /** Makes sure that we are alone, waits for what a killed launcher has left behind, and looks at the ports. */
  private async takeOver(): Promise<void> {
    await this.lock.take(() => this.state.read()?.state === 'stopping');
    this.locked = true;
    await this.endLeftOvers();
    for (const service of this.installation.services) {
      await demandFreePort(service.port, service.name, portVariableOf(service.name));
    }
  }

  private async endLeftOvers(): Promise<void> {
    const known = this.state.read()?.services ?? {};
    const leftOver = this.installation.services.flatMap((service) => {
      const pid = known[service.name]?.pid;
      return pid !== undefined && isServiceOf(pid, this.installation.scriptOf(service)) ? [{ pid, service }] : [];
    });
    const gone = (): boolean =>
      leftOver.every(({ pid, service }) => !isServiceOf(pid, this.installation.scriptOf(service)));
    if (await waitUntil(gone, LEFT_OVER_MS)) return;
    await Promise.all(leftOver.map(({ pid }) => endProcess(pid, 0)));
  }

  private async prepareDatabases(): Promise<void> {
    const { runtime, services, partner } = this.installation;
    await runtime.startPostgres();
    this.databases = await prepareDatabases(runtime, services);
    this.operators = await provideDemoPeople(this.installation.config.dataDir, this.installation.config.environment);
    await provisionDemoPartner(partner, this.databases.routing?.runtimeUrl);
    this.mark('databases', 'Schemas are up to date');
  }

  private async prepareBroker(): Promise<void> {
    await this.installation.runtime.startKafka();
    const { created } = await this.installation.runtime.ensureTopics(this.installation.topics);
    this.mark('topics', created.length > 0 ? `${created.length} topics made` : 'Topics checked');
  }

  private startServices(): void {
    this.processes = this.installation.services.map(
      (service) =>
        new ServiceProcess({
          name: service.name,
          script: this.installation.scriptOf(service),
          url: `http://127.0.0.1:${service.port}`,
          logFile: this.installation.logOf(service),
          environment: this.installation.environmentOf(service, this.databases, this.operators),
          onCrash: this.options.say,
          onLaunch: () => this.noteRestart(),
        }),
    );
    for (const service of this.processes) service.start();
  }

  /** Another pid: what tools read must not stay behind. */
  private noteRestart(): void {
    if (this.current === 'ready') void this.tell('ready').catch(() => undefined);
  }

  private async untilReady(): Promise<void> {
    this.demandGoingOn();
    await this.tell('starting');
    await Promise.all(this.processes.map((service) => this.untilServiceReady(service)));
    this.mark('services', `${this.processes.length} services are ready`);
  }

  private async untilServiceReady(service: ServiceProcess): Promise<void> {
    const crashed = (): boolean => service.restarts >= START_CRASHES;
    const over = (): boolean => crashed() || this.current === 'stopping';
    const ready = async (): Promise<boolean> => over() || (await service.isReady());
    if (!(await waitUntil(ready, READY_MS, READY_POLL_MS)) || crashed()) {
      throw new RuntimeRefusal(`${service.name} did not become ready. The end of its log:\n${service.lastWords()}`);
    }
    this.ready.add(service.name);
  }

  private async tell(state: GatewayState): Promise<GatewayStatus> {
    this.current = state;
    const { installation, databases, operators, processes, ready, timings, startedAt } = this;
    const runtime = state === 'ready' ? await installation.runtime.status() : undefined;
    const status = describeGateway({
      installation,
      state,
      startedAt,
      runtime,
      databases,
      operators,
      processes,
      ready,
      timings,
    });
    this.state.write(status);
    return status;
  }

  private mark(step: string, line: string): void {
    const ms = Math.round(performance.now() - this.began);
    this.timings[`${step}_ms`] = ms;
    this.options.say(`${line} (${Math.round(ms / 100) / 10} s after the start)`);
  }
}

/** Waits for all, then throws the first failure: nothing is still at work when the caller begins to stop. */
async function settleAll(works: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(works);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
