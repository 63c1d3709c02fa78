import type { JsonEventDefinition, ServiceName } from '@steward/contracts';
import { PgDatabase } from '@steward/database';
import { MessagingRuntime, type OutgoingEvent } from '@steward/messaging';
import { newId } from '@steward/kernel';

/** Another service as the one under test sees it: it publishes on topics of its own, through its own role and outbox. */
export class Neighbour {
  private readonly database: PgDatabase;
  readonly runtime: MessagingRuntime;

  constructor(service: ServiceName, url: string) {
    this.database = new PgDatabase({ url, applicationName: `neighbour-${service}` });
    this.runtime = new MessagingRuntime({ service, bus: 'postgres', brokers: [] }, this.database as never);
  }

  async start(): Promise<void> {
    await this.runtime.start([]);
  }

  async say<Definition extends JsonEventDefinition>(
    definition: Definition,
    event: Omit<OutgoingEvent<Definition>, 'correlation' | 'actor'> & Partial<OutgoingEvent<Definition>>,
  ): Promise<string> {
    return await this.database.transaction(async (unit) =>
      this.runtime.outbox.publish(unit, definition, { correlation: newId(), actor: 'u-neighbour', ...event }),
    );
  }

  async stop(): Promise<void> {
    await this.runtime.stop();
    await this.database.close();
  }
}
