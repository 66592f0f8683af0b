import { javaOptions, renderLoggingProperties, renderServerProperties } from './kafka-configuration';

const properties = renderServerProperties({ port: 7092, controllerPort: 7093, logDir: '/data/records' });

describe('the configuration of the embedded broker', () => {
  it('listens on loopback only', () => {
    const listeners = properties.match(/^(listeners|advertised\.listeners)=.*$/gm) ?? [];
    expect(listeners).toHaveLength(2);
    for (const address of listeners.join(',').match(/\/\/[^:]+:/g) ?? []) expect(address).toBe('//127.0.0.1:');
  });

  it('never makes a topic because somebody sent to it', () => {
    expect(properties).toContain('auto.create.topics.enable=false\n');
  });

  it('keeps its records where it is told', () => {
    expect(properties).toContain('log.dirs=/data/records\n');
  });

  it('logs into a file and not to the terminal', () => {
    const logging = renderLoggingProperties('/data/logs/kafka.log');
    expect(logging).toContain('appender.file.fileName=/data/logs/kafka.log\n');
    expect(logging).not.toContain('Console');
  });

  it('compiles fully for measurements and starts quickly otherwise', () => {
    expect(javaOptions('interactive', 'x')).toContain('-XX:TieredStopAtLevel=1');
    expect(javaOptions('load', 'x')).not.toContain('-XX:TieredStopAtLevel=1');
  });
});
