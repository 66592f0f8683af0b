import type { CliConfig } from '../cli.config';
import { Installation } from '../launcher/installation';
import { Launcher } from '../launcher/launcher';
import type { GatewayStatus } from '../launcher/state-file';
import type { Terminal } from '../terminal';

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
    terminal.say('Stopping ...');
    await launcher.stop();
    terminal.say('Stopped.');
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

function describeAddresses(status: GatewayStatus): string {
  const lines = [
    ['Partner API', status.partner_api.url],
    ['Demo API key', status.partner_api.api_key],
    ['Simulator', status.simulator.url],
    ['Kafka', status.kafka.brokers],
    ['PostgreSQL', status.postgres.address],
    ['Logs', status.logs],
  ];
  return lines.map(([name, value]) => `  ${String(name).padEnd(14)}${value}`).join('\n');
}
