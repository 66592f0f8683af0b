import { ValidationPipe, type ValidationError } from '@nestjs/common';
import type { Problem } from '@gateway/platform';
import { problem, type ProblemCodeName, type Refusal } from '../../edge/problems';

/** What a constraint of a DTO may carry as `context`: the code of its problem. */
export interface ConstraintContext {
  code: ProblemCodeName;
}

/** Refuses unknown fields and names the first field that is wrong. For every endpoint but the hot one. */
export function strictValidation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => problemOfErrors(errors),
  });
}

export function problemOfErrors(errors: ValidationError[]): Problem {
  const path: string[] = [];
  let error = errors[0];
  while (error !== undefined) {
    path.push(error.property);
    const inner: ValidationError | undefined = error.children?.[0];
    if (inner === undefined) break;
    error = inner;
  }
  const [[constraint, message] = ['', '']] = Object.entries(error?.constraints ?? {});
  const contexts: Record<string, ConstraintContext> = error?.contexts ?? {};
  const context = contexts[constraint];
  return problem(codeOf(constraint, context), refusalOf(constraint, message, path.join('.')));
}

function codeOf(constraint: string, context: ConstraintContext | undefined): ProblemCodeName {
  if (constraint === 'whitelistValidation') return 'FIELD_UNKNOWN';
  if (constraint === 'isDefined') return 'FIELD_MISSING';
  return context?.code ?? 'FIELD_INVALID';
}

function refusalOf(constraint: string, message: string, param: string): Refusal {
  const plain = constraint === 'whitelistValidation' || constraint === 'isDefined' || message === '';
  return { param: param.slice(0, 120), ...(plain ? {} : { detail: `${upper(message)}.` }) };
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
