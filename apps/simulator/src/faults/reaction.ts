import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** An HTTP answer, complete. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a client sees: an answer, silence until it gives up, or a connection that closes. */
export type Reaction = Answer | 'silence' | 'close';

/** A silent connection is closed after this long, so that nobody keeps sockets for ever. */
const SILENCE_MS = 120_000;
const silent = new Set<Socket>();
const JSON_TYPE = 'application/json; charset=utf-8';

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, contentType: JSON_TYPE, headers, body: JSON.stringify(body) };
}

/** Done, and nothing to say. */
export function emptyAnswer(): Answer {
  return { status: 204, contentType: JSON_TYPE, headers: {}, body: '' };
}

/** A body that is no JSON, whatever a client expects. */
export function textAnswer(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', headers: {}, body };
}

/** Puts a reaction on the wire. */
export async function react(reply: FastifyReply, reaction: Reaction): Promise<void> {
  if (typeof reaction === 'object') {
    await reply.status(reaction.status).headers(reaction.headers).type(reaction.contentType).send(reaction.body);
    return;
  }
  reply.hijack();
  const { socket } = reply.raw;
  if (reaction === 'silence' && socket) keepSilent(socket);
  else socket?.destroy();
}

/** Ends all silence, so that a stopping process does not wait for clients that wait for it. */
export function endSilence(): void {
  for (const socket of silent) socket.destroy();
}

function keepSilent(socket: Socket): void {
  const closing = setTimeout(() => socket.destroy(), SILENCE_MS);
  closing.unref();
  silent.add(socket);
  socket.once('close', () => {
    clearTimeout(closing);
    silent.delete(socket);
  });
}
