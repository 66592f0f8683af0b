import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { Problem } from './problem';

/** A list would be checked item by item, and an empty one would pass: a body is one object. */
class OneObjectPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      const detail = 'The body is one JSON object.';
      throw new Problem({ status: 422, code: 'INVALID_FIELD', title: 'Not valid', detail, param: 'body' });
    }
    return (await super.transform(value, metadata)) as unknown;
  }
}

/** Checks DTOs strictly: unknown fields are refused, nothing is converted, and the problem names the first field. */
export function strictValidation(): ValidationPipe {
  return new OneObjectPipe({
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
