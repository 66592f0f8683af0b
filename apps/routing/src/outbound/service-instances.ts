import { Logger } from '@nestjs/common';

/** One request to a service, whichever of its instances answers. */
export interface InternalCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /**
   * Asking two instances does what asking one does: it reads, it carries a key, or what the first one made of it binds
   * nobody. Without it the next one is asked only where the request certainly did not leave.
   */
  readonly repeatable?: boolean;
  /** The answer waits for somebody outside: the first instance is given all the time there is. */
  readonly slow?: boolean;
}

/** What an instance answered; no body where it is no JSON object. */
export interface InternalAnswer {
  readonly status: number;
  readonly body: Record<string, unknown> | null;
}

/** Why there is no answer. */
interface Silence {
  readonly silence: string;
}

/** All attempts together. */
const DEADLINE_MS = 8_000;
/** A database is asked in this time; an instance that is not ready by then is left for the next one. */
const PROMPT_MS = 3_000;
/** So long an instance that said nothing is asked after the others. */
const AVOID_MS = 5_000;
const LONGEST_ANSWER = 262_144;
const NOT_NOW = 503;
/** Nobody was connected to, so nothing has left. */
const NEVER_SENT: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/**
 * The instances of one service, asked in turn, so that they share the load; where one does not answer, or answers that it
 * cannot now, the next one is asked. undici's BalancedPool does less: it spreads requests and fails the one that met a
 * dead instance, and of two it may go on choosing that one.
 */
export class ServiceInstances {
  private readonly logger = new Logger('internal services');
  /** When each last said nothing. */
  private readonly silentAt = new Map<string, number>();
  private turn = 0;

  constructor(
    private readonly addresses: readonly string[],
    private readonly token: string,
  ) {}

  /** The first answer that is more than a refusal for now, else the last of these; null where nobody has answered. */
  async ask(call: InternalCall): Promise<InternalAnswer | null> {
    const end = performance.now() + DEADLINE_MS;
    const order = this.inTurn();
    let latest: InternalAnswer | null = null;
    for (const [index, address] of order.entries()) {
      const leftMs = Math.ceil(end - performance.now());
      if (leftMs <= 0) break;
      const isLast = index === order.length - 1;
      const heard = await this.attempt(address, call, isLast ? leftMs : Math.min(patienceFor(call), leftMs));
      if (!('silence' in heard)) latest = heard;
      if (!mayAskNext(call, heard)) break;
    }
    return latest;
  }

  private inTurn(): string[] {
    const first = this.turn++ % this.addresses.length;
    const order = [...this.addresses.slice(first), ...this.addresses.slice(0, first)];
    const avoided = (address: string): boolean =>
      performance.now() - (this.silentAt.get(address) ?? Number.NEGATIVE_INFINITY) < AVOID_MS;
    return [...order.filter((address) => !avoided(address)), ...order.filter(avoided)];
  }

  private async attempt(address: string, call: InternalCall, withinMs: number): Promise<InternalAnswer | Silence> {
    try {
      const response = await fetch(new URL(call.path, address), this.requestOf(call, withinMs));
      const answer = { status: response.status, body: readObject(await response.text()) };
      this.silentAt.delete(address);
      if (answer.status >= 500) this.warn(address, call, { status: answer.status });
      return answer;
    } catch (error) {
      const silence = reasonOf(error);
      this.silentAt.set(address, performance.now());
      this.warn(address, call, { why: silence });
      return { silence };
    }
  }

  private requestOf({ method, body }: InternalCall, withinMs: number): RequestInit {
    return {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
  }

  /** Says why, without a body: what it was about is the other side's to log. */
  private warn(address: string, { path }: InternalCall, why: object): void {
    this.logger.warn({ event: 'internal_call_failed', address, path, ...why });
  }
}

/** What cannot be asked again is waited for. */
function patienceFor({ repeatable, slow }: InternalCall): number {
  return repeatable && !slow ? PROMPT_MS : DEADLINE_MS;
}

function mayAskNext({ repeatable }: InternalCall, heard: InternalAnswer | Silence): boolean {
  if ('silence' in heard) return repeatable === true || NEVER_SENT.includes(heard.silence);
  return repeatable === true && heard.status === NOT_NOW;
}

function readObject(text: string): Record<string, unknown> | null {
  if (text.length > LONGEST_ANSWER) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? name;
}
