import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { problem } from '../../edge/problems';
import { CurrentOperator, ForRoles, OperatorGuard } from '../../operators/operator.guard';
import type { Operator } from '../../operators/roles';
import { UnknownOutcomes } from '../../operators/unknown-outcomes';
import { FindingDto } from './dto/finding.dto';
import { strictValidation } from './validation';
import { type Verdict, VerdictPipe } from './verdict.pipe';

const INSTRUCTION_ID = /^[A-Za-z0-9_-]{1,96}$/;

/**
 * `/ops/v1/reviews`: outcomes that the network has not told within its enquiry plan. One person of settlement enters what
 * they found with its proof, another one approves or rejects it.
 */
@ApiExcludeController()
@Controller('ops/v1/reviews/:network')
@UseGuards(OperatorGuard)
@UsePipes(strictValidation())
export class ReviewsController {
  constructor(private readonly outcomes: UnknownOutcomes) {}

  @Get()
  @ForRoles('settlement', 'support', 'auditor')
  async queue(
    @CurrentOperator() operator: Operator,
    @Param('network') network: string,
    @Query('after') after?: string,
  ): Promise<object> {
    if (after !== undefined) requireInstruction(after);
    return await this.outcomes.queue(operator, network, after);
  }

  @Post(':id/resolution')
  @ForRoles('settlement')
  async request(
    @CurrentOperator() operator: Operator,
    @Param('network') network: string,
    @Param('id') id: string,
    @Body() finding: FindingDto,
  ): Promise<object> {
    requireInstruction(id);
    return await this.outcomes.request(operator, network, id, finding);
  }

  @Post(':id/resolution/:verdict')
  @HttpCode(200)
  @ForRoles('settlement')
  async decide(
    @CurrentOperator() operator: Operator,
    @Param('network') network: string,
    @Param('id') id: string,
    @Param('verdict', VerdictPipe) verdict: Verdict,
  ): Promise<object> {
    requireInstruction(id);
    return await this.outcomes.decide(operator, network, id, verdict);
  }
}

function requireInstruction(id: string): void {
  if (!INSTRUCTION_ID.test(id)) throw problem('NOT_FOUND');
}
