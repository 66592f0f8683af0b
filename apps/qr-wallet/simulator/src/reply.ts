import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** What QRPay answers, before it is signed. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A silent connection is closed after this long, so that nobody keeps sockets for ever. */
const SILENCE_MS = 60_000;
const silent = new Set<Socket>();

export function answered(body: Record<string, unknown>): Answer {
  return { status: 200, body };
}

export function refused(status: number, code: string): Answer {
  return { status, body: { error: { code } } };
}

/** Executed or not: no answer comes. */
export function staySilent(reply: FastifyReply): void {
  reply.hijack();
  const { socket } = reply.raw;
  if (!socket) return;
  const closing = setTimeout(() => socket.destroy(), SILENCE_MS);
  closing.unref();
  silent.add(socket);
  socket.once('close', () => {
    clearTimeout(closing);
    silent.delete(socket);
  });
}

/** A stopping process does not wait for clients that wait for it. */
export function endSilence(): void {
  for (const socket of silent) socket.destroy();
}
