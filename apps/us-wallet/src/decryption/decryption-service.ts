import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { AcquirerPayment } from '../acquirer/acquirer-answers';
import type { PaymentOrder } from '../acquirer/acquirer-client';
import type { TokenFields } from '../apple-pay/payment-token';
import {
  SETTINGS_VARIABLE,
  type AnyAnswer,
  type DecryptionAnswer,
  type DecryptionNotice,
  type DecryptionQuestion,
  type DecryptionSettings,
  type InspectedToken,
} from './messages';
import { restrictionsFor } from './process-restrictions';

/** A process that ended is started again after this time; one that cannot work with its settings gets a longer rest. */
const PAUSE_MS = 500;
const UNFIT_PAUSE_MS = 10_000;

interface Running {
  readonly process: ChildProcess;
  /** Whether it came to be ready. */
  ready: Promise<boolean>;
  isReady: boolean;
  readonly waiting: Map<number, (answer: AnyAnswer) => void>;
}

const NOT_SENT: AnyAnswer = { kind: 'called', call: { kind: 'never_left' } };
const LOST: AnyAnswer = { kind: 'called', call: { kind: 'silent', code: 'DECRYPTION_ENDED' } };
const LATE: AnyAnswer = { kind: 'called', call: { kind: 'silent', code: 'NO_ANSWER_IN_TIME' } };

/** The service's side of the decryption process: starts it, asks it, and starts it again where it ended. */
export class DecryptionService {
  private running: Running | null = null;
  private again: NodeJS.Timeout | undefined;
  private stopped = false;
  private lastId = 0;
  /** Why the process last said that it cannot work. */
  private problem: string | null = null;

  /** @param nodeOptions replaces the restrictions of the process, for tests that run it from its sources. */
  constructor(
    private readonly settings: DecryptionSettings,
    private readonly nodeOptions?: readonly string[],
  ) {}

  /** @throws Error where the process cannot work with its settings. */
  async start(): Promise<void> {
    this.running ??= this.launch();
    if (await this.running.ready) return;
    this.stop();
    throw new Error(`the decryption process does not start: ${this.problem ?? 'it ended'}`);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.again);
    if (this.running?.process.connected) this.running.process.disconnect();
  }

  /** What is wrong with it, or null. */
  state(): string | null {
    return this.running?.isReady === true ? null : (this.problem ?? 'the decryption process is not running');
  }

  /** For tests that end it. */
  get pid(): number | undefined {
    return this.running?.process.pid;
  }

  inspect(token: TokenFields, nowMs: number, signal: AbortSignal): Promise<DecryptionAnswer<InspectedToken>> {
    const question = { kind: 'inspect', token, nowMs } as const;
    return this.ask(question, signal) as Promise<DecryptionAnswer<InspectedToken>>;
  }

  pay(token: TokenFields, order: PaymentOrder, signal: AbortSignal): Promise<DecryptionAnswer<AcquirerPayment>> {
    const question = { kind: 'pay', token, order } as const;
    return this.ask(question, signal) as Promise<DecryptionAnswer<AcquirerPayment>>;
  }

  private async ask(question: DecryptionQuestion, signal: AbortSignal): Promise<AnyAnswer> {
    if (this.running === null) return NOT_SENT;
    const { running } = this;
    const isReady = await before(signal, running.ready, false);
    if (!isReady || !running.process.connected) return NOT_SENT;
    const id = ++this.lastId;
    const answer = new Promise<AnyAnswer>((resolve) => running.waiting.set(id, resolve));
    running.process.send({ id, question }, (error) => {
      if (error !== null) running.waiting.get(id)?.(LOST);
    });
    return before(signal, answer, LATE).finally(() => running.waiting.delete(id));
  }

  private launch(): Running {
    const script = path.join(__dirname, `decryption-process${path.extname(__filename)}`);
    const child = fork(script, [], {
      // Keys travel in the environment of this one process: no argument, no file of ours, no log.
      env: { ...certificateAuthorities(), [SETTINGS_VARIABLE]: JSON.stringify(this.settings) },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      execArgv: [...(this.nodeOptions ?? restrictionsFor(script, this.settings))],
    });
    const waiting = new Map<number, (answer: AnyAnswer) => void>();
    const running: Running = { process: child, waiting, isReady: false, ready: Promise.resolve(false) };
    running.ready = new Promise<boolean>((resolve) => {
      child.on('message', (notice: DecryptionNotice) => {
        if (notice.kind === 'answer') return waiting.get(notice.id)?.(notice.answer);
        running.isReady = notice.kind === 'ready';
        this.problem = notice.kind === 'unfit' ? notice.problem : null;
        resolve(running.isReady);
      });
      const over = (): void => {
        this.ended(running);
        resolve(false);
      };
      child.once('exit', over);
      // Also where it could not be started at all, or not be told something.
      child.on('error', over);
    });
    return running;
  }

  private ended(running: Running): void {
    for (const lose of running.waiting.values()) lose(LOST);
    if (this.running !== running) return;
    this.running = null;
    if (this.stopped) return;
    const relaunch = (): void => {
      this.running = this.launch();
    };
    this.again = setTimeout(relaunch, this.problem === null ? PAUSE_MS : UNFIT_PAUSE_MS);
  }
}

/** Of the service's own environment the process gets one thing: whom to trust beside Node's own list. */
function certificateAuthorities(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: file } = process.env;
  return file === undefined ? {} : { NODE_EXTRA_CA_CERTS: file };
}

async function before<T>(signal: AbortSignal, answer: Promise<T>, otherwise: T): Promise<T> {
  let stop = (): void => undefined;
  const late = new Promise<T>((resolve) => {
    stop = () => resolve(otherwise);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([late, answer]).finally(() => signal.removeEventListener('abort', stop));
}
