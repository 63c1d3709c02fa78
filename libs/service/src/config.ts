import { errors } from '@steward/kernel';
import type { ServiceName } from '@steward/contracts';
import { z } from 'zod';
import type { TlsFiles } from './server-tls';
import type { CommonConfig } from './service';

/** Environment variables of this service start with this: `STEWARD_TRAINING`. */
export function prefixOf(service: ServiceName): string {
  return `STEWARD_${service.toUpperCase()}`;
}

const file = () => z.string().min(1).optional();
const port = () => z.coerce.number().int().min(0).max(65_535).default(0);

/** The settings that every service has, by the names of their environment variables. */
export function commonSchema(service: ServiceName) {
  const prefix = prefixOf(service);
  return z.object({
    [`${prefix}_DATABASE_URL`]: z
      .url({ protocol: /^postgres(ql)?$/ })
      .meta({ secret: true })
      .describe(
        `PostgreSQL URL of the role of ${service} and no other: postgres://role:password@host:port/database`,
      ),
    STEWARD_DATA_DIR: z
      .string()
      .min(1)
      .default('.steward')
      .describe('Folder of artifacts and keys of the local set-up.'),
    STEWARD_EVENT_BUS: z
      .enum(['postgres', 'kafka'])
      .default('postgres')
      .describe('Which event bus: the log in PostgreSQL, or Kafka.'),
    STEWARD_KAFKA_BROKERS: z
      .string()
      .default('')
      .describe('host:port of the Kafka brokers, separated by commas; needed where the bus is kafka.'),
    STEWARD_HTTP_HOST: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on, HTTP and gRPC.'),
    [`${prefix}_HTTP_PORT`]: port().describe('HTTP port; 0 takes any free one.'),
    [`${prefix}_GRPC_PORT`]: port().describe('gRPC port; 0 takes any free one.'),
    [`${prefix}_TLS_CERT`]: file().describe(
      `PEM file of the certificate of ${service}'s HTTP and gRPC servers; unset: plain text. Read anew when it changes.`,
    ),
    [`${prefix}_TLS_KEY`]: file().describe('PEM file of its private key.'),
    [`${prefix}_TLS_CLIENT_CA`]: file().describe(
      'PEM file of the authorities of client certificates; set: callers need one (mTLS), and a token or key as ever.',
    ),
    STEWARD_LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info')
      .describe('Least severe level that is logged.'),
  });
}

/**
 * Parses the settings of a service: its own schema and the common one, all faults together. Values are never echoed,
 * because a setting may be a secret. Throws AppError `CONFIG.INVALID`.
 */
export function loadConfig<Schema extends z.ZodType>(
  service: ServiceName,
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.output<Schema> & CommonConfig {
  // An empty variable means that it is not set: that is how shells and compose files say it.
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const common = commonSchema(service).safeParse(given);
  const own = schema.safeParse(given);
  const faults = [...(common.error?.issues ?? []), ...(own.error?.issues ?? [])].map(
    (issue) => `${issue.path.join('.') || '(all)'}: ${issue.message}`,
  );
  const brokers = brokersOf(given['STEWARD_KAFKA_BROKERS']);
  if (given['STEWARD_EVENT_BUS'] === 'kafka' && brokers.length === 0) {
    faults.push('STEWARD_KAFKA_BROKERS: needed because STEWARD_EVENT_BUS is kafka');
  }
  faults.push(...tlsFaults(service, given));
  if (!common.success || !own.success || faults.length > 0) {
    const unique = [...new Set(faults)];
    throw errors.invalid(
      'CONFIG.INVALID',
      `The settings of ${service} are wrong:\n  ${unique.join('\n  ')}`,
      {
        details: { faults: unique },
      },
    );
  }
  return { ...(own.data as object), ...named(service, common.data, brokers) } as z.output<Schema> &
    CommonConfig;
}

function brokersOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
}

function named(service: ServiceName, values: Record<string, unknown>, brokers: string[]): CommonConfig {
  const prefix = prefixOf(service);
  return {
    databaseUrl: values[`${prefix}_DATABASE_URL`] as string,
    dataDir: values['STEWARD_DATA_DIR'] as string,
    eventBus: values['STEWARD_EVENT_BUS'] as CommonConfig['eventBus'],
    kafkaBrokers: brokers,
    host: values['STEWARD_HTTP_HOST'] as string,
    httpPort: values[`${prefix}_HTTP_PORT`] as number,
    grpcPort: values[`${prefix}_GRPC_PORT`] as number,
    logLevel: values['STEWARD_LOG_LEVEL'] as CommonConfig['logLevel'],
    tls: tlsFiles(prefix, values),
  };
}

function tlsFiles(prefix: string, values: Record<string, unknown>): TlsFiles | null {
  const [cert, key, clientCa] = ['CERT', 'KEY', 'CLIENT_CA'].map(
    (name) => values[`${prefix}_TLS_${name}`] as string | undefined,
  );
  return cert && key ? { cert, key, clientCa: clientCa ?? null } : null;
}

/** Half of the settings would mean plain text where somebody thinks that there is TLS. */
function tlsFaults(service: ServiceName, given: Readonly<Record<string, unknown>>): string[] {
  const prefix = `${prefixOf(service)}_TLS`;
  const together = [`${prefix}_CERT`, `${prefix}_KEY`];
  const isSet = (name: string): boolean => given[name] !== undefined;
  if (![...together, `${prefix}_CLIENT_CA`].some(isSet)) return [];
  return together
    .filter((name) => !isSet(name))
    .map((name) => `${name}: needed with the other settings of TLS`);
}
