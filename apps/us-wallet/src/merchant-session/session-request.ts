import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';

/** A merchant identity certificate with its key, PEM: who asks. Another certificate than that of payment processing. */
export interface MerchantIdentity {
  certificate: string;
  privateKey: string;
}

/** What Apple is asked for. */
export interface SessionQuestion {
  merchantIdentifier: string;
  displayName: string;
  initiative: 'web';
  /** The domain of the page. */
  initiativeContext: string;
}

/** `refused`: Apple says no to this merchant or domain. `unavailable`: anything else. */
export type SessionAnswer =
  { kind: 'session'; session: Record<string, unknown> } | { kind: 'refused'; status: number } | { kind: 'unavailable' };

const TIMEOUT_MS = 5_000;
const LONGEST_ANSWER = 65_536;
/** Statuses that speak of the request. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 417, 422]);

/**
 * Asks Apple for a payment session under mutual TLS. The server proves its name by a certificate of a public authority
 * (or of the given one, in a sandbox); a redirect is not followed, an answer that is too long or no object is none.
 */
export async function requestSession(
  url: URL,
  identity: MerchantIdentity,
  question: SessionQuestion,
  certificateAuthority?: string,
): Promise<SessionAnswer> {
  const body = JSON.stringify(question);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(
        url,
        {
          method: 'POST',
          agent: false,
          cert: identity.certificate,
          key: identity.privateKey,
          minVersion: 'TLSv1.2',
          signal: AbortSignal.timeout(TIMEOUT_MS),
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
          ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
        },
        resolve,
      )
        .once('error', reject)
        .end(body);
    });
    return await answerOf(response);
  } catch {
    return { kind: 'unavailable' };
  }
}

async function answerOf(response: IncomingMessage): Promise<SessionAnswer> {
  const { statusCode: status = 0 } = response;
  if (status !== 200) {
    response.destroy();
    return REFUSALS.has(status) ? { kind: 'refused', status } : { kind: 'unavailable' };
  }
  const session: unknown = JSON.parse(await textOf(response));
  return isSession(session) ? { kind: 'session', session } : { kind: 'unavailable' };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The session is opaque and goes to the page as it came; only that it is one is looked at. */
function isSession(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)['merchantSessionIdentifier'] === 'string'
  );
}
