import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CardTokenRepository } from './outbound/card-token.repository';

/** An instrument can be called with for its life, and the call repeated for a day (the acquirer's keys); then never again. */
const KEPT_HOURS = 25;
const EVERY_MS = 10 * 60_000;
const AT_ONCE = 500;

/** A cryptogram is not to be kept once it has paid, not even encrypted (PCI DSS): tokens are overwritten when nothing needs them. */
@Injectable()
export class ForgetTokens implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('card tokens');
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly tokens: CardTokenRepository) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.forget(), EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private async forget(): Promise<void> {
    try {
      while ((await this.tokens.forgetEndedFor(KEPT_HOURS, AT_ONCE)) === AT_ONCE);
    } catch (error) {
      this.logger.warn({ event: 'tokens_not_forgotten', error: (error as Error).message });
    }
  }
}
