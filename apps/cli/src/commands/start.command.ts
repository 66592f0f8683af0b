import type { CliConfig } from '../cli.config';
import { describeDemoForTools } from '../demo/demo-json';
import { describeDemo } from '../demo/demo-text';
import { type DemoResult, runDemo } from '../demo/run-demo';
import { Installation } from '../launcher/installation';
import { Launcher } from '../launcher/launcher';
import type { GatewayStatus } from '../launcher/state-file';
import type { Terminal } from '../terminal';
import { describeAddresses } from './status.command';

export interface StartOptions {
  /** End after the demo's payments. */
  readonly once?: boolean;
  /** One JSON object as the last line. */
  readonly json?: boolean;
  /** False: no demo payments. */
  readonly demo?: boolean;
  /** False: a broker or database that ends stays so; for tests that end them. */
  readonly revive?: boolean;
}

const EXIT_INTERRUPTED = 130;

/** Starts everything, shows one payment each way and stays, until Ctrl-C, SIGTERM or the end of npm. */
export async function start(config: CliConfig, terminal: Terminal, options: StartOptions): Promise<void> {
  const installation = new Installation(config, terminal.say);
  const stopping = new AbortController();
  const launcher = new Launcher(installation, {
    revive: options.revive !== false,
    onOrphaned: config.environment.npm_lifecycle_event === 'start' ? () => stopping.abort() : undefined,
    say: terminal.say,
  });
  listenForSignals(launcher, stopping, terminal);
  let answer: object | undefined;
  try {
    const work = run(installation, launcher, terminal, options);
    answer = await Promise.race([work, aborted(stopping.signal)]);
    if (!options.once) await aborted(stopping.signal);
    else if (stopping.signal.aborted) process.exitCode = EXIT_INTERRUPTED;
  } finally {
    if (launcher.isHolding) terminal.say('Stopping ...');
    await launcher.stop();
  }
  // Last, after all that stopping says.
  if (options.once && options.json && answer) terminal.answer(answer, '');
}

async function run(
  installation: Installation,
  launcher: Launcher,
  terminal: Terminal,
  options: StartOptions,
): Promise<object> {
  const status = await launcher.start();
  const answer = options.demo === false ? status : await showDemo(installation, status, terminal, options);
  if (!options.once) terminal.say(`\n${describeAddresses(status)}\n\nCtrl-C stops everything; the data stays.`);
  return answer;
}

/** Two payments and what became of them. Whether they arrived decides the exit code of a run that ends with them. */
async function showDemo(
  installation: Installation,
  status: GatewayStatus,
  terminal: Terminal,
  options: StartOptions,
): Promise<object> {
  try {
    const result = await runDemo(status);
    terminal.say(`\n${describeDemo(result, terminal)}\n`);
    if (!result.ok) tellFailure('a payment did not complete, or the books are not settled', terminal, options);
    return await describeForTools(installation, status, result);
  } catch (error) {
    const reason = (error as Error).message;
    tellFailure(reason, terminal, options);
    return { ok: false, reason };
  }
}

function tellFailure(reason: string, terminal: Terminal, options: StartOptions): void {
  terminal.say(terminal.paint('red', `The demo's payments failed: ${reason}`));
  if (options.once) process.exitCode = 1;
}

async function describeForTools(
  installation: Installation,
  status: GatewayStatus,
  result: DemoResult,
): Promise<object> {
  const topics = await installation.runtime.countRecords(installation.topics.map(({ topic }) => topic));
  const timings = { ...status.timings, demo_ms: Math.max(...result.payments.map(({ elapsedMs }) => elapsedMs)) };
  return describeDemoForTools(result, topics, timings);
}

/** The first signal stops in order, the second at once. */
function listenForSignals(launcher: Launcher, stopping: AbortController, terminal: Terminal): void {
  const onSignal = (): void => {
    if (!stopping.signal.aborted) return stopping.abort();
    terminal.say('Ending everything now.');
    void launcher.halt().finally(() => process.exit(EXIT_INTERRUPTED));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
