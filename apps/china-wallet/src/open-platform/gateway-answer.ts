import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { AlipayRequestError, AlipaySdk } from 'alipay-sdk';

/** A JSON string, or what structure is made of; everything else lies between these. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/gs;
/** How deep a bracket leads. */
const STEPS: Readonly<Record<string, 1 | -1 | undefined>> = { '{': 1, '[': 1, '}': -1, ']': -1 };
/** What stands in place of the method's own node where the gateway itself refuses. */
const ERROR_NODE = 'error_response';

/**
 * The members of a JSON object by name, each as the text it came as. Null where a name comes twice, as then the text that
 * one party verifies and the value that another party reads may be two.
 */
export function membersOf(json: string): ReadonlyMap<string, string> | null {
  const members = new Map<string, string>();
  let [begin, colon] = [-1, -1];
  for (const [mark, at] of outermostMarks(json)) {
    if (mark === ':') {
      colon = at;
      continue;
    }
    if (colon > begin) {
      const name = JSON.parse(json.slice(begin + 1, colon)) as string;
      if (members.has(name)) return null;
      members.set(name, json.slice(colon + 1, at).trim());
    }
    begin = at;
  }
  return members;
}

/** Where the object begins and ends, and what parts its members and their names: not what is inside of members. */
function* outermostMarks(json: string): Generator<[mark: string, at: number]> {
  let depth = 0;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    const step = STEPS[token] ?? 0;
    if (step < 0) depth -= 1;
    if (step === 0 ? depth === 1 && !token.startsWith('"') : depth === 0) yield [token, index];
    if (step > 0) depth += 1;
  }
}

/**
 * Whether an answer of the gateway is signed: RSA2 over the node exactly as it came, wherever the signature stands beside
 * it (open platform, "verify the signature of an answer").
 * @param json an answer that has been read as JSON.
 */
export function isSignedAnswer(json: string, node: string, key: KeyObject): boolean {
  const members = membersOf(json);
  const [own, error, sign] = [node, ERROR_NODE, 'sign'].map((name) => members?.get(name));
  if ((own === undefined) === (error === undefined) || sign === undefined) return false;
  const base64: unknown = JSON.parse(sign);
  const bytes = Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64');
  // Decoding is lenient; only the one canonical spelling of a signature is accepted.
  if (bytes.toString('base64') !== base64) return false;
  return verify('RSA-SHA256', Buffer.from(own ?? error ?? '', 'utf8'), key, bytes);
}

/**
 * The official client, but for how it finds what was signed. It cuts the node out between the first place where the name
 * stands and the last `"sign"`: a second node behind the signature is then read and never verified, and an answer with its
 * signature in front is refused.
 */
export class StrictAlipaySdk extends AlipaySdk {
  private readonly alipayKey = createPublicKey(this.config.alipayPublicKey);

  override checkResponseSign(json: string, node: string, _sign: string, traceId: string): void {
    if (isSignedAnswer(json, node, this.alipayKey)) return;
    throw new AlipayRequestError('the answer is not signed as agreed', { traceId });
  }
}
