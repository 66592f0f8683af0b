import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../../edge/problems';
import { faultOfJson, fieldGivenTwice, type JsonFault } from './strict-json';

/** The parsed request with its bytes, which Nest's adapter keeps (`rawBody`). */
export interface RawBodied {
  rawBody?: Buffer;
}

const PUBLIC_ROUTES = ['/v1/', '/ops/'];
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

const FAULTS: Record<Exclude<JsonFault, 'duplicate_field'>, string> = {
  not_utf8: 'The body is not UTF-8.',
  byte_order_mark: 'The body begins with a byte order mark.',
  too_deep: 'The body is nested too deeply.',
  not_an_object: 'The body must be one JSON object.',
  lone_surrogate: 'The body has half a character (a lone surrogate).',
};

/** What holds for every route of the public edge, before any controller: a request id, JSON only, strict JSON. */
export function installRequestHooks(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.header('request-id', request.id);
    if (isPublic(request)) requireJson(request);
  });
  fastify.addHook('preValidation', async (request: FastifyRequest) => {
    const { rawBody } = request as RawBodied;
    if (!isPublic(request) || rawBody === undefined) return;
    const fault = faultOfJson(rawBody, request.body);
    if (fault === null) return;
    if (fault === 'duplicate_field') throw problem('DUPLICATE_FIELD', { param: fieldGivenTwice(rawBody) });
    throw problem('BAD_REQUEST', { param: 'body', detail: FAULTS[fault] });
  });
}

/** By the route that was found: one letter of a path can be written in several ways, and all of them lead there. */
function isPublic({ url, routeOptions }: FastifyRequest): boolean {
  const path = routeOptions.url ?? url;
  return PUBLIC_ROUTES.some((route) => path.startsWith(route));
}

/** Compressed bodies are not taken at all, so that there is no bomb to unpack. */
function requireJson(request: FastifyRequest): void {
  const { headers } = request;
  if (headers['content-encoding'] !== undefined) throw problem('UNSUPPORTED_MEDIA_TYPE', { param: 'Content-Encoding' });
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? '0') > 0;
  if (hasBody && !JSON_TYPE.test(headers['content-type'] ?? '')) {
    throw problem('UNSUPPORTED_MEDIA_TYPE', { param: 'Content-Type' });
  }
}
