import 'reflect-metadata';
import { BatchStrategy } from '@gateway/messaging';
import { readConfig, startService } from '@gateway/platform';
import { ApplePayConfig } from './applepay.config';
import { ApplePayModule } from './applepay.module';

const { port, logLevel } = readConfig(ApplePayConfig);

void startService({ service: 'us-wallet', module: ApplePayModule, port, logLevel, strategy: BatchStrategy });
