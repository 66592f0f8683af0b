import http, { type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';

/** What came back, and the problem document in it where there is one. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  problem: { code?: string; param?: string; title?: string; detail?: string; status?: number; request_id?: string };
}

export interface RawRequest {
  method?: string;
  /** Sent as it is: nothing is encoded or made shorter on the way. */
  path: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON; a stream without a length, in chunks. */
  body?: string | Buffer | Readable | object;
}

/** A request as a stranger's own program would send it. */
export function sendRaw(url: string, request: RawRequest): Promise<RawAnswer> {
  const { body, headers = {}, path } = request;
  const isJson = body !== undefined && !(typeof body === 'string' || Buffer.isBuffer(body) || body instanceof Readable);
  const content = isJson ? JSON.stringify(body) : body;
  const method = request.method ?? (body === undefined ? 'GET' : 'POST');
  return new Promise((resolve, reject) => {
    const call = http.request(url, { method, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      const finish = (): void => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, problem: problemIn(text) });
        call.destroy();
      };
      response.on('end', finish);
      response.on('error', finish);
    });
    // An answer may come before the whole body has been taken: then it counts, and not the broken pipe.
    call.on('error', reject);
    if (content !== undefined && headers['content-type'] === undefined) {
      call.setHeader('content-type', 'application/json');
    }
    for (const [name, value] of Object.entries(headers)) if (value !== '') call.setHeader(name, value);
    if (content instanceof Readable) content.pipe(call);
    else call.end(content);
  });
}

/** Bytes that no HTTP client would send; what came back until the other side closed. */
export function sendBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.end(bytes, 'latin1');
  });
}

const INSIDES = /node_modules|\bat [^\n]{0,80}\.[jt]s\b|\.[jt]s:\d+|invalid byte sequence|\bSQLSTATE\b|\brelation "/;

/** The answer is a problem document with this status that names the field and shows nothing of the inside. */
export function expectProblem(answer: RawAnswer, status: number | readonly number[], param?: string | RegExp): void {
  const { problem, text, headers } = answer;
  const expected = typeof status === 'number' ? [status] : status;
  expect({ answer: expected.includes(answer.status) ? 'as expected' : answer.status, text }).toEqual({
    answer: 'as expected',
    text,
  });
  expect(headers['content-type']).toContain('application/problem+json');
  expect(problem).toMatchObject({
    status: answer.status,
    code: expect.stringMatching(/^[A-Z_]+$/) as string,
    title: expect.stringMatching(/./) as string,
    detail: expect.stringMatching(/./) as string,
    request_id: expect.stringMatching(/^req_/) as string,
  });
  if (param instanceof RegExp) expect(problem.param).toMatch(param);
  else if (param !== undefined) expect(problem.param).toBe(param);
  expect(text).not.toMatch(INSIDES);
  expect(text.length).toBeLessThan(2_000);
}

function problemIn(text: string): RawAnswer['problem'] {
  try {
    return JSON.parse(text) as RawAnswer['problem'];
  } catch {
    return {};
  }
}
