import { Body, Controller, Get, HttpCode, Param, Post, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { problem } from '../../edge/problems';
import { idPattern } from '../../edge/text';
import { DisputeLiability } from '../../operators/dispute-liability';
import { CurrentOperator, ForRoles, OperatorGuard } from '../../operators/operator.guard';
import type { Operator } from '../../operators/roles';
import { LiabilityDto } from './dto/liability.dto';
import { strictValidation } from './validation';
import { type Verdict, VerdictPipe } from './verdict.pipe';

const PARTNER_ID = new RegExp(idPattern('prt'));
const DECISION_ID = new RegExp(idPattern('dlc'));
const STATES = { approve: 'approved', reject: 'rejected' } as const;

/** `/ops/v1/dispute_liability`: who bears lost disputes. One person of settlement enters a term, another one decides. */
@ApiExcludeController()
@Controller('ops/v1/dispute_liability')
@UseGuards(OperatorGuard)
@UsePipes(strictValidation())
export class DisputeLiabilityController {
  constructor(private readonly liability: DisputeLiability) {}

  @Get(':partner')
  @ForRoles('settlement', 'support', 'auditor')
  async of(@Param('partner') partner: string): Promise<object> {
    if (!PARTNER_ID.test(partner)) throw problem('NOT_FOUND');
    return await this.liability.of(partner);
  }

  @Post()
  @ForRoles('settlement')
  async request(@CurrentOperator() operator: Operator, @Body() body: LiabilityDto): Promise<object> {
    return await this.liability.request(operator, body);
  }

  @Post(':id/:verdict')
  @HttpCode(200)
  @ForRoles('settlement')
  async decide(
    @CurrentOperator() operator: Operator,
    @Param('id') id: string,
    @Param('verdict', VerdictPipe) verdict: Verdict,
  ): Promise<object> {
    if (!DECISION_ID.test(id)) throw problem('NOT_FOUND');
    return await this.liability.decide(operator, id, STATES[verdict]);
  }
}
