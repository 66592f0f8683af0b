/** One line of the code table: what a partner's program can meet, and what its people should do. */
export interface ProblemCode {
  status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 500 | 503;
  title: string;
  /** What was wrong and what to do; a refusal may say it more exactly. */
  detail: string;
  /** True where the same request with the same Idempotency-Key can succeed later. */
  retryable?: boolean;
}
