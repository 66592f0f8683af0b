import { BatchStrategy } from '@gateway/messaging';
import { readConfig, startService, strictValidation } from '@gateway/platform';
import { FxSettlementConfig } from './fx-settlement.config';
import { FxSettlementModule } from './fx-settlement.module';

const { port, logLevel } = readConfig(FxSettlementConfig);

void startService({
  service: 'fx-settlement',
  module: FxSettlementModule,
  port,
  logLevel,
  strategy: BatchStrategy,
  configure: (app) => void app.useGlobalPipes(strictValidation()),
});
