import { InternalTokenGuard, Problem } from '@gateway/platform';
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { StopQuoting } from '../use-cases/stop-quoting';
import { LiftStopBody, StartStopBody } from './stop.request';

/** The desk's stops, forwarded by routing for an operator that it has authenticated. */
@Controller('internal/v1/stops')
@UseGuards(InternalTokenGuard)
export class StopController {
  constructor(private readonly stopping: StopQuoting) {}

  @Post()
  async start(@Body() body: StartStopBody): Promise<{ in_force: true; started: boolean }> {
    return { in_force: true, started: await this.stopping.start(body) };
  }

  @Post('lift')
  @HttpCode(200)
  async lift(@Body() body: LiftStopBody): Promise<{ in_force: false }> {
    if (await this.stopping.lift(body)) return { in_force: false };
    throw new Problem({ status: 404, code: 'NO_SUCH_STOP', title: 'Not found', detail: 'No such stop is in force.' });
  }
}
