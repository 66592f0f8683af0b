import { Problem } from '@gateway/platform';
import { BEHAVIOURS, type Behaviour, type Fault } from './outbound/faults.store';

const OPERATIONS: readonly unknown[] = ['order', 'enquire', 'cancel', 'refund', '*'];
const MOST_TIMES = 1_000;
const RULE = ['operation', 'match', 'behaviour', 'code', 'times'];

/** The body as an object with no other fields than these, and no NUL in it. @throws Problem 422 that names the field */
export function readFields(body: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('body', ['a JSON object']);
  for (const [field, value] of Object.entries(body) as [string, unknown][]) {
    if (!known.includes(field)) throw invalid(field, known);
    if (JSON.stringify(value)?.includes('\\u0000')) throw invalid(field, ['a text without NUL']);
  }
  return body as Record<string, unknown>;
}

/** Reads `POST /control/faults`: `{operation, match, behaviour, code?, times?}`. @throws Problem 422 */
export function readFault(body: unknown): Fault {
  const { operation = '*', match = '', behaviour, code, times = 1 } = readFields(body, RULE);
  if (!OPERATIONS.includes(operation)) throw invalid('operation', OPERATIONS);
  if (!isBehaviour(behaviour)) throw invalid('behaviour', BEHAVIOURS);
  if (typeof match !== 'string') throw invalid('match', ['an id', 'the start of an id']);
  if (!isCount(times)) throw invalid('times', [`1 to ${MOST_TIMES}`]);
  const params = typeof code === 'string' ? { code } : {};
  return { operation: operation as string, reference: match, behaviour, params, times };
}

export function invalid(param: string, known: readonly unknown[]): Problem {
  return problem(422, 'INVALID_FIELD', `${param}: one of ${known.join(', ')}`, param);
}

export function problem(status: number, code: string, detail: string, param?: string): Problem {
  return new Problem({ status, code, title: 'Refused', detail, ...(param !== undefined && { param }) });
}

function isBehaviour(value: unknown): value is Behaviour {
  return (BEHAVIOURS as readonly unknown[]).includes(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_TIMES;
}
