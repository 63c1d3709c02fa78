import { join } from 'node:path';
import { Services, type ServiceName } from '@steward/contracts';
import { migrate } from '@steward/database';
import { eventLogSchema, messagingMigrations } from '@steward/messaging';

/**
 * The migration step: brings the database to what this build needs, with the owner's URL.
 * @param root the checkout, where migrations lie beside the code that needs them
 */
export async function migrateAll(
  root: string,
  ownerUrl: string,
  passwordOf: (service: ServiceName) => string,
): Promise<void> {
  await migrate({
    ownerUrl,
    services: Services.map((name) => ({
      name,
      password: passwordOf(name),
      migrations: [
        messagingMigrations,
        join(root, 'libs', 'access', 'migrations'),
        join(root, 'apps', name, 'migrations'),
      ],
      ...(name === 'training' ? { ownedSchemas: ['training_jobs'] } : {}),
    })),
    shared: [eventLogSchema],
  });
}
