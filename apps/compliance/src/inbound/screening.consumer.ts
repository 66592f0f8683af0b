import { Controller } from '@nestjs/common';
import { screeningCommands, type ScreeningCommand } from '@gateway/contracts/compliance.screening.commands.v1';
import { screeningEvents } from '@gateway/contracts/compliance.screening.events.v1';
import { Consumes, type AuditEntry, type Emitted, type InboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { ScreenPayments } from '../use-cases/screen-payments';

/** Answers the screening step of payments. */
@Controller()
export class ScreeningConsumer {
  constructor(private readonly screenPayments: ScreenPayments) {}

  @Consumes(screeningCommands)
  async onCommands(records: InboundRecord<ScreeningCommand>[], tx: Tx): Promise<Emitted> {
    const { outcomes, fresh } = await this.screenPayments.screen(
      records.map(({ data }) => data),
      tx,
    );
    const audit: AuditEntry[] = [];
    const told = records.map(({ partition, traceparent }, at) => {
      const outcome = outcomes[at]!;
      if (fresh.has(outcome.instruction_id)) {
        audit.push({
          subjectId: outcome.payment_id,
          partnerId: outcome.partner_id,
          bucket: partition,
          actor: 'service:compliance',
          actions: [
            {
              action: 'payment.screened',
              detail: { outcome: outcome.outcome, rule: outcome.rule ?? null, list: outcome.list_version ?? null },
            },
          ],
        });
      }
      return { contract: screeningEvents, data: outcome, partition, ...(traceparent ? { traceparent } : {}) };
    });
    return { records: told, audit };
  }
}
