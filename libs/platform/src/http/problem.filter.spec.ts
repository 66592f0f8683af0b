import type { ArgumentsHost } from '@nestjs/common';
import { ProblemFilter } from './problem.filter';

/** A reply that remembers what it was told. */
class Reply {
  readonly headers: Record<string, string> = {};
  statusCode = 0;
  body = '';

  header(name: string, value: string): this {
    this.headers[name] = value;
    return this;
  }

  status(code: number): this {
    this.statusCode = code;
    return this;
  }

  send(body: string): this {
    this.body = body;
    return this;
  }
}

function answerTo(error: unknown): Reply {
  const reply = new Reply();
  const http = { getResponse: () => reply, getRequest: () => ({ id: 'req_1' }) };
  new ProblemFilter().catch(error, { switchToHttp: () => http } as unknown as ArgumentsHost);
  return reply;
}

describe('an error without a problem of its own', () => {
  it.each([
    Object.assign(new Error('the database system is starting up'), { code: '57P03' }),
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
    new Error('Connection terminated unexpectedly'),
  ])('is 503 with Retry-After while the database is away: %s', (error) => {
    const { statusCode, headers, body } = answerTo(error);
    expect([statusCode, headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(body)).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE', retryable: true, request_id: 'req_1' });
    expect(body).not.toContain(error.message);
  });

  it('is 500 where it is a defect, and tells nothing of it', () => {
    const { statusCode, body } = answerTo(new Error('secret'));
    expect([statusCode, body.includes('secret')]).toEqual([500, false]);
  });
});
