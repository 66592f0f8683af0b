import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CurrentOperator, ForRoles, OperatorGuard } from '../../operators/operator.guard';
import { OperatorReads } from '../../operators/operator-reads';
import type { Operator } from '../../operators/roles';

/** `/ops/v1`: what operators read. Every read of a payment or of cases leaves an audit record with the person's id. */
@ApiExcludeController()
@Controller('ops/v1')
@UseGuards(OperatorGuard)
export class OperatorsController {
  constructor(private readonly reads: OperatorReads) {}

  @Get('cases')
  @ForRoles('support', 'engineer', 'settlement', 'compliance', 'auditor')
  async cases(@CurrentOperator() operator: Operator, @Query('payment') payment?: string): Promise<object> {
    return await this.reads.cases(operator, typeof payment === 'string' ? payment : null);
  }

  @Get('payments/:id')
  @ForRoles('support', 'engineer', 'settlement', 'compliance', 'auditor')
  async payment(@CurrentOperator() operator: Operator, @Param('id') id: string): Promise<object> {
    return await this.reads.payment(operator, id);
  }
}
