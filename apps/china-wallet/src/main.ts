import { BatchStrategy } from '@gateway/messaging';
import { readConfig, startService } from '@gateway/platform';
import { AlipayConfig } from './alipay.config';
import { AlipayModule } from './alipay.module';

const { port, logLevel } = readConfig(AlipayConfig);

void startService({ service: 'china-wallet', module: AlipayModule, port, logLevel, strategy: BatchStrategy });
