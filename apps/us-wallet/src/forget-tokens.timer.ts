import { Forgetting } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { CardTokenRepository } from './outbound/card-token.repository';

/** An instrument can be called with for its life, and the call repeated for a day (the acquirer's keys); then never again. */
const KEPT_HOURS = 25;
const AT_ONCE = 500;

/** A cryptogram is not to be kept once it has paid, not even encrypted (PCI DSS): tokens are overwritten when nothing needs them. */
@Injectable()
export class ForgetTokens extends Forgetting {
  constructor(private readonly tokens: CardTokenRepository) {
    super({ context: 'card tokens', failure: 'tokens_not_forgotten', slice: AT_ONCE });
  }

  protected forgetSome(limit: number): Promise<number> {
    return this.tokens.forgetEndedFor(KEPT_HOURS, limit);
  }
}
