import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { problem } from '../../edge/problems';
import { idPattern } from '../../edge/text';
import { CurrentOperator, ForRoles, OperatorGuard } from '../../operators/operator.guard';
import { PeopleRefunds } from '../../operators/people-refunds';
import type { Operator } from '../../operators/roles';
import { LateRefundDto, OwedRefundDto } from './dto/people-refund.dto';
import { strictValidation } from './validation';
import { type Verdict, VerdictPipe } from './verdict.pipe';

const IDS = {
  rfd: new RegExp(idPattern('rfd')),
  pay: new RegExp(idPattern('pay')),
  rfx: new RegExp(idPattern('rfx')),
} as const;

/**
 * `/ops/v1`: refunds that no network pays. One person of settlement asks for another instrument, for a transfer that was
 * made by hand, or for a refund after the window; another one approves or rejects it.
 */
@ApiExcludeController()
@Controller('ops/v1')
@UseGuards(OperatorGuard)
@UsePipes(strictValidation())
export class PeopleRefundsController {
  constructor(private readonly refunds: PeopleRefunds) {}

  @Get('owed_refunds')
  @ForRoles('settlement', 'support', 'auditor')
  async owed(@CurrentOperator() operator: Operator, @Query('after') after?: string): Promise<object> {
    if (after !== undefined) requireId('rfd', after);
    return await this.refunds.owed(operator, after ?? null);
  }

  @Post('owed_refunds/:id/decisions')
  @ForRoles('settlement')
  async requestWay(
    @CurrentOperator() operator: Operator,
    @Param('id') id: string,
    @Body() body: OwedRefundDto,
  ): Promise<object> {
    requireId('rfd', id);
    return await this.refunds.requestWay(operator, id, body);
  }

  @Post('payments/:id/late_refunds')
  @ForRoles('settlement')
  async requestLate(
    @CurrentOperator() operator: Operator,
    @Param('id') id: string,
    @Body() body: LateRefundDto,
  ): Promise<object> {
    requireId('pay', id);
    return await this.refunds.requestLate(operator, id, body);
  }

  @Post('refund_decisions/:id/:verdict')
  @HttpCode(200)
  @ForRoles('settlement')
  async decide(
    @CurrentOperator() operator: Operator,
    @Param('id') id: string,
    @Param('verdict', VerdictPipe) verdict: Verdict,
  ): Promise<object> {
    requireId('rfx', id);
    return await this.refunds.decide(operator, id, verdict);
  }
}

function requireId(kind: keyof typeof IDS, id: string): void {
  if (!IDS[kind].test(id)) throw problem('NOT_FOUND');
}
