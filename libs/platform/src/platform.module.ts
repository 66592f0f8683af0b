import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { TestClockModule } from './sandbox/test-clock';
import { IdSource, RandomSource, SystemRandom } from './identity';

/** What every service has: the clock, randomness and ids (injected, so that a simulation can repeat a run), health, metrics. */
@Global()
@Module({
  imports: process.env.SANDBOX === '1' ? [TestClockModule] : [],
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
  exports: [...(process.env.SANDBOX === '1' ? [TestClockModule] : []), Readiness, Clock, RandomSource, IdSource],
})
export class PlatformModule {}
