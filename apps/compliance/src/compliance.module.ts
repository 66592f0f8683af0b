import { Module } from '@nestjs/common';
import { auditOf } from '@gateway/contracts/audit.service.v1';
import { MessagingModule } from '@gateway/messaging';
import { PersistenceModule } from '@gateway/persistence';
import { InternalToken, PlatformModule, RandomSource, readConfig, Sealer } from '@gateway/platform';
import { ComplianceConfig } from './compliance.config';
import { AuditConsumer } from './inbound/audit.consumer';
import { AuditController } from './inbound/audit.controller';
import { PartyController } from './inbound/party.controller';
import { ScreeningConsumer } from './inbound/screening.consumer';
import { AuditLogRepository } from './outbound/audit-log.repository';
import { ScreeningRepository } from './outbound/screening.repository';
import { SealedPartyRegister } from './outbound/sealed-party-register';
import { AuditLog } from './use-cases/audit-log';
import { PartyRegister } from './use-cases/party-register';
import { RegisterParty } from './use-cases/register-party';
import { ScreenPayments } from './use-cases/screen-payments';
import { ScreeningStore } from './use-cases/screening-store';

const config = readConfig(ComplianceConfig);

/** Compliance: parties, screenings and the audit log. */
@Module({
  imports: [
    PlatformModule,
    PersistenceModule.forService(() => ({ url: config.databaseUrl, applicationName: 'compliance' })),
    MessagingModule.forRoot({ service: 'compliance', families: [[auditOf, config.auditedServices()]] }),
  ],
  controllers: [ScreeningConsumer, AuditConsumer, AuditController, PartyController],
  providers: [
    { provide: InternalToken, useValue: config },
    {
      provide: Sealer,
      useFactory: (random: RandomSource): Sealer => new Sealer(config.sealKey, random),
      inject: [RandomSource],
    },
    { provide: PartyRegister, useClass: SealedPartyRegister },
    { provide: ScreeningStore, useClass: ScreeningRepository },
    { provide: AuditLog, useClass: AuditLogRepository },
    RegisterParty,
    ScreenPayments,
  ],
})
export class ComplianceModule {}
