import { BatchStrategy } from '@gateway/messaging';
import { readConfig, startService, strictValidation } from '@gateway/platform';
import { ComplianceConfig } from './compliance.config';
import { ComplianceModule } from './compliance.module';

const { port, logLevel } = readConfig(ComplianceConfig);

void startService({
  service: 'compliance',
  module: ComplianceModule,
  port,
  logLevel,
  strategy: BatchStrategy,
  configure: (app) => void app.useGlobalPipes(strictValidation()),
});
