import { type ServiceManifest, urlOf } from './service-manifest';

/** What all services of one installation share. */
export interface SharedSettings {
  readonly services: readonly ServiceManifest[];
  readonly kafkaBrokers: readonly string[];
  readonly topicPrefix: string;
  readonly internalToken: string;
  readonly simulatorControlToken: string;
  /** 32 bytes in base64, one per service. */
  readonly sealKeyOf: (service: string) => string;
  /** Runtime role's address, one per service. */
  readonly databaseUrlOf: (service: string) => string;
  /** How routing verifies operators. */
  readonly operatorVariables: Readonly<Record<string, string>>;
  /** The launcher's own environment: a service inherits it, so that any of its settings can be given there. */
  readonly inherited: NodeJS.ProcessEnv;
}

/** The environment of one service. What the launcher decides wins over what it inherited. */
export function environmentOf(service: ServiceManifest, shared: SharedSettings): NodeJS.ProcessEnv {
  const { inherited } = shared;
  return {
    LOG_LEVEL: 'info',
    ENQUIRY_PROFILE: 'normal',
    SANDBOX: '1',
    // The partner of a local run has its receiver on this machine.
    ALLOW_LOOPBACK_WEBHOOKS: '1',
    ...shared.operatorVariables,
    ...inherited,
    INSTANCE: '1',
    PORT: String(service.port),
    DATABASE_URL: shared.databaseUrlOf(service.name),
    KAFKA_BROKERS: shared.kafkaBrokers.join(','),
    TOPIC_PREFIX: shared.topicPrefix,
    INTERNAL_TOKEN: shared.internalToken,
    SIMULATOR_CONTROL_TOKEN: shared.simulatorControlToken,
    SEAL_KEY: shared.sealKeyOf(service.name),
    WALLET_NETWORKS: JSON.stringify(describeNetworks(shared.services)),
    ...addressesOf(shared.services),
  };
}

/** Every wallet network as routing and fx-settlement need it: where it is and which accounts of the ledger are its own. */
export function describeNetworks(services: readonly ServiceManifest[]): object[] {
  return services.flatMap((service) =>
    service.network ? [{ service: service.name, url: urlOf(service), ...service.network }] : [],
  );
}

const ADDRESS_VARIABLES: Readonly<Record<string, string>> = {
  'fx-settlement': 'FX_URL',
  compliance: 'COMPLIANCE_URL',
  simulator: 'SIMULATOR_URL',
  routing: 'PARTNER_API_URL',
};

function addressesOf(services: readonly ServiceManifest[]): Record<string, string> {
  const known = services.filter(({ name }) => name in ADDRESS_VARIABLES);
  return Object.fromEntries(known.map((service) => [String(ADDRESS_VARIABLES[service.name]), urlOf(service)]));
}
