import type { CliConfig } from '../cli.config';
import { Installation } from '../launcher/installation';
import { Launcher } from '../launcher/launcher';
import type { Terminal } from '../terminal';
import { describeAddresses } from './status.command';

export interface StartOptions {
  /** End after the demo's payments. */
  readonly once?: boolean;
  /** False: no demo payments. */
  readonly demo?: boolean;
  /** False: a broker or database that ends stays so; for tests that end them. */
  readonly revive?: boolean;
}

const EXIT_INTERRUPTED = 130;

/** Starts everything and stays, until Ctrl-C, SIGTERM or the end of npm. */
export async function start(config: CliConfig, terminal: Terminal, options: StartOptions): Promise<void> {
  const fromNpm = config.environment.npm_lifecycle_event === 'start';
  const stopping = new AbortController();
  const launcher = new Launcher(new Installation(config, terminal.say), {
    revive: options.revive !== false,
    onOrphaned: fromNpm ? () => stopping.abort() : undefined,
    say: terminal.say,
  });
  listenForSignals(launcher, stopping, terminal);
  try {
    await Promise.race([run(launcher, terminal, options), aborted(stopping.signal)]);
    if (!options.once) await aborted(stopping.signal);
  } finally {
    if (launcher.isHolding) terminal.say('Stopping ...');
    await launcher.stop();
  }
}

async function run(launcher: Launcher, terminal: Terminal, _options: StartOptions): Promise<void> {
  const status = await launcher.start();
  terminal.say(describeAddresses(status));
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

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
