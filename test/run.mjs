// Runs the tests of the whole product and counts them: `node test/run.mjs [check|integration|e2e|conformance|crash|faults]`, without an
// argument everything; `e2e <pattern>` only the stories whose path matches. It needs nothing but Node; what it starts has a data folder and ports of its own, and is gone at
// the end. The last line is `N passed, N failed`, with `, N skipped` behind it where there are such.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFORMANCE_SPECS, conformanceTable, unprovenRules } from './conformance-table.mjs';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const bin = (name) => path.join(project, 'node_modules', '.bin', name);
const WORKERS = 2;
/** Stories wait for the running system more than they compute. */
const STORY_WORKERS = 3;
const SYSTEM_READY_MS = 120_000;
const SYSTEM_STOP_MS = 30_000;
/** Load of the crash test: short inside `npm test`; on its own it kills everything twice, and ends within six minutes. */
const CRASH_SECONDS = { all: '60', crash: '150', faults: '100' };
const CRASH_SPEC = 'crash\\.spec';
/** The same load and judge while it is the networks that fail: 2,000 payments, by a command of its own. */
const FAULTS_SPEC = 'faults\\.spec';

const environment = { ...process.env, ...(process.env.CI === 'true' ? { NO_COLOR: '1', FORCE_COLOR: '0' } : {}) };
const totals = { passed: 0, failed: 0, skipped: 0 };
const say = (line) => process.stdout.write(`${line}\n`);

function add({ passed = 0, failed = 0, skipped = 0 }) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
}

/** What runs for us now: it ends with us, also where a signal reaches this process alone. */
const children = new Set();

function run(command, args, env = {}, stdio = 'inherit') {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: project, env: { ...environment, ...env }, stdio });
    children.add(child);
    child.once('close', () => children.delete(child));
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

const CHECKS = [
  ['format', 'prettier', ['--check', '.']],
  ['types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']],
  ['lint', 'eslint', ['.']],
  ['walls', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'bench']],
  ['unused', 'knip', []],
];

/** Each check counts as one test. */
async function runCheck([name, command, args]) {
  const began = performance.now();
  const { code, output } = await run(bin(command), args, {}, ['ignore', 'pipe', 'pipe']);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`${code === 0 ? 'pass' : 'FAIL'}  ${name} (${seconds} s)${code === 0 ? '' : `\n${output.trim()}`}`);
  add(code === 0 ? { passed: 1 } : { failed: 1 });
}

async function runChecks() {
  const waiting = [...CHECKS];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) await runCheck(check);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

/** One Jest project; a suite that could not run counts as a failed test, and so does a Jest that could not. */
async function runJest(jestProject, folder, env, more = [`--maxWorkers=${WORKERS}`]) {
  say(`\n== ${jestProject}`);
  const report = path.join(folder, `jest-${jestProject}.json`);
  rmSync(report, { force: true });
  const args = [
    '--selectProjects',
    jestProject,
    '--ci',
    '--passWithNoTests',
    '--json',
    `--outputFile=${report}`,
    ...more,
  ];
  const { code } = await run(bin('jest'), args, env, ['ignore', 'ignore', 'inherit']);
  if (!existsSync(report)) return add({ failed: 1 });
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  add({
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  });
}

/** The broker and the database of this run, and the services when they are wanted. */
class TestSystem {
  /** Where test runs have their folders, each called by its process. */
  static place() {
    const local = require('../dist/libs/local-runtime/src/index.js');
    return [local, path.join(local.chooseDataFolder(project, process.env.GATEWAY_DATA), 'tests')];
  }

  static async open() {
    const [local, parent] = TestSystem.place();
    await TestSystem.clearAbandoned(local, parent);
    const folder = path.join(parent, String(process.pid));
    const [postgres, kafka, kafkaController] = await local.drawFreePorts(3);
    return new TestSystem(local, folder, { postgres, kafka, kafkaController });
  }

  /** What a killed run has left behind is ended and removed. */
  static async clearAbandoned(local, parent) {
    if (!existsSync(parent)) return;
    for (const name of readdirSync(parent)) {
      if (local.isRunning(Number(name))) continue;
      const ports = { postgres: 1, kafka: 1, kafkaController: 1 };
      await local.LocalRuntime.open({ dataDir: path.join(parent, name), ports }).halt();
      rmSync(path.join(parent, name), { recursive: true, force: true });
    }
  }

  constructor(local, folder, ports) {
    this.local = local;
    this.folder = folder;
    this.ports = ports;
    this.prefix = `t${process.pid}`;
    this.runtime = local.LocalRuntime.open({
      dataDir: folder,
      ports,
      databaseUrl: process.env.DATABASE_URL || undefined,
      kafkaBrokers: process.env.KAFKA_BROKERS || undefined,
      databasePrefix: `${this.prefix}_`,
      say,
    });
  }

  async startRuntime() {
    await this.runtime.up();
    return {
      TEST_DATABASE_ADMIN_URL: this.runtime.databaseUrl,
      TEST_KAFKA_BROKERS: this.runtime.kafkaBrokers.join(','),
    };
  }

  /** All services, from the build, on free ports; a broker or database that a test ends stays ended until it starts it. */
  async startServices() {
    const main = path.join(project, 'dist', 'apps', 'cli', 'src', 'main.js');
    const env = { ...environment, ...this.launcherVariables(), ...(await this.drawServicePorts()) };
    this.launcher = spawn(process.execPath, [main, 'start', '--no-demo', '--no-revive'], {
      cwd: project,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.launcher.once('exit', () => (this.launcher = undefined));
    const ready = () => this.launcher === undefined || this.readStatus()?.state === 'ready';
    await this.local.waitUntil(ready, SYSTEM_READY_MS, 200);
    return this.readStatus()?.state === 'ready';
  }

  launcherVariables() {
    return {
      GATEWAY_DATA: this.folder,
      GATEWAY_POSTGRES_PORT: String(this.ports.postgres),
      GATEWAY_KAFKA_PORT: String(this.ports.kafka),
      GATEWAY_KAFKA_CONTROLLER_PORT: String(this.ports.kafkaController),
      GATEWAY_DATABASE_PREFIX: `${this.prefix}_`,
      TOPIC_PREFIX: `${this.prefix}.`,
      ENQUIRY_PROFILE: 'short',
      npm_lifecycle_event: '',
    };
  }

  async drawServicePorts() {
    const { findServices, portVariableOf } = require('../dist/apps/cli/src/launcher/service-manifest.js');
    const services = findServices(project, {});
    const ports = await this.local.drawFreePorts(services.length);
    return Object.fromEntries(services.map(({ name }, index) => [portVariableOf(name), String(ports[index])]));
  }

  get statusFile() {
    return path.join(this.folder, 'state.json');
  }

  readStatus() {
    return existsSync(this.statusFile) ? JSON.parse(readFileSync(this.statusFile, 'utf8')) : undefined;
  }

  async stop(totalsAreGood) {
    this.launcher?.kill('SIGTERM');
    await this.local.waitUntil(() => this.launcher === undefined, SYSTEM_STOP_MS);
    this.launcher?.kill('SIGKILL');
    await this.dropForeignDatabases();
    await this.runtime.down();
    if (totalsAreGood) rmSync(this.folder, { recursive: true, force: true });
    else say(`The logs of this run stay in ${path.join(this.folder, 'logs')} until the next one.`);
  }

  /** On a server that is not ours nothing may stay. */
  async dropForeignDatabases() {
    if (!process.env.DATABASE_URL) return;
    const services = Object.keys(this.readStatus()?.services ?? {});
    await this.runtime.dropServiceDatabases(services);
  }
}

async function runSystemTests(system) {
  if (!(await system.startServices())) {
    say('FAIL  the services did not start');
    return add({ failed: 1 });
  }
  const env = { GATEWAY_STATUS: system.statusFile };
  const only = pattern === undefined ? [] : ['--testPathPatterns', pattern];
  await runJest('e2e', system.folder, env, [`--maxWorkers=${STORY_WORKERS}`, ...only]);
  const order = ['--runInBand', '--testSequencer', path.join(project, 'test', 'in-order-of-names.cjs')];
  await runJest('alone', system.folder, env, [
    ...order,
    '--testPathIgnorePatterns',
    `(${CRASH_SPEC}|${FAULTS_SPEC})`,
    ...only,
  ]);
}

/** Two instances of each service on servers of their own, and nothing else beside them. Its report comes last. */
async function runCrashTest(mode) {
  const folder = path.join(project, '.gateway', 'crash');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await TestSystem.clearAbandoned(...TestSystem.place());
  const report = path.join(folder, 'report.txt');
  const env = { CRASH_SECONDS: process.env.CRASH_SECONDS ?? CRASH_SECONDS[mode], CRASH_REPORT: report };
  // Ctrl-C ends Jest, too; what it leaves behind is ended here.
  process.once('SIGINT', () => undefined);
  await runJest('alone', folder, env, [
    '--runInBand',
    '--testPathPatterns',
    mode === 'faults' ? FAULTS_SPEC : CRASH_SPEC,
  ]);
  if (existsSync(report)) say(`\n${readFileSync(report, 'utf8')}`);
  else await TestSystem.clearAbandoned(...TestSystem.place());
}

async function runOnRuntime(mode) {
  const system = await TestSystem.open();
  const onSignal = () => {
    for (const child of children) child.kill('SIGTERM');
    void system.stop(false).finally(() => process.exit(130));
  };
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, onSignal);
  try {
    const addresses = await system.startRuntime();
    if (mode === 'conformance') return await runConformance(system, addresses);
    if (mode === 'all' || mode === 'integration') await runIntegrationTests(system, addresses);
    if (mode !== 'integration') await runSystemTests(system);
  } finally {
    await system.stop(totals.failed === 0);
  }
}

/** Processes stopped for a minute hold what others on the same server wait for: they are tested after the others. */
const SLEEPERS = 'sleepers';

async function runIntegrationTests({ folder }, addresses) {
  const workers = `--maxWorkers=${WORKERS}`;
  await runJest('integration', folder, addresses, [workers, '--testPathIgnorePatterns', SLEEPERS]);
  await runJest('integration', folder, addresses, ['--runInBand', '--testPathPatterns', SLEEPERS]);
}

/** What the wallet networks keep to, rule by rule, with what proves it. */
async function runConformance(system, addresses) {
  const only = [`--maxWorkers=${WORKERS}`, '--testPathPatterns', CONFORMANCE_SPECS];
  for (const name of ['unit', 'integration']) await runJest(name, system.folder, addresses, only);
  const reports = ['unit', 'integration'].map((name) => path.join(system.folder, `jest-${name}.json`));
  say(conformanceTable(reports, project));
  add({ failed: unprovenRules(reports, project).length });
}

async function runUnitTests() {
  const folder = path.join(project, '.gateway', 'unit');
  mkdirSync(folder, { recursive: true });
  await runJest('unit', folder, {});
}

async function main(mode) {
  const setUp = spawnSync(process.execPath, [path.join(project, 'apps', 'cli', 'setup.mjs')], { stdio: 'inherit' });
  if (setUp.status !== 0) return add({ failed: 1 });
  if (mode === 'all' || mode === 'check') await runChecks();
  if (mode === 'all') await runUnitTests();
  if (!['check', 'crash', 'faults'].includes(mode)) await runOnRuntime(mode);
  if (['all', 'crash', 'faults'].includes(mode)) await runCrashTest(mode);
}

const mode = process.argv[2] ?? 'all';
/** Of the stories, those whose path matches. */
const pattern = process.argv[3];
if (!['all', 'check', 'integration', 'e2e', 'conformance', 'crash', 'faults'].includes(mode)) {
  process.stderr.write('usage: node test/run.mjs [check|integration|e2e|conformance|crash|faults]\n');
  process.exit(2);
}
main(mode)
  .catch((error) => {
    add({ failed: 1 });
    process.stderr.write(`${error.stack}\n`);
  })
  .finally(() => {
    const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
    process.exitCode = totals.failed === 0 ? 0 : 1;
    say(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
  });
