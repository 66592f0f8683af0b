import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem';

/** Whether the request shows `Authorization: Bearer <secret>`, compared in constant time. @throws Problem 401 */
export function requireBearerSecret(request: FastifyRequest, secret: string, detail: string): void {
  const shown = request.headers.authorization ?? '';
  if (timingSafeEqual(digest(shown), digest(`Bearer ${secret}`))) return;
  throw new Problem({
    status: 401,
    code: 'NOT_AUTHENTICATED',
    title: 'Not authenticated',
    detail,
    param: 'Authorization',
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
