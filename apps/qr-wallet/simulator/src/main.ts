import { readConfig, startService } from '@gateway/platform';
import { QrSimulatorConfig } from './qr-simulator.config';
import { QrSimulatorModule } from './qr-simulator.module';

const { port, logLevel } = readConfig(QrSimulatorConfig);

void startService({ service: 'qr-simulator', module: QrSimulatorModule, port, logLevel });
