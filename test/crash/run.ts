import { randomBytes } from 'node:crypto';
import { Database } from '@gateway/persistence';
import { provisionPartner } from '../../apps/routing/src/provision';
import { CALM, WILD } from './behaviours';
import { disturbNotifications } from './disturbed-notifications';
import { collectEvidence, type Evidence } from './evidence';
import { CrashInstallation } from './installation';
import { Killer, planKills } from './killer';
import { Load, PAYMENTS_PER_SECOND } from './load';
import { drawOrders } from './orders';
import { PersistentPartner } from './persistent-partner';
import { Reader } from './reader';
import { untilSettled } from './settling';
import { Watch } from './watch';
import { World } from './world';

const PARTNERS = 8;
/** Networks repeat what was not taken after a minute and more. */
const SETTLE_MS = { processes: 150_000, networks: 240_000 };
const TELL_EVERY_MS = 10_000;

export interface CrashRunOptions {
  readonly seed: number;
  /** How long the load lasts. */
  readonly seconds: number;
  readonly say: (line: string) => void;
  /** What fails: our own processes, or the networks outside. */
  readonly failing: 'processes' | 'networks';
}

/** A run that is over, with all that it left to judge. */
export interface CrashRun {
  readonly options: CrashRunOptions;
  readonly installation: CrashInstallation;
  readonly partners: readonly PersistentPartner[];
  readonly evidence: Evidence;
  /** Starts of processes that nobody had killed. */
  readonly ownEnds: number;
}

/** Starts two of everything, sends the load, kills by plan, waits until nothing moves, and collects the evidence. */
export async function playCrashRun(options: CrashRunOptions): Promise<CrashRun> {
  const { say, seed, seconds } = options;
  const installation = await CrashInstallation.start(say);
  const world = new World(installation.urlOf('simulator'), installation.controlToken);
  const partners = await enrolPartners(installation, world);
  const reader = await Reader.open(installation);
  const watch = new Watch(reader, installation);
  try {
    const load = new Load(partners, world);
    const killer = new Killer(installation, say);
    const names = installation.instances.map(({ name }) => name);
    const plan = options.failing === 'processes' ? planKills(names, seconds, seed) : [];
    if (options.failing === 'networks') await disturbNotifications(world);
    watch.start();
    const telling = setInterval(() => say(`${load.acceptedSoFar} payments accepted`), TELL_EVERY_MS);
    const [result] = await Promise.all([
      load.run(
        drawOrders(seed, seconds * PAYMENTS_PER_SECOND, PARTNERS, options.failing === 'processes' ? CALM : WILD),
      ),
      killer.run(plan),
    ]).finally(() => clearInterval(telling));
    say(`The load is over: ${result.accepted.length} payments accepted`);
    const settled = await untilSettled(reader, SETTLE_MS[options.failing], options.failing === 'networks');
    say(settled.rest === null ? `Settled after ${settled.seconds} s` : `Not settled: ${settled.rest}`);
    await watch.stop();
    const evidence = await collectEvidence(
      { installation, reader, world },
      { load: result, planned: plan, kills: killer.done, settled, watch },
    );
    const restarts = installation.instances.reduce((sum, { process }) => sum + process.restarts, 0);
    const killed = killer.done.filter(({ victim }) => installation.instances.some(({ name }) => name === victim));
    return { options, installation, partners, evidence, ownEnds: restarts - killed.length };
  } catch (error) {
    await watch.stop();
    await installation.stop(true);
    throw error;
  } finally {
    await reader.close().catch(() => undefined);
  }
}

/** Partners with a receiver each. */
async function enrolPartners(installation: CrashInstallation, world: World): Promise<PersistentPartner[]> {
  const url = installation.databases['routing']?.runtimeUrl ?? '';
  const database = await Database.connect({ url, applicationName: 'crash', poolSize: 1 });
  try {
    const partners: PersistentPartner[] = [];
    for (let number = 1; number <= PARTNERS; number++) {
      const partnerId = `prt_crash${number}`;
      const key = `sk_test_${randomBytes(8).toString('hex')}_${randomBytes(24).toString('hex')}`;
      await provisionPartner(database, { partnerId, name: `Partner ${number}`, key });
      partners.push(new PersistentPartner(installation.partnerApis, key, partnerId));
    }
    for (const partner of partners) {
      const receiver = { url: world.receiverUrl(partner.partnerId) };
      const { secret } = await partner.create<{ secret: string }>('/v1/webhook_endpoints', receiver);
      await world.receiveWith(partner.partnerId, secret);
    }
    return partners;
  } finally {
    await database.close();
  }
}
