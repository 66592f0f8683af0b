import { type ServiceManifest, simulatorOf, urlOf } from './service-manifest';

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
    ...neighboursOf(service, shared.services),
  };
}

/** `localhost`: all services are on this machine. `by_name`: each one's host is called like it, as containers are. */
export type HostNaming = 'localhost' | 'by_name';

/** Where a service finds the others: the wallet networks with their accounts, the core, and the simulator it talks to. */
export function neighboursOf(
  service: ServiceManifest,
  services: readonly ServiceManifest[],
  naming: HostNaming = 'localhost',
): Record<string, string> {
  const addressOf = (other: ServiceManifest): string => urlOf(other, naming === 'by_name' ? other.name : undefined);
  const networks = services.flatMap((other) =>
    other.network ? [{ service: other.name, url: addressOf(other), ...other.network }] : [],
  );
  const core = services.filter(({ name }) => name in ADDRESS_VARIABLES);
  const simulator = simulatorOf(service, services);
  return {
    WALLET_NETWORKS: JSON.stringify(networks),
    SANDBOX_SERVICES: JSON.stringify(services.filter((other) => other !== service).map(addressOf)),
    ...Object.fromEntries(core.map((other) => [String(ADDRESS_VARIABLES[other.name]), addressOf(other)])),
    ...(simulator && { SIMULATOR_URL: addressOf(simulator) }),
  };
}

const ADDRESS_VARIABLES: Readonly<Record<string, string>> = {
  'fx-settlement': 'FX_URL',
  compliance: 'COMPLIANCE_URL',
  routing: 'PARTNER_API_URL',
};
