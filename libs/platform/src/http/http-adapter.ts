import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemBody, type ProblemDetails } from './problem';

/** Bodies over 64 kB are refused at every edge. */
const BODY_LIMIT_BYTES = 65_536;
const LONGEST_ID = 200;
/**
 * Idle connections stay open far longer than any client of ours keeps them (10 minutes), so that no request is sent on
 * a connection that this side is closing: its sender could not know whether it was handled.
 */
const KEEP_ALIVE_MS = 900_000;
const DEEPEST = 32;
/** PostgreSQL has no such character, and no id, name or cursor of ours has one. */
const NUL_IN_URL = '%00';

/**
 * The HTTP server under every service. What it refuses before there is a route (a URL that is none, an id without end,
 * bytes that are no HTTP) is a problem document, too.
 */
export function createHttpAdapter(bodyLimitBytes: number = BODY_LIMIT_BYTES): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: LONGEST_ID },
    rewriteUrl: ({ url }: IncomingMessage) => originForm(url ?? '/'),
    genReqId: newRequestId,
    frameworkErrors: (error: { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void => {
      const details = error.statusCode === 414 ? NOTHING_THERE : NO_URL;
      void reply
        .status(details.status)
        .header('content-type', 'application/problem+json')
        .send(JSON.stringify(problemBody(details, request.id)));
    },
    clientErrorHandler: refuseBytes,
  });
  adapter.getInstance().addHook('onRequest', async (request: FastifyRequest) => {
    if (request.url.includes(NUL_IN_URL)) throw new Problem(NO_URL);
  });
  adapter.getInstance().addHook('preValidation', async (request: FastifyRequest) => {
    if (isDeeperThan(DEEPEST, request.body)) throw new Problem(TOO_DEEP);
  });
  return adapter;
}

/** A URL with scheme and host, as some clients write a request although no proxy is asked (RFC 9112, 3.2.2). */
const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/** What is asked for at this server: scheme and host are those of the connection, whatever a client writes. */
function originForm(url: string): string {
  if (!ABSOLUTE_FORM.test(url)) return url;
  const path = url.replace(ABSOLUTE_FORM, '');
  return path.startsWith('/') ? path : `/${path}`;
}

/** Looks no deeper than it has to, so that a hostile body costs no stack here; what comes after may then be recursive. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

const TOO_DEEP: ProblemDetails = {
  status: 400,
  code: 'BAD_REQUEST',
  title: 'Bad request',
  detail: 'The body is nested too deeply.',
  param: 'body',
};

const NO_URL: ProblemDetails = {
  status: 400,
  code: 'BAD_REQUEST',
  title: 'Bad request',
  detail: 'The URL of the request is not valid. Check what stands in its path and query.',
  param: 'url',
};

const NOTHING_THERE: ProblemDetails = {
  status: 404,
  code: 'NOT_FOUND',
  title: 'Not found',
  detail: 'There is nothing at this URL. An id has 200 characters at most.',
  param: 'url',
};

const HTTP_REFUSALS: Readonly<Record<string, [line: string, status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 431, 'The headers are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 408, 'The request did not come in time.'],
};

/** Answers what Node's parser does not accept as HTTP, and closes: nothing behind it is read as a request. */
function refuseBytes(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const [line, status, detail] = HTTP_REFUSALS[error.code ?? ''] ?? ['400 Bad Request', 400, 'This is not HTTP/1.1.'];
  const details = { status, code: 'BAD_REQUEST', title: line.slice(4), detail };
  const body = JSON.stringify(problemBody(details, newRequestId()));
  socket.end(
    [
      `HTTP/1.1 ${line}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function newRequestId(): string {
  return `req_${crypto.randomUUID().replaceAll('-', '')}`;
}
