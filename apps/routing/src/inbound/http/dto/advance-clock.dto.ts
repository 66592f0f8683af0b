import { IsDefined, IsInt, Max, Min } from 'class-validator';

const TWO_YEARS_S = 2 * 366 * 86_400;

/** The body of `POST /v1/test_helpers/clocks/advance`. */
export class AdvanceClockDto {
  /** From where the clock stands. */
  @Max(TWO_YEARS_S, { message: 'must be at most two years' })
  @Min(1, { message: 'must be at least 1' })
  @IsInt({ message: 'must be a whole number of seconds' })
  @IsDefined()
  seconds: number;
}
