import { BatchStrategy } from '@gateway/messaging';
import { readConfig, startService } from '@gateway/platform';
import { QrpayConfig } from './qrpay.config';
import { QrpayModule } from './qrpay.module';

const { port, logLevel } = readConfig(QrpayConfig);

void startService({ service: 'qr-wallet', module: QrpayModule, port, logLevel, strategy: BatchStrategy });
