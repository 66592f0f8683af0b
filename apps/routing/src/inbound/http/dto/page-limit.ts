import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { MayBeAbsent } from './may-be-absent';

/** How many a page of a list has: a whole number from 1 to 100, 10 unless told. Query parameters come as text. */
export function PageLimit(): PropertyDecorator {
  return applyDecorators(
    MayBeAbsent(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^[0-9]{1,4}$/.test(value) ? Number(value) : value,
    ),
    IsInt({ message: 'must be a whole number from 1 to 100' }),
    Min(1, { message: 'must be 1 at least' }),
    Max(100, { message: 'must be 100 at most' }),
    ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 10 }),
  );
}
