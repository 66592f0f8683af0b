import { startService, readConfig } from '@gateway/platform';
import { SimulatorConfig } from './simulator.config';
import { SimulatorModule } from './simulator.module';

const config = readConfig(SimulatorConfig);
void startService({ service: 'simulator', module: SimulatorModule, port: config.port, logLevel: config.logLevel });
