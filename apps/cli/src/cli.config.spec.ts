import { type CliConfig, developmentConfig, readCliConfig, readPort, UsageError } from './cli.config';

function portsOf({ ports }: CliConfig): number[] {
  return [ports.postgres, ports.kafka, ports.kafkaController];
}

describe('the configuration of the command line', () => {
  it('takes ports from their variables and refuses what is none', () => {
    expect(readPort({ GATEWAY_KAFKA_PORT: '7777' }, 'GATEWAY_KAFKA_PORT', 7092)).toBe(7777);
    expect(readPort({}, 'GATEWAY_KAFKA_PORT', 7092)).toBe(7092);
    for (const wrong of ['0', '70000', 'abc', '7.5']) {
      expect(() => readPort({ P: wrong }, 'P', 1)).toThrow(UsageError);
    }
  });

  it('uses what the user already has instead of the embedded parts', () => {
    const config = readCliConfig({ GATEWAY_DATA: '/data', DATABASE_URL: 'postgres://u@h/d', KAFKA_BROKERS: 'h:9092' });
    expect(config).toMatchObject({ dataDir: '/data', databaseUrl: 'postgres://u@h/d', kafkaBrokers: 'h:9092' });
  });

  it('keeps the runtime for development apart from the one that npm start uses', () => {
    const config = readCliConfig({ GATEWAY_DATA: '/data' });
    const development = developmentConfig(config);
    expect(development.dataDir).not.toBe(config.dataDir);
    const both = [...portsOf(config), ...portsOf(development)];
    expect(new Set(both).size).toBe(both.length);
  });
});
