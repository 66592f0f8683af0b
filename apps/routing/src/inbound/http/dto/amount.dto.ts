import { parseAmount, type AmountError } from '@gateway/money';
import { ApiProperty } from '@nestjs/swagger';
import { IsDefined, registerDecorator, type ValidationArguments } from 'class-validator';
import type { ConstraintContext } from '../validation';

const MEANINGS: Readonly<Partial<Record<AmountError, string>>> = {
  NOT_A_STRING: 'must be a string of digits, not a number',
  EMPTY: 'must not be empty',
  WHITESPACE: 'must not contain white space',
  SIGNED: 'must not have a sign',
  DECIMAL_POINT: 'must be in minor units, without a decimal point',
  ZERO: 'must be more than zero',
  LEADING_ZERO: 'must not have zeros in front',
  TOO_LONG: 'must have 15 digits at most',
};

/** Digits of minor units, checked with the currency beside them before anything makes a number of them. */
function IsMinorUnits(): PropertyDecorator {
  return decorate('isMinorUnits', 'INVALID_AMOUNT', {
    holds: (value) => errorOf(value, 'USD') === null,
    message: (value) => MEANINGS[errorOf(value, 'USD') ?? 'NOT_DIGITS'] ?? 'must be the digits 0 to 9 only',
  });
}

/** An exact upper-case ISO 4217 code of a currency that can be paid. */
function IsCurrency(): PropertyDecorator {
  return decorate('isCurrency', 'UNKNOWN_CURRENCY', {
    holds: (value) => errorOf('1', value) === null,
    message: () => 'must be an ISO 4217 code in upper case, such as USD or CNY',
  });
}

function errorOf(digits: unknown, currency: unknown): AmountError | null {
  const parsed = parseAmount(digits, currency);
  return parsed.ok ? null : parsed.error;
}

interface Check {
  holds: (value: unknown) => boolean;
  message: (value: unknown) => string;
}

function decorate(name: string, code: ConstraintContext['code'], check: Check): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(property),
      options: { context: { code } satisfies ConstraintContext },
      validator: {
        validate: (value: unknown) => check.holds(value),
        defaultMessage: (given?: ValidationArguments) => check.message(given?.value),
      },
    });
}

/** An amount on the way in: `{ "amount": "1250", "currency": "USD" }` is USD 12.50. */
export class AmountDto {
  @ApiProperty({ pattern: '^[1-9][0-9]{0,14}$', example: '1250', description: 'Digits of minor units.' })
  @IsMinorUnits()
  @IsDefined()
  amount: string;

  @ApiProperty({ example: 'USD', description: 'ISO 4217 code.' })
  @IsCurrency()
  @IsDefined()
  currency: string;
}
