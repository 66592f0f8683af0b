import { IntakeRefused } from './instrument-intake';

/** An instrument's field that is not valid: the partner is told which, and what it should be. */
export function invalidInstrument(param: string, detail: string): IntakeRefused {
  return new IntakeRefused('INVALID_INSTRUMENT', param, detail);
}

/** Refuses any other field than these. @throws IntakeRefused */
export function onlyFields(data: object, known: readonly string[], prefix = ''): void {
  const unknown = Object.keys(data).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  throw invalidInstrument(`${prefix}${unknown}`, `There is no field ${prefix}${unknown} here.`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
