import type { FastifyRequest } from 'fastify';
import { Problem } from './problem';

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/** Refuses a body that does not say it is JSON, for routes that only programs of ours use. @throws Problem 415 */
export function requireJson({ headers }: FastifyRequest): void {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? '0') > 0;
  if (!hasBody || JSON_TYPE.test(headers['content-type'] ?? '')) return;
  throw new Problem({
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    title: 'Unsupported media type',
    detail: 'Send "Content-Type: application/json".',
    param: 'Content-Type',
  });
}
