import { Body, Controller, Get, HttpCode, Param, Post, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CurrentOperator, ForRoles, OperatorGuard } from '../../operators/operator.guard';
import { PartnerBalances } from '../../operators/partner-balances';
import type { Operator } from '../../operators/roles';
import { problem } from '../../edge/problems';
import { idPattern } from '../../edge/text';
import { RequestTopUpDto } from './dto/top-up.dto';
import { strictValidation } from './validation';

const TOP_UP_ID = new RegExp(idPattern('top'));
const PARTNER_ID = new RegExp(idPattern('prt'));

/** `/ops/v1`: partners' balances. One person of settlement enters a receipt, another one approves it. */
@ApiExcludeController()
@Controller('ops/v1')
@UseGuards(OperatorGuard)
@UsePipes(strictValidation())
export class BalancesController {
  constructor(private readonly balances: PartnerBalances) {}

  @Post('top_ups')
  @ForRoles('settlement')
  async request(@CurrentOperator() operator: Operator, @Body() body: RequestTopUpDto): Promise<object> {
    return await this.balances.request(operator, body);
  }

  @Post('top_ups/:id/approve')
  @HttpCode(200)
  @ForRoles('settlement')
  async approve(@CurrentOperator() operator: Operator, @Param('id') id: string): Promise<object> {
    if (!TOP_UP_ID.test(id)) throw problem('NOT_FOUND');
    return await this.balances.approve(operator, id);
  }

  @Get('partner_balances/:id')
  @ForRoles('settlement', 'support', 'auditor')
  async of(@Param('id') id: string): Promise<object> {
    if (!PARTNER_ID.test(id)) throw problem('NOT_FOUND');
    return await this.balances.of(id);
  }
}
