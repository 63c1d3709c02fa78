import { AppError } from '@steward/kernel';
import { z } from 'zod';
import { loadConfig } from './config';
import { environmentExample } from './environment-example';

const Own = z.object({
  STEWARD_TRAINING_WORKERS: z.coerce.number().int().positive().default(1).describe('Worker threads.'),
  STEWARD_TRAINING_SALT: z.string().min(8).meta({ secret: true }).describe('A salt.'),
});
const right = {
  STEWARD_TRAINING_DATABASE_URL: 'postgres://steward_training:pw@127.0.0.1:5432/steward',
  STEWARD_TRAINING_SALT: 'long enough',
};
const faultsOf = (env: Record<string, string>): string[] => {
  try {
    loadConfig('training', Own, env);
    return [];
  } catch (error) {
    return AppError.is(error) ? (error.details['faults'] as string[]) : [String(error)];
  }
};

describe('loadConfig', () => {
  it('gives the common settings by name and the service’s own by variable', () => {
    expect(loadConfig('training', Own, { ...right, STEWARD_TRAINING_HTTP_PORT: '3001', OTHER: 'x' })).toEqual(
      {
        databaseUrl: right.STEWARD_TRAINING_DATABASE_URL,
        dataDir: '.steward',
        eventBus: 'postgres',
        kafkaBrokers: [],
        host: '127.0.0.1',
        httpPort: 3001,
        grpcPort: 0,
        logLevel: 'info',
        tls: null,
        STEWARD_TRAINING_WORKERS: 1,
        STEWARD_TRAINING_SALT: 'long enough',
      },
    );
  });

  it('reports all faults together, of both schemas, and echoes no value', () => {
    const faults = faultsOf({
      STEWARD_TRAINING_DATABASE_URL: 'mysql://root:hunter2@db',
      STEWARD_TRAINING_SALT: 'short',
      STEWARD_TRAINING_HTTP_PORT: '70000',
      STEWARD_TRAINING_WORKERS: 'many',
      STEWARD_LOG_LEVEL: 'loud',
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'STEWARD_TRAINING_DATABASE_URL',
      'STEWARD_TRAINING_HTTP_PORT',
      'STEWARD_LOG_LEVEL',
      'STEWARD_TRAINING_WORKERS',
      'STEWARD_TRAINING_SALT',
    ]);
    expect(faults.join()).not.toMatch(/hunter2|short|many|loud/);
  });

  it('takes the files of TLS together, and nothing that is half of them', () => {
    const tls = { STEWARD_TRAINING_TLS_CERT: '/c.pem', STEWARD_TRAINING_TLS_KEY: '/k.pem' };
    expect(loadConfig('training', Own, { ...right, ...tls }).tls).toEqual({
      cert: '/c.pem',
      key: '/k.pem',
      clientCa: null,
    });
    const { STEWARD_TRAINING_TLS_KEY: key } = tls;
    expect(faultsOf({ ...right, STEWARD_TRAINING_TLS_KEY: key })).toEqual([
      'STEWARD_TRAINING_TLS_CERT: needed with the other settings of TLS',
    ]);
    expect(faultsOf({ ...right, STEWARD_TRAINING_TLS_CLIENT_CA: '/ca.pem' })).toEqual([
      'STEWARD_TRAINING_TLS_CERT: needed with the other settings of TLS',
      'STEWARD_TRAINING_TLS_KEY: needed with the other settings of TLS',
    ]);
  });

  it('takes an empty variable as one that is not set', () => {
    expect(faultsOf({ ...right, STEWARD_LOG_LEVEL: '' })).toEqual([]);
    expect(faultsOf({ ...right, STEWARD_TRAINING_SALT: '' })).toHaveLength(1);
  });

  it('wants brokers where the bus is Kafka', () => {
    expect(faultsOf({ ...right, STEWARD_EVENT_BUS: 'kafka' })).toEqual([
      expect.stringContaining('STEWARD_KAFKA_BROKERS'),
    ]);
    const env = { ...right, STEWARD_EVENT_BUS: 'kafka', STEWARD_KAFKA_BROKERS: 'a:9092, b:9092' };
    expect(loadConfig('training', Own, env).kafkaBrokers).toEqual(['a:9092', 'b:9092']);
  });
});

describe('environmentExample', () => {
  it('shows each setting once with its description, default and need', () => {
    const text = environmentExample([
      { name: 'training', config: Own },
      { name: 'inference', config: z.object({}) },
    ]);
    expect(text).toContain('# A salt. Secret. Required.\nSTEWARD_TRAINING_SALT=\n');
    expect(text).toContain('# Worker threads.\n# STEWARD_TRAINING_WORKERS=1\n');
    expect(text.match(/^# ?STEWARD_LOG_LEVEL=info$/gm)).toHaveLength(1);
    expect(text).toContain('STEWARD_INFERENCE_DATABASE_URL=');
  });
});
