import { problemBody, type Problem } from '@gateway/platform';

/** An answer as it goes over the wire, and is kept: status and finished body. */
export interface Answer {
  status: number;
  body: string;
  /** Told as `Idempotent-Replayed: true`. */
  replayed: boolean;
}

/** The body of a success. */
export function answerOf(status: number, body: object): Answer {
  return { status, body: JSON.stringify(body), replayed: false };
}

/** A refusal as an answer that can be kept: a repeat gets the very same document. */
export function answerOfProblem({ details }: Problem, requestId: string): Answer {
  return { status: details.status, body: JSON.stringify(problemBody(details, requestId)), replayed: false };
}
