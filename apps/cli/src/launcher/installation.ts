import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Contract } from '@gateway/contracts/contract';
import { LocalRuntime, type ServiceDatabase, type TopicDeclaration } from '@gateway/local-runtime';
import type { CliConfig } from '../cli.config';
import type { Operators } from './demo-people';
import { type DemoPartner, demoPartnerOf } from './demo-partner';
import { environmentOf } from './service-environment';
import { findServices, isSimulator, type ServiceManifest } from './service-manifest';
import { declareTopics, findContracts } from './topic-declarations';

/** All that is decided before anything starts: which services and topics, where they are, what they must know. */
export class Installation {
  readonly runtime: LocalRuntime;
  readonly services: readonly ServiceManifest[];
  readonly contracts: readonly Contract[];
  readonly topics: readonly TopicDeclaration[];
  readonly partner: DemoPartner;
  readonly internalToken: string;
  readonly simulatorControlToken: string;

  constructor(
    readonly config: CliConfig,
    say: (line: string) => void,
  ) {
    this.runtime = LocalRuntime.open({ ...config, say });
    this.services = findServices(config.projectDir, config.environment);
    const network = this.services.flatMap((service) => (service.network ? [service.network.id] : []));
    const audited = this.services.filter((service) => !isSimulator(service)).map(({ name }) => name);
    this.contracts = findContracts({ network, service: audited });
    this.topics = declareTopics(this.contracts, config.topicPrefix);
    this.partner = demoPartnerOf(this.runtime.secrets);
    this.internalToken = this.runtime.secrets.get('internal-token');
    this.simulatorControlToken = this.runtime.secrets.get('simulator-control-token');
  }

  scriptOf(service: ServiceManifest): string {
    return path.join(this.config.projectDir, 'dist', service.folder, 'src', 'main.js');
  }

  logOf(service: ServiceManifest): string {
    return path.join(this.config.dataDir, 'logs', `${service.name}.log`);
  }

  environmentOf(
    service: ServiceManifest,
    databases: Readonly<Record<string, ServiceDatabase>>,
    operators: Operators,
  ): NodeJS.ProcessEnv {
    return environmentOf(service, {
      services: this.services,
      kafkaBrokers: this.runtime.kafkaBrokers,
      topicPrefix: this.config.topicPrefix,
      internalToken: this.internalToken,
      simulatorControlToken: this.simulatorControlToken,
      sealKeyOf: (name) => this.runtime.secrets.get(`seal-key-${name}`, () => randomBytes(32).toString('base64')),
      databaseUrlOf: (name) => databases[name]?.runtimeUrl ?? '',
      operatorVariables: operators.variables,
      inherited: this.config.environment,
    });
  }
}
