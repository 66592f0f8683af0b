import { Controller, Get, UseGuards } from '@nestjs/common';
import { InternalTokenGuard } from '@gateway/platform';
import { AuditLog, type AuditGap } from '../use-cases/audit-log';

/** Whether the audit log is whole, for the judge and the operators' tools. */
@Controller('internal/v1/audit')
@UseGuards(InternalTokenGuard)
export class AuditController {
  constructor(private readonly log: AuditLog) {}

  @Get('state')
  async state(): Promise<{ records: number; gaps: AuditGap[] }> {
    const [records, gaps] = await Promise.all([this.log.count(), this.log.gaps()]);
    return { records, gaps };
  }
}
