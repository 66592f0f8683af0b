/** What a problem document says (RFC 9457), with the extensions that partners program against. */
export interface ProblemDetails {
  status: number;
  /** Stable code such as `QUOTE_EXPIRED`; the `type` URI is derived from it. */
  code: string;
  title: string;
  /** For people: what was wrong and what to do. Never parsed, never a stack trace. */
  detail: string;
  /** The field that was wrong, as a dotted path. */
  param?: string;
  retryable?: boolean;
  /** Seconds after which a repeat makes sense; sent as `Retry-After`. */
  retryAfterS?: number;
}

/** An expected refusal at an HTTP edge. The platform's filter renders it as `application/problem+json`. */
export class Problem extends Error {
  constructor(readonly details: ProblemDetails) {
    super(`${details.code}: ${details.detail}`);
  }
}

/** The document as it goes over the wire. */
export function problemBody(details: ProblemDetails, requestId: string): Record<string, unknown> {
  return {
    type: `https://gateway.example/problems/${details.code.toLowerCase().replaceAll('_', '-')}`,
    title: details.title,
    status: details.status,
    detail: details.detail,
    code: details.code,
    ...(details.param === undefined ? {} : { param: details.param }),
    retryable: details.retryable ?? false,
    request_id: requestId,
  };
}
