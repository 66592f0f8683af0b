import { ValidateIf } from 'class-validator';

/** The field can be left out. Given, it has a value: `null` is refused by its checks, so that nobody behind them meets it. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_body: object, value: unknown) => value !== undefined);
}
