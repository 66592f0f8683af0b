export { chooseDataFolder, findProjectFolder, makeDataFolder } from './data-folder';
export { type TopicDeclaration } from './kafka-administration';
export { type RuntimeProfile } from './kafka-configuration';
export { LocalRuntime, type LocalRuntimeOptions, type RuntimePorts, type RuntimeStatus } from './local-runtime';
export { commandLineOf, endProcess, isRunning, signal, waitUntil } from './operating-system-process';
export { demandFreePort, drawFreePorts, isPortFree, LOOPBACK } from './ports';
export { RuntimeRefusal } from './refusal';
export { SecretFile } from './secret-file';
export { dropServiceDatabases, type ServiceDatabase } from './service-databases';
