import { neverLeft } from '@gateway/wallet-network';
import { AmsSigner, AmsVerifier } from './ams-signature';

/** The `result` of every AMS answer. S: done, F: final failure, U: unknown or under way. */
export interface AmsResult {
  resultCode: string;
  resultStatus: 'S' | 'F' | 'U';
}

export interface AmsAmount {
  currency: string;
  /** Minor units as digits. */
  value: string;
}

/** The fields of AMS answers that this adapter reads; everything else is ignored. */
export interface AmsAnswer {
  result: AmsResult;
  paymentId?: string;
  paymentRequestId?: string;
  refundRequestId?: string;
  paymentStatus?: string;
  paymentResultCode?: string;
  paymentAmount?: AmsAmount;
  paymentCreateTime?: string;
  /** When it was paid. A cancelled payment has it where it had been paid before. */
  paymentTime?: string;
  grossSettlementAmount?: AmsAmount;
  refundStatus?: string;
  refundId?: string;
  refundAmount?: AmsAmount;
  normalUrl?: string;
  schemeUrl?: string;
  orderCodeForm?: { codeDetails?: { codeValue?: string; codeValueType?: string }[] };
}

/**
 * What became of one call. `answered`: a signed answer. `never_left`: no connection was made, so nothing was asked.
 * `silent`: anything else (time-out, closed connection, unsigned or unreadable answer); it may have been executed.
 */
export type AmsCall =
  { kind: 'answered'; answer: AmsAnswer } | { kind: 'never_left' } | { kind: 'silent'; code: string };

export interface AmsClientOptions {
  /** Scheme, host and port; the API path is appended and is what gets signed. */
  baseUrl: string;
  clientId: string;
  signer: AmsSigner;
  verifier: AmsVerifier;
}

const API = '/ams/api/v1/payments';
/** Where clients of Antom's sandbox are served, whatever the region; their ids say which they are. */
const SANDBOX_API = '/ams/sandbox/api/v1/payments';
const SANDBOX_CLIENT = 'SANDBOX_';
/** Octets. Answers have some thousand. */
const LONGEST_ANSWER = 262_144;
/** What a question names and its answer repeats. */
const NAMED = ['paymentRequestId', 'refundRequestId', 'paymentId'] as const;

/** Signed calls to Antom/Alipay+ AMS. It knows the wire, not what an answer means. */
export class AmsClient {
  constructor(private readonly options: AmsClientOptions) {}

  async call(operation: string, body: object, signal: AbortSignal): Promise<AmsCall> {
    const path = `${this.options.clientId.startsWith(SANDBOX_CLIENT) ? SANDBOX_API : API}/${operation}`;
    const text = JSON.stringify(body);
    const time = new Date().toISOString();
    const { clientId, signer, baseUrl } = this.options;
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method: 'POST',
        body: text,
        signal,
        redirect: 'error',
        headers: {
          'content-type': 'application/json; charset=UTF-8',
          'client-id': clientId,
          'request-time': time,
          signature: await signer.header({ method: 'POST', path, clientId, time, body: text }),
        },
      });
      return answerTo(body, this.read(path, response, await textOf(response)));
    } catch (error) {
      return neverLeft(error) ? { kind: 'never_left' } : { kind: 'silent', code: 'NO_ANSWER' };
    }
  }

  private read(path: string, response: Response, body: string): AmsCall {
    if (response.status !== 200) return { kind: 'silent', code: `HTTP_${response.status}` };
    const time = response.headers.get('response-time') ?? '';
    const message = { method: 'POST', path, clientId: this.options.clientId, time, body } as const;
    // An error such as SIGNATURE_INVALID comes unsigned; anybody could have written it, so it proves nothing.
    if (!this.options.verifier.accepts(message, response.headers.get('signature') ?? undefined)) {
      return { kind: 'silent', code: 'UNSIGNED_ANSWER' };
    }
    const answer = parse(body);
    return answer === null ? { kind: 'silent', code: 'UNREADABLE_ANSWER' } : { kind: 'answered', answer };
  }
}

/** @throws where there is no end of it: then nothing more is read. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** However well it is signed: what is said of another payment or refund is no answer to what was asked. */
function answerTo(asked: Readonly<Partial<Record<(typeof NAMED)[number], unknown>>>, call: AmsCall): AmsCall {
  if (call.kind !== 'answered') return call;
  const { answer } = call;
  const isOther = NAMED.some(
    (name) => asked[name] !== undefined && answer[name] !== undefined && answer[name] !== asked[name],
  );
  return isOther ? { kind: 'silent', code: 'OTHER_REQUEST' } : call;
}

function parse(body: string): AmsAnswer | null {
  try {
    const answer = JSON.parse(body) as Partial<AmsAnswer> | null;
    const result = answer?.result;
    const known = typeof result?.resultCode === 'string' && ['S', 'F', 'U'].includes(result.resultStatus);
    return known ? (answer as AmsAnswer) : null;
  } catch {
    return null;
  }
}
