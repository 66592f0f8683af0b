import { Problem } from '@gateway/platform';
import {
  BEHAVIOURS,
  NETWORKS,
  type Behaviour,
  type FaultMatch,
  type FaultParams,
  type FaultRule,
  type Network,
} from '../faults/fault';
import { at, minorUnitsAt, objectAt, textAt, type JsonObject } from '../wire/fields';

const MAX_TIMES = 1_000_000;
const MAX_MS = 40 * 86_400_000;
const OUTCOMES = ['success', 'fail'] as const;

const PARAMS = [
  'code',
  'ms',
  'executed',
  'amount',
  'currency',
  'body',
  'copies',
  'answer',
  'outcome',
  'enquiries',
  'reference',
];
const RULE = ['network', 'operation', 'match', 'behaviour', 'params', 'times'];

/** Reads `POST /control/faults`. @throws Problem 422 for what it does not know. */
export function readFault(sent: unknown): FaultRule {
  const body = readFields(sent, [...RULE, ...PARAMS]);
  readFields(body['params'] ?? {}, PARAMS, 'params');
  return {
    network: readNetwork(body),
    operation: textAt(body, 'operation') ?? '*',
    match: readMatch(at(body, 'match')),
    behaviour: oneOf(textAt(body, 'behaviour'), BEHAVIOURS, 'behaviour') as Behaviour,
    params: readParams(body),
    times: at(body, 'match') === 'next' ? 1 : wholeNumber(at(body, 'times') ?? 1, 1, MAX_TIMES, 'times'),
  };
}

export function readNetwork(body: unknown): Network {
  return oneOf(textAt(body, 'network'), NETWORKS, 'network') as Network;
}

/** `'*'`, `'next'`, a reference prefix, or an object of amount, account and reference. */
function readMatch(match: unknown): FaultMatch {
  if (match === undefined || match === '*' || match === 'next') return {};
  if (typeof match === 'string') return { reference: match };
  const fields = { reference: textAt(match, 'reference'), account: textAt(match, 'account') };
  const amount = minorUnitsAt(match, 'amount')?.toString();
  if (Object.values({ ...fields, amount }).every((value) => value === undefined)) {
    throw refused('match', "is '*', 'next', a reference, or an object with reference, amount or account");
  }
  return {
    ...(fields.reference !== undefined && { reference: fields.reference }),
    ...(fields.account !== undefined && { account: fields.account }),
    ...(amount !== undefined && { amount }),
  };
}

/**
 * The body as an object with no other fields than these, and no text in it that PostgreSQL could not keep.
 * @throws Problem 422 that names the field
 */
export function readFields(body: unknown, known: readonly string[], inside?: string): JsonObject {
  const pathOf = (field: string): string => (inside === undefined ? field : `${inside}.${field}`);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw refused(inside ?? 'body', 'is a JSON object');
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown !== undefined) throw refused(pathOf(unknown), `is not one of ${known.join(', ')}`);
  for (const [field, value] of Object.entries(body) as [string, unknown][]) {
    if (JSON.stringify(value)?.includes('\\u0000')) throw refused(pathOf(field), 'has a NUL character');
  }
  return body as JsonObject;
}

/** Details may stand beside the behaviour or under `params`. */
function readParams(body: unknown): FaultParams {
  const given = { ...pick(body), ...objectAt(body, 'params') };
  const amount = minorUnitsAt(given, 'amount')?.toString();
  const outcome = textAt(given, 'outcome');
  return {
    ...textsOf(given),
    ...countsOf(given),
    ...(amount !== undefined && { amount }),
    ...(typeof given['executed'] === 'boolean' && { executed: given['executed'] }),
    ...(given['answer'] === 'unknown' && { answer: 'unknown' as const }),
    ...(outcome !== undefined && { outcome: oneOf(outcome, OUTCOMES, 'outcome') as 'success' | 'fail' }),
  };
}

function pick(body: unknown): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of PARAMS) if (at(body, name) !== undefined) given[name] = at(body, name);
  return given;
}

/** Whole numbers among the details, with the least and the most that each may be. */
const COUNTS = { ms: [0, MAX_MS], copies: [1, 20], enquiries: [1, MAX_TIMES] } as const;

function countsOf(given: Record<string, unknown>): Pick<FaultParams, 'ms' | 'copies' | 'enquiries'> {
  const counts: { ms?: number; copies?: number; enquiries?: number } = {};
  for (const name of ['ms', 'copies', 'enquiries'] as const) {
    const [least, most] = COUNTS[name];
    if (given[name] !== undefined) counts[name] = wholeNumber(given[name], least, most, name);
  }
  return counts;
}

function textsOf(given: Record<string, unknown>): Pick<FaultParams, 'code' | 'currency' | 'body' | 'reference'> {
  const texts: { code?: string; currency?: string; body?: string; reference?: string } = {};
  for (const name of ['code', 'currency', 'body', 'reference'] as const) {
    const text = textAt(given, name);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

export function wholeNumber(value: unknown, least: number, most: number, param: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw refused(param, `is a whole number from ${least} to ${most}`);
}

export function requiredText(body: unknown, param: string): string {
  const text = textAt(body, param);
  if (text === undefined) throw refused(param, 'is required');
  return text;
}

export function refused(param: string, detail: string): Problem {
  return new Problem({
    status: 422,
    code: 'INVALID_FIELD',
    title: 'Field is not valid',
    detail: `${param} ${detail}`,
    param,
  });
}

export function unknownThing(what: string): Problem {
  return new Problem({ status: 404, code: 'NOT_FOUND', title: 'Not found', detail: `There is no such ${what}.` });
}

/** One of the known texts. */
export function oneOf(value: string | undefined, known: readonly string[], param: string): string {
  if (value !== undefined && known.includes(value)) return value;
  throw refused(param, `is one of ${known.join(', ')}`);
}
