import { Controller, Get, Param, Query, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CurrentOperator, ForRoles, OperatorGuard } from '../../operators/operator.guard';
import { OperatorReads } from '../../operators/operator-reads';
import type { Operator } from '../../operators/roles';
import { CaseListDto } from './dto/case-list.dto';
import { strictValidation } from './validation';

/** `/ops/v1`: what operators read. Every read of a payment or of cases leaves an audit record with the person's id. */
@ApiExcludeController()
@Controller('ops/v1')
@UseGuards(OperatorGuard)
@UsePipes(strictValidation())
export class OperatorsController {
  constructor(private readonly reads: OperatorReads) {}

  @Get('cases')
  @ForRoles('support', 'engineer', 'settlement', 'compliance', 'auditor')
  async cases(@CurrentOperator() operator: Operator, @Query() { payment, before }: CaseListDto): Promise<object> {
    return await this.reads.cases(operator, payment ?? null, before ?? null);
  }

  @Get('payments/:id')
  @ForRoles('support', 'engineer', 'settlement', 'compliance', 'auditor')
  async payment(@CurrentOperator() operator: Operator, @Param('id') id: string): Promise<object> {
    return await this.reads.payment(operator, id);
  }
}
