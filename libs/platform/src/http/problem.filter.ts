import { isInfrastructureError } from '@gateway/persistence';
import { ArgumentsHost, Catch, ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemBody, type ProblemDetails } from './problem';

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Body too large',
  415: 'Unsupported media type',
  422: 'Not valid',
  503: 'Temporarily unavailable',
};

/** A database that is away, full or stopping: soon the same request can succeed. */
const AWAY: ProblemDetails = {
  status: 503,
  code: 'TEMPORARILY_UNAVAILABLE',
  title: 'Temporarily unavailable',
  detail:
    'The database cannot be reached. Nothing is known to have failed: ask again with the same Idempotency-Key after Retry-After.',
  retryable: true,
  retryAfterS: 1,
};

/** Turns every error of an HTTP edge into a problem document. No stack trace and no internal message leaves the process. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    const details = this.detailsOf(error, request);
    if (details.status >= 500 && !(error instanceof Problem)) {
      this.logger.error({ event: 'http_error', request_id: request.id, error: describe(error) });
    }
    if (details.retryAfterS !== undefined) void reply.header('retry-after', String(details.retryAfterS));
    void reply
      .status(details.status)
      .header('content-type', 'application/problem+json')
      .send(JSON.stringify(problemBody(details, request.id)));
  }

  private detailsOf(error: unknown, request: FastifyRequest): ProblemDetails {
    if (error instanceof Problem) return error.details;
    if (isInfrastructureError(error)) return AWAY;
    const status = statusOf(error);
    if (status !== null && status < 500) {
      const title = TITLES[status] ?? 'Refused';
      const param = paramOf(status, request);
      const detail = status === 413 ? largestBody(request) : clientMessage(error);
      return { status, code: codeOf(title), title, detail, ...(param !== null && { param }) };
    }
    return {
      status: status ?? 500,
      code: 'INTERNAL_ERROR',
      title: 'Internal error',
      detail:
        'The request could not be handled. Nothing is known to have failed: ask again with the same Idempotency-Key.',
      retryable: true,
    };
  }
}

function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : null;
}

/** What Fastify refuses before a controller sees it concerns the body as a whole, or the header that describes it. */
function paramOf(status: number, { headers }: FastifyRequest): string | null {
  if (status === 415) return 'Content-Type';
  const isAboutBody = status === 413 || (status === 400 && headers['content-type'] !== undefined);
  return isAboutBody ? 'body' : null;
}

function codeOf(title: string): string {
  return title.toUpperCase().replaceAll(' ', '_');
}

function largestBody({ routeOptions }: FastifyRequest): string {
  return `A body may have ${Math.floor((routeOptions.bodyLimit ?? 0) / 1024)} kB at most.`;
}

function clientMessage(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 300) : 'The request was refused.';
}

/** Name, message and the first frames, for the log only. */
function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, 1500) : String(error);
}
