import { allowConnectionsOnlyTo } from './network-guard';
import { DecryptionDesk } from './decryption-desk';
import {
  SETTINGS_VARIABLE,
  type AnyAnswer,
  type DecryptionNotice,
  type DecryptionRequest,
  type DecryptionSettings,
} from './messages';

/**
 * The process in which tokens are opened. It has keys and the acquirer's account; no database, no log, no other network.
 * It is started by the card service, speaks over the channel to it alone, and ends with it.
 */
function main(): void {
  process.on('disconnect', () => process.exit(0));
  // What ends the service ends this process, in the service's own order: by closing the channel.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const { desk, timeoutMs } = open();
  process.on('message', (request: DecryptionRequest) => void serve(desk, request, timeoutMs));
  tell({ kind: 'ready' });
}

function open(): { desk: DecryptionDesk; timeoutMs: number } {
  try {
    const settings = JSON.parse(process.env[SETTINGS_VARIABLE] ?? '') as DecryptionSettings;
    delete process.env[SETTINGS_VARIABLE];
    allowConnectionsOnlyTo(new URL(settings.acquirer.baseUrl));
    return { desk: new DecryptionDesk(settings), timeoutMs: settings.acquirer.socketTimeoutMs };
  } catch (error) {
    // Messages of our own readers and of the file system: they name files and merchants, never what is in them.
    tell({ kind: 'unfit', problem: (error as Error).message });
    process.disconnect();
    process.exit(1);
  }
}

async function serve(desk: DecryptionDesk, { id, question }: DecryptionRequest, timeoutMs: number): Promise<void> {
  let answer: AnyAnswer;
  try {
    answer = await desk.answer(question, AbortSignal.timeout(timeoutMs));
  } catch {
    // A defect: whether something was sent is not known, and what the error says could hold what must not be told.
    answer = { kind: 'called', call: { kind: 'silent', code: 'DECRYPTION_DEFECT' } };
  }
  tell({ kind: 'answer', id, answer });
}

function tell(notice: DecryptionNotice): void {
  if (process.connected) process.send?.(notice);
}

main();
