import { Controller } from '@nestjs/common';
import { auditOf, type AuditRecord } from '@gateway/contracts/audit.service.v1';
import { ConsumesToStore, NOTHING, type Emitted, type InboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { AuditLog } from '../use-cases/audit-log';

/** Stores what all services did, append-only; a record that comes again changes nothing. */
@Controller()
export class AuditConsumer {
  constructor(private readonly log: AuditLog) {}

  @ConsumesToStore(auditOf)
  async onRecords(records: InboundRecord<AuditRecord>[], tx: Tx): Promise<Emitted> {
    await this.log.append(
      records.map(({ data, incarnation }) => ({ ...data, incarnation: incarnation ?? 0 })),
      tx,
    );
    return NOTHING;
  }
}
