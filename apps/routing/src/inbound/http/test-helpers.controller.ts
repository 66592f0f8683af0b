import { Body, Controller, Delete, Get, HttpCode, Post, UseGuards, UsePipes } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { TestClocks, type ClockView } from '../../edge/test-clocks';
import { ApiKeyGuard } from './api-key.guard';
import { AdvanceClockDto } from './dto/advance-clock.dto';
import { strictValidation } from './validation';

/** `/v1/test_helpers`, in sandboxes alone. */
@ApiTags('test helpers')
@ApiSecurity('api_key')
@Controller('v1/test_helpers/clocks')
@UseGuards(ApiKeyGuard)
@UsePipes(strictValidation())
export class TestHelpersController {
  constructor(private readonly clocks: TestClocks) {}

  @Get()
  @ApiOperation({ summary: "The sandbox's clock" })
  @ApiResponse({ status: 200, description: 'Business time, and how far it runs ahead.' })
  async clock(): Promise<ClockView> {
    return await this.clocks.view();
  }

  @Post('advance')
  @HttpCode(200)
  @ApiOperation({ summary: 'Move the clock of the whole sandbox, for all of its partners' })
  @ApiResponse({ status: 200, description: 'The clock as it stands now.' })
  async advance(@Body() { seconds }: AdvanceClockDto): Promise<ClockView> {
    return await this.clocks.advance(seconds);
  }

  @Delete()
  @HttpCode(200)
  @ApiOperation({ summary: 'Set the clock back to real time' })
  @ApiResponse({ status: 200, description: 'The clock as it stands now.' })
  async reset(): Promise<ClockView> {
    return await this.clocks.reset();
  }
}
