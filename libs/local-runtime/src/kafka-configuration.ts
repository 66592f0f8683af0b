import { LOOPBACK } from './ports';

export interface KafkaConfiguration {
  readonly port: number;
  readonly controllerPort: number;
  readonly logDir: string;
}

/**
 * One node that is broker and controller. Topics are made by a step of their own, never by a first send. The session
 * timeout is short because a broker that comes back after a kill is refused until its old session has run out.
 */
export function renderServerProperties({ port, controllerPort, logDir }: KafkaConfiguration): string {
  const properties: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${LOOPBACK}:${controllerPort}`,
    listeners: `PLAINTEXT://${LOOPBACK}:${port},CONTROLLER://${LOOPBACK}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${LOOPBACK}:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': logDir,
    'auto.create.topics.enable': false,
    'num.partitions': 6,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 5,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.retention.minutes': 43_200,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.segment.bytes': 67_108_864,
    'log.index.size.max.bytes': 1_048_576,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    'message.max.bytes': 1_048_576,
    'broker.session.timeout.ms': 1_500,
    'broker.heartbeat.interval.ms': 300,
    // One node has nobody to prove its progress to: an idle broker writes nothing.
    'metadata.max.idle.interval.ms': 0,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The broker's own log: one file of at most 10 MB and two before it. */
export function renderLoggingProperties(logFile: string): string {
  return `status=error
appender.file.type=RollingFile
appender.file.name=file
appender.file.fileName=${logFile}
appender.file.filePattern=${logFile}.%i
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %p %c{1} %m%n
appender.file.policies.type=Policies
appender.file.policies.size.type=SizeBasedTriggeringPolicy
appender.file.policies.size.size=10MB
appender.file.strategy.type=DefaultRolloverStrategy
appender.file.strategy.max=2
rootLogger.level=INFO
rootLogger.appenderRef.file.ref=file
`;
}

/**
 * `interactive` starts fast and stays small, for a demo and for tests; `load` compiles fully and has room, for
 * measurements.
 */
export type RuntimeProfile = 'interactive' | 'load';

const HEAP: Record<RuntimeProfile, readonly string[]> = {
  interactive: ['-Xms96m', '-Xmx384m', '-XX:TieredStopAtLevel=1'],
  load: ['-Xms1g', '-Xmx1g'],
};

/** The virtual machine's options of the broker. */
export function javaOptions(profile: RuntimeProfile, loggingFile: string): string[] {
  const common = ['-XX:+UseSerialGC', '-XX:-UsePerfData', '-XX:+ExitOnOutOfMemoryError', '-Djava.awt.headless=true'];
  return [...HEAP[profile], ...common, `-Dlog4j2.configurationFile=${loggingFile}`];
}
