import {
  Body,
  Controller,
  Get,
  HttpCode,
  Injectable,
  Module,
  Post,
  UseGuards,
  type OnModuleInit,
} from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { IsString, MinLength } from 'class-validator';
import { Clock, SystemClock } from '../clock';
import { Env, readConfig } from '../config/environment';
import { InternalToken, InternalTokenGuard } from '../http/internal-token.guard';
import { Problem } from '../http/problem';

/** Ten years either way: further than any window, expiry or retention that is played. */
const LIMIT_MS = 10 * 366 * 86_400_000;

class TestClockConfig {
  @Env('INTERNAL_TOKEN')
  @IsString()
  @MinLength(8)
  internalToken: string;
}

/** The test clock of one service: business time in SQL and in the process run ahead by one offset (design section 7). */
@Injectable()
export class TestClock implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A process that starts later goes by the offset that was set before. */
  async onModuleInit(): Promise<void> {
    this.follow(await this.offsetMs());
  }

  async offsetMs(): Promise<number> {
    const [row] = await this.database.query<{ ms: string }>(
      `SELECT (extract(epoch FROM clock_offset) * 1000)::bigint::text AS ms FROM test_clock`,
    );
    return Number(row?.ms ?? 0);
  }

  async set(offsetMs: number): Promise<void> {
    await this.database.query(`UPDATE test_clock SET clock_offset = $1 * interval '1 millisecond'`, [offsetMs]);
    this.follow(offsetMs);
  }

  private follow(offsetMs: number): void {
    if (this.clock instanceof SystemClock) this.clock.setOffsetMs(offsetMs);
  }
}

/** `/internal/v1/test-clock`, in sandboxes alone: routing's test helper moves all services and simulators together. */
@Controller('internal/v1/test-clock')
@UseGuards(InternalTokenGuard)
export class TestClockController {
  constructor(
    private readonly testClock: TestClock,
    private readonly clock: Clock,
  ) {}

  @Get()
  async get(): Promise<object> {
    return { offset_ms: await this.testClock.offsetMs(), now: this.clock.now().toISOString() };
  }

  @Post()
  @HttpCode(200)
  async set(@Body() body: unknown): Promise<object> {
    const { offset_ms } = (body ?? {}) as { offset_ms?: unknown };
    if (!Number.isSafeInteger(offset_ms) || Math.abs(offset_ms as number) > LIMIT_MS) {
      const detail = `offset_ms is a whole number of milliseconds, at most ${LIMIT_MS} either way.`;
      throw new Problem({ status: 422, code: 'INVALID_FIELD', title: 'Not valid', detail, param: 'offset_ms' });
    }
    await this.testClock.set(offset_ms as number);
    return this.get();
  }
}

/** Mounted by `PlatformModule` where `SANDBOX` is 1; it moves the clock of the service's own database. */
@Module({
  controllers: [TestClockController],
  providers: [
    TestClock,
    InternalTokenGuard,
    {
      provide: InternalToken,
      useFactory: (): InternalToken => ({ value: readConfig(TestClockConfig).internalToken }),
    },
  ],
  exports: [TestClock],
})
export class TestClockModule {}
