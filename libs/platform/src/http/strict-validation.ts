import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Problem } from './problem';

/** Checks DTOs strictly: unknown fields are refused, nothing is converted, and the problem names the first field. */
export function strictValidation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) => problemOf(errors),
  });
}

function problemOf(errors: ValidationError[]): Problem {
  let [error] = errors;
  let param = error?.property ?? '';
  while (error?.children?.[0]) {
    error = error.children[0];
    param += `.${error.property}`;
  }
  const [detail] = Object.values(error?.constraints ?? { invalid: 'is not valid' });
  return new Problem({ status: 422, code: 'INVALID_FIELD', title: 'Not valid', detail: `${param}: ${detail}`, param });
}
