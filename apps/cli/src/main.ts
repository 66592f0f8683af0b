import { Command, CommanderError } from 'commander';
import { RuntimeRefusal } from '@gateway/local-runtime';
import { type CliConfig, readCliConfig, UsageError } from './cli.config';
import { doctor } from './commands/doctor.command';
import { logs } from './commands/logs.command';
import { migrate } from './commands/migrate.command';
import { newNetwork } from './commands/network.command';
import { serve } from './commands/serve.command';
import { start } from './commands/start.command';
import { status } from './commands/status.command';
import { dropParked, parked, replay, retryParked } from './commands/messages.command';
import { resetTopics } from './commands/topics.command';
import { testRuntimeDown, testRuntimeUp } from './commands/test-runtime.command';
import { down, up } from './commands/up-and-down.command';
import { Terminal } from './terminal';

/** 0 done, 1 failed, 2 wrong usage, 3 refused: the state of the world forbids it, and the message says what to change. */
const EXIT = { failed: 1, usage: 2, refused: 3 } as const;

type Run = (config: CliConfig, terminal: Terminal, options: Record<string, unknown>) => Promise<void>;

function buildProgram(): Command {
  const program = new Command('gw').description('Runs the gateway on this machine.').exitOverride();
  addCommand(program, 'start', 'start everything, send one payment each way, stay until Ctrl-C', start)
    .option('--once', 'end after the payments')
    .option('--no-demo', 'send no payments')
    .option('--no-revive', 'leave a broker or database that ends as it is');
  addCommand(program, 'up', 'start everything in the background', up);
  addCommand(program, 'down', 'stop it', down);
  addCommand(program, 'status', 'what runs, and where', status);
  addCommand(program, 'doctor', 'check what a start needs', doctor);
  addCommand(program, 'migrate', 'databases, schemas and topics on your own PostgreSQL and Kafka', migrate);
  addCommand(program, 'serve', 'run one service in this process, as containers do', serve).argument('<service>');
  addCommand(program, 'logs', 'show the end of the logs', logs)
    .argument('[service]', 'one log alone: a service, kafka, postgres')
    .option('-f, --follow', 'go on with what comes');
  addMessageCommands(program);
  const network = program.command('network').description('wallet networks of this project');
  addCommand(network, 'new', 'write the folders of a new one', newNetwork).argument('<id>');
  const topics = program.command('topics').description('the topics of this installation');
  addCommand(topics, 'reset', 'delete all records and begin anew; the gateway must be stopped', resetTopics).option(
    '--yes',
    'that is meant',
  );
  const testRuntime = program.command('test-runtime').description('PostgreSQL and Kafka alone, for integration tests');
  addCommand(testRuntime, 'up', 'start them and print their addresses', testRuntimeUp);
  addCommand(testRuntime, 'down', 'stop them', testRuntimeDown);
  return program;
}

function addMessageCommands(program: Command): void {
  const messages = program.command('messages').description('records that wait, and records to be sent again');
  addCommand(messages, 'parked', 'what waits beside the stream', parked);
  const decided = (command: Command): Command =>
    command
      .argument('<service>')
      .argument('<number>', 'as "parked" shows it')
      .requiredOption('--by <person>', 'who decides')
      .requiredOption('--reason <text>', 'why');
  decided(addCommand(messages, 'retry', 'try a parked record again', retryParked));
  decided(
    addCommand(messages, 'drop', 'give a parked record up; what is behind it goes on', dropParked),
  ).requiredOption('--approved-by <person>', 'the second person');
  addCommand(messages, 'replay', "send records again, from their writer's outbox", replay)
    .argument('<topic>')
    .option('--key <key>', 'those of one key alone: a payment id')
    .option('--since <time>', 'those written from this time on');
}

function addCommand(parent: Command, name: string, description: string, run: Run): Command {
  return parent
    .command(name)
    .description(description)
    .exitOverride()
    .option('--json', 'answer with one JSON object')
    .action((...received: unknown[]) => {
      const command = received.at(-1) as Command;
      const options = command.opts<{ json?: boolean }>();
      return run(readCliConfig(), new Terminal(options.json === true), { ...options, args: command.args });
    });
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof RuntimeRefusal ? EXIT.refused : EXIT.failed;
}

async function main(): Promise<void> {
  try {
    await buildProgram().parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (!(error instanceof CommanderError)) process.stderr.write(`${(error as Error).message}\n`);
  }
}

void main();
