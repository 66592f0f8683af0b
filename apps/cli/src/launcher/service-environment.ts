import { type ServiceManifest, simulatorOf, urlOf } from './service-manifest';

/** What all services of one installation share. */
export interface SharedSettings {
  readonly services: readonly ServiceManifest[];
  /** On this machine, one instance of each, where nothing else is said. */
  readonly addressesOf?: AddressBook;
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
    ...neighboursOf(service, shared.services, shared.addressesOf),
  };
}

/** The addresses of a service's instances. */
export type AddressBook = (service: ServiceManifest) => readonly string[];

/** One instance of each service on this machine. */
const ON_THIS_MACHINE: AddressBook = (service) => [urlOf(service)];
/** Each service's host is called like it, as containers are. */
export const BY_NAME: AddressBook = (service) => [urlOf(service, service.name)];

/** Where a service finds the others: the wallet networks with their accounts, the core, and the simulator it talks to. */
export function neighboursOf(
  service: ServiceManifest,
  services: readonly ServiceManifest[],
  addressesOf: AddressBook = ON_THIS_MACHINE,
): Record<string, string> {
  const addresses = (of: ServiceManifest): string => addressesOf(of).join(',');
  const networks = services.flatMap((other) =>
    other.network ? [{ service: other.name, url: addresses(other), ...other.network }] : [],
  );
  const core = services.filter(({ name }) => name in ADDRESS_VARIABLES);
  const simulator = simulatorOf(service, services);
  return {
    WALLET_NETWORKS: JSON.stringify(networks),
    SANDBOX_SERVICES: JSON.stringify(services.filter((other) => other !== service).flatMap(addressesOf)),
    ...Object.fromEntries(core.map((other) => [String(ADDRESS_VARIABLES[other.name]), addresses(other)])),
    ...(simulator && { SIMULATOR_URL: addresses(simulator) }),
  };
}

const ADDRESS_VARIABLES: Readonly<Record<string, string>> = {
  'fx-settlement': 'FX_URL',
  compliance: 'COMPLIANCE_URL',
  routing: 'PARTNER_API_URL',
};
