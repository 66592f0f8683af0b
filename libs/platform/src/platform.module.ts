import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { IS_SANDBOX } from './sandbox/is-sandbox';
import { TestClockModule } from './sandbox/test-clock';
import { IdSource, RandomSource, SystemRandom } from './identity';

/** What every service has: the clock, randomness and ids (injected, so that a simulation can repeat a run), health, metrics. */
@Global()
@Module({
  imports: IS_SANDBOX ? [TestClockModule] : [],
  controllers: [HealthController],
  providers: [
    Readiness,
    { provide: Clock, useClass: SystemClock },
    { provide: RandomSource, useClass: SystemRandom },
    {
      provide: IdSource,
      useFactory: (clock: Clock, random: RandomSource): IdSource => new IdSource(clock, random),
      inject: [Clock, RandomSource],
    },
  ],
  exports: [...(IS_SANDBOX ? [TestClockModule] : []), Readiness, Clock, RandomSource, IdSource],
})
export class PlatformModule {}
