import { OPERATOR_ACTOR } from '@gateway/platform';
import { IsIn, Matches, MaxLength, MinLength } from 'class-validator';

/** What a stop is about: a rate source (`treasury`), a corridor (`applepay>alipay`) or a partner. */
export class LiftStopBody {
  @IsIn(['source', 'corridor', 'partner'])
  scope: 'source' | 'corridor' | 'partner';

  @Matches(/^[a-zA-Z0-9_>-]{1,80}$/)
  subject: string;

  /** The named person, as `operator:<id>`. */
  @Matches(OPERATOR_ACTOR)
  actor: string;
}

export class StartStopBody extends LiftStopBody {
  @MinLength(3)
  @MaxLength(200)
  reason: string;
}
