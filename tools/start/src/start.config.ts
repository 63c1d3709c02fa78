import { resolve } from 'node:path';
import { Services, type ServiceName } from '@steward/contracts';
import { errors } from '@steward/kernel';

/** Where the local platform keeps its data and what it runs on. */
export interface StartConfig {
  readonly dataDir: string;
  /** STEWARD_STATE_DIR: where PostgreSQL's files go when we are root. */
  readonly stateDir: string | undefined;
  /** STEWARD_PORT: the entry port; 0 = any free one. Default 8080, or any free one where that is taken. */
  readonly port: number | undefined;
  readonly eventBus: 'postgres' | 'kafka';
  /** STEWARD_DATABASE_URL: an outside PostgreSQL's owner; undefined: the embedded one. */
  readonly ownerUrl: string | undefined;
  /** STEWARD_<SERVICE>_DATABASE_URL, with an outside PostgreSQL. */
  readonly serviceUrls: Readonly<Partial<Record<ServiceName, string>>>;
  /** Everything else that services read. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads the settings from an environment; throws START.CONFIG_INVALID with all faults together. */
export function startConfig(environment: NodeJS.ProcessEnv): StartConfig {
  const faults: string[] = [];
  const {
    STEWARD_PORT: port,
    STEWARD_EVENT_BUS: bus = 'postgres',
    STEWARD_DATABASE_URL: ownerUrl,
  } = environment;
  if (port !== undefined && !/^\d{1,5}$/.test(port)) faults.push('STEWARD_PORT is no port number.');
  if (bus !== 'postgres' && bus !== 'kafka') faults.push('STEWARD_EVENT_BUS is postgres or kafka.');
  if (bus === 'kafka' && !environment.STEWARD_KAFKA_BROKERS)
    faults.push('STEWARD_EVENT_BUS=kafka needs STEWARD_KAFKA_BROKERS.');
  const serviceUrls = Object.fromEntries(
    Services.flatMap((service) => {
      const url = environment[`STEWARD_${service.toUpperCase()}_DATABASE_URL`];
      if (ownerUrl && !url)
        faults.push(
          `STEWARD_DATABASE_URL is set, so STEWARD_${service.toUpperCase()}_DATABASE_URL is needed too.`,
        );
      return url ? [[service, url]] : [];
    }),
  );
  if (faults.length > 0) throw errors.invalid('START.CONFIG_INVALID', faults.join(' '));
  return {
    dataDir: resolve(environment.STEWARD_DATA_DIR ?? '.steward'),
    stateDir: environment.STEWARD_STATE_DIR,
    port: port === undefined ? undefined : Number(port),
    eventBus: bus as StartConfig['eventBus'],
    ownerUrl,
    serviceUrls,
    environment: Object.fromEntries(
      Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}
