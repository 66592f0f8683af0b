import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { resolveChecked, type CheckedAddress } from './address-policy';

/** One request to a partner's endpoint. */
export interface WebhookRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  deadlineMs: number;
  allowLoopback: boolean;
}

/** More of an answer's body than this is not read. */
const LONGEST_ANSWER = 2_048;

/**
 * Sends one POST and answers its status. Redirects are not followed (they are a status like any other), the body of the
 * answer is not used, and the socket goes to the checked address only.
 *
 * @throws where there is no answer in time, or the host is refused
 */
export async function postWebhook({ url, headers, body, deadlineMs, allowLoopback }: WebhookRequest): Promise<number> {
  const signal = AbortSignal.timeout(deadlineMs);
  const target = new URL(url);
  const checked = await resolveChecked(target.hostname, allowLoopback);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    signal,
    lookup: alwaysAt(checked),
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  };
  return await new Promise<number>((resolve, reject) => {
    send(target, options, (answer) => settle(answer, resolve, reject))
      .on('error', reject)
      .end(body);
  });
}

function settle(answer: IncomingMessage, resolve: (status: number) => void, reject: (error: Error) => void): void {
  let read = 0;
  const done = (): void => resolve(answer.statusCode ?? 0);
  answer.on('error', reject).on('end', done);
  answer.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read <= LONGEST_ANSWER) return;
    done();
    answer.destroy();
  });
}

function alwaysAt({ address, family }: CheckedAddress): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
