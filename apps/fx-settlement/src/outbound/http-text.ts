/** A source that does not answer in this time is away for this round. */
const DEADLINE_MS = 3_000;
const LARGEST_BYTES = 4_000_000;

/** Fetches a small text over HTTP within a deadline. Throws for any answer but 200 and for one that is too large. */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS), redirect: 'error' });
  if (response.status !== 200) throw new Error(`answered ${response.status}`);
  const length = Number(response.headers.get('content-length') ?? '0');
  if (length > LARGEST_BYTES) throw new Error('answer too large');
  return response.text();
}
