// Makes a clone ready to run: packages, build, the broker's jars. It compares hashes and does nothing when nothing
// changed, so that it can stand before every command. It may use nothing that it installs.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const keepFolder = path.join(project, '.gateway');
const jarFolder = path.join(keepFolder, 'kafka-4.1.2');
const lockFile = path.join(keepFolder, 'setup.lock');
const packagesStamp = path.join(project, 'node_modules', '.gateway-installed');
const buildStamp = path.join(project, 'dist', '.gateway-built');
const MAVEN_COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const LOCK_PATIENCE_MS = 10 * 60_000;
const LONG_STEP_SECONDS = 1;

// A command that answers on standard output keeps it for its answer.
const out = process.argv.includes('--quiet') ? process.stderr : process.stdout;
const say = (line) => out.write(`${line}\n`);

class Stop extends Error {}

function demandNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Stop(`Node ${process.versions.node} is too old: install Node 20.19 or newer (https://nodejs.org).`);
}

const wayOut = 'or set KAFKA_BROKERS (host:port) to a Kafka you already have.';

function demandJavaAndMaven() {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(`${java.stderr}${java.stdout}`)?.[1] ?? 0);
  if (version < 17) {
    const found = version === 0 ? 'Java is missing' : `Java ${version} is too old`;
    throw new Stop(
      `${found}: the embedded Kafka needs Java 17 or newer (Debian: apt install openjdk-17-jre-headless), ${wayOut}`,
    );
  }
  if (spawnSync('mvn', ['-v']).status !== 0) {
    throw new Stop(
      `Maven is missing: it fetches the embedded Kafka once (Debian: apt install openjdk-17-jre-headless maven), ${wayOut}`,
    );
  }
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(project, file)))
      .update('\0');
  return hash.digest('hex');
}

function filesBelow(folder) {
  const absolute = path.join(project, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(project, path.join(entry.parentPath ?? entry.path, entry.name)));
}

function sourcesHash() {
  const sources = ['apps', 'libs', 'bench']
    .flatMap(filesBelow)
    .filter((file) => /\.(ts|json)$/.test(file) && !file.endsWith('.spec.ts'));
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];
  return hashOf([...sources.sort(), ...settings]);
}

const stampIs = (file, hash) => existsSync(file) && readFileSync(file, 'utf8') === hash;

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs one step, says one line about it, and returns its seconds. */
async function step(doing, done, command, args, hint = '') {
  if (out.isTTY) say(`${doing} ...`);
  const began = performance.now();
  const { code, output } = await run(command, args);
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Stop(`${output.trim()}\n${doing} failed${hint}`);
  say(seconds >= LONG_STEP_SECONDS ? `${done} (${seconds.toFixed(1)} s)` : done);
  return seconds;
}

async function installPackages(hash) {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const seconds = await step('Installing packages', 'Packages installed', 'npm', args);
  writeFileSync(packagesStamp, hash);
  return seconds;
}

async function fetchKafka() {
  const beside = `${jarFolder}.new`;
  rmSync(beside, { recursive: true, force: true });
  const pom = path.join('libs', 'local-runtime', 'kafka', 'pom.xml');
  const args = ['-B', '-q', '-f', pom, MAVEN_COPY, '-DincludeScope=runtime', `-DoutputDirectory=${beside}`];
  const seconds = await step(
    'Fetching Apache Kafka',
    'Apache Kafka fetched',
    'mvn',
    args,
    `: check the network, ${wayOut}`,
  );
  renameSync(beside, jarFolder);
  return seconds;
}

/** Both only wait for the network, so they wait together. */
async function download() {
  const began = performance.now();
  const lock = hashOf(['package-lock.json']);
  const needsKafka = !process.env.KAFKA_BROKERS && !existsSync(jarFolder);
  if (needsKafka) demandJavaAndMaven();
  const steps = needsKafka ? [fetchKafka()] : [];
  if (!stampIs(packagesStamp, lock)) steps.push(installPackages(lock));
  const outcomes = await Promise.allSettled(steps);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return steps.length === 0 ? 0 : (performance.now() - began) / 1000;
}

async function build() {
  const hash = sourcesHash();
  if (stampIs(buildStamp, hash)) return;
  const nest = path.join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  await step('Building', 'Built', process.execPath, [nest, 'build', '-p', 'tsconfig.build.json']);
  writeFileSync(buildStamp, hash);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function tryLock() {
  try {
    const file = openSync(lockFile, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** A lock whose holder has died is nobody's; an empty one is being written this very moment. */
function removeDeadLock() {
  try {
    const holder = readFileSync(lockFile, 'utf8');
    if (holder !== '' && !isAlive(Number(holder))) rmSync(lockFile, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

async function lock() {
  mkdirSync(keepFolder, { recursive: true });
  const deadline = performance.now() + LOCK_PATIENCE_MS;
  for (let waiting = false; !tryLock(); waiting = true) {
    if (!waiting && out.isTTY) say('Waiting for another set-up of this folder to finish ...');
    if (performance.now() > deadline) throw new Stop(`Another set-up holds ${lockFile}: remove it if none runs.`);
    removeDeadLock();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function main() {
  demandNode();
  await lock();
  const release = () => rmSync(lockFile, { force: true });
  process.once('exit', release);
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(1));
  const began = performance.now();
  const downloadSeconds = await download();
  await build();
  const seconds = (performance.now() - began) / 1000;
  if (downloadSeconds > 0) say(`Set-up took ${seconds.toFixed(1)} s, ${downloadSeconds.toFixed(1)} s of it downloads`);
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Stop ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
