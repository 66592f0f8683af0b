import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/**
 * How a topic's records are told apart when they come again.
 *
 * - `instruction`: identity is the instruction id; of outcome events the highest `version` wins.
 * - `history`: a `sequence` without gaps per key, taken in the writing transaction.
 */
export type ContractKind = 'instruction' | 'history';

/** One topic: its one writer, its kind, the shape of its payload and how its key is read from a payload. */
export interface Contract<P = unknown> {
  /** Logical topic name `<domain>.<entity>.<kind>.v<major>`; a deployment may put a prefix before it. */
  readonly topic: string;
  readonly kind: ContractKind;
  /** The only service that writes to the topic. */
  readonly writer: string;
  /** Frozen for the life of the major version: changing it would break the order per key. */
  readonly partitions: number;
  readonly retentionMs: number;
  /** JSON Schema of the payload (`data` of the CloudEvent). */
  readonly schema: object;
  readonly examples: readonly P[];
  /** A method on purpose: a contract of one payload is usable where any contract is. */
  keyOf(payload: P): string;
  /** The first problem of a payload as one sentence, or null where it fits the schema. */
  readonly problemOf: (payload: unknown) => string | null;
}

/** What an author of a contract writes; the rest is derived. */
export interface ContractDefinition<P> {
  topic: string;
  kind: ContractKind;
  writer: string;
  partitions?: number;
  retentionMs?: number;
  schema: object;
  examples: readonly P[];
  keyOf(payload: P): string;
}

const DAY_MS = 86_400_000;
export const DEFAULT_PARTITIONS = 6;
const DEFAULT_RETENTION_MS = 30 * DAY_MS;

const ajv = new Ajv({ allErrors: false, strict: true, strictRequired: false, strictTypes: false });
addFormats(ajv);

/**
 * Makes a contract. The schema is compiled on first use, so that a service pays only for the topics it touches.
 * Unknown fields are allowed in payloads on purpose: minor versions only ever add optional fields.
 */
export function defineContract<P>(definition: ContractDefinition<P>): Contract<P> {
  let validate: ValidateFunction | null = null;
  const problemOf = (payload: unknown): string | null => {
    validate ??= ajv.compile(definition.schema);
    if (validate(payload)) return null;
    const [first] = validate.errors ?? [];
    return `${first?.instancePath || '/'} ${first?.message ?? 'is not valid'}`;
  };
  return {
    partitions: DEFAULT_PARTITIONS,
    retentionMs: DEFAULT_RETENTION_MS,
    ...definition,
    problemOf,
  };
}

/** JSON Schema of an amount on our wires: digits of minor units and an ISO 4217 code. */
export const amountSchema = {
  type: 'object',
  required: ['amount', 'currency'],
  properties: {
    amount: { type: 'string', pattern: '^(0|[1-9][0-9]{0,17})$' },
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
  },
} as const;

/** An amount on our wires: `{ "amount": "1250", "currency": "USD" }` is USD 12.50. */
export interface AmountOnWire {
  amount: string;
  currency: string;
}

/** An instant on our wires: ISO 8601 in UTC with milliseconds. */
export const instantSchema = { type: 'string', format: 'date-time' } as const;
export const idSchema = { type: 'string', minLength: 1, maxLength: 96 } as const;
