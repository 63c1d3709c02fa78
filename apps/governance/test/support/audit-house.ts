import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemoryPolicyStore } from '@steward/access/testing';
import {
  AuditEntryRecorded,
  AuditNoteRecorded,
  Services,
  type AuditEntry,
  type AuditNote,
  type ServiceName,
} from '@steward/contracts';
import { DatabaseModule, PgDatabase } from '@steward/database';
import { newId } from '@steward/kernel';
import { MessagingModule, MessagingRuntime } from '@steward/messaging';
import { createApplication, makeLogger, RunningService } from '@steward/service';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import { Client } from 'pg';
import { AuditModule } from '../../src/audit/audit.module';

export const PROJECT = 'lending';

/** An entry as a service writes it. */
export const entryOf = (service: ServiceName, n: number, rest: Partial<AuditEntry> = {}): AuditEntry => ({
  entryId: newId(),
  service,
  project: PROJECT,
  time: new Date().toISOString(),
  actor: { id: 'u-eva', kind: 'person' },
  action: 'run.start',
  object: { kind: 'run', id: `run-${n}` },
  outcome: 'done',
  correlation: newId(),
  noteDigest: null,
  details: { n },
  ...rest,
});

/** The audit log on a real database and bus; the services that write entries are played by the test. */
export class AuditHouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-audit-'));
  readonly policy = new InMemoryPolicyStore();
  readonly auditor = this.policy.addPrincipal('u-aud', [{ role: 'auditor', project: null }]);
  readonly approver = this.policy.addPrincipal('u-app', [{ role: 'approver', project: PROJECT }]);
  readonly engineer = this.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: PROJECT }]);
  running: RunningService | undefined;
  private readonly voices = new Map<ServiceName, { database: PgDatabase; runtime: MessagingRuntime }>();

  private constructor(
    readonly database: TestDatabase,
    readonly owner: Client,
  ) {
    this.policy.addProjects(PROJECT, 'flights');
  }

  static async open(): Promise<AuditHouse> {
    const database = await createTestDatabase({ services: Services });
    const owner = new Client({ connectionString: database.ownerUrl });
    owner.on('error', () => undefined);
    await owner.connect();
    await owner.query('SET search_path = governance');
    return new AuditHouse(database, owner);
  }

  async start(witness?: string): Promise<RunningService> {
    const app = await createApplication({
      service: 'governance',
      logger: makeLogger('governance', 'silent'),
      http: {},
      infrastructure: [
        DatabaseModule.forRoot({
          url: this.database.urlOf('governance'),
          applicationName: 'steward-governance',
        }),
        MessagingModule.forRoot({ service: 'governance', bus: 'postgres', brokers: [] }),
      ],
      root: AuditModule.forRoot(join(this.folder, 'keys'), witness),
      policy: this.policy,
    });
    const where = { host: '127.0.0.1', httpPort: 0, grpcPort: 0 };
    return (this.running = await RunningService.start('governance', app, where));
  }

  async stop(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }

  get url(): string {
    return `http://127.0.0.1:${this.running?.httpPort}`;
  }

  /** Writes entries, and notes beside them, in one transaction of the service, as its audit trail does. */
  async say(
    service: ServiceName,
    entries: readonly AuditEntry[],
    notes: readonly AuditNote[] = [],
  ): Promise<void> {
    const { database, runtime } = await this.voiceOf(service);
    const envelope = { subject: service, project: PROJECT, correlation: newId(), actor: 'u-eva' };
    await database.transaction(async (unit) => {
      for (const payload of entries)
        runtime.outbox.publish(unit, AuditEntryRecorded[service], { ...envelope, payload });
      for (const payload of notes)
        runtime.outbox.publish(unit, AuditNoteRecorded[service], { ...envelope, payload });
    });
  }

  private async voiceOf(service: ServiceName) {
    const known = this.voices.get(service);
    if (known) return known;
    const database = new PgDatabase({
      url: this.database.urlOf(service),
      applicationName: `voice-${service}`,
    });
    const runtime = new MessagingRuntime({ service, bus: 'postgres', brokers: [] }, database as never);
    const voice = { database, runtime };
    this.voices.set(service, voice);
    await runtime.start([]);
    return voice;
  }

  /** Rows of governance's tables, read as the owner. */
  async rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.owner.query<Row>(sql, [...parameters])).rows;
  }

  async count(table: 'audit_entries' | 'audit_notes'): Promise<number> {
    const [row] = await this.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    return row!.n;
  }

  async signedSize(): Promise<number> {
    const [row] = await this.rows<{ n: number }>('SELECT max(size)::int AS n FROM audit_checkpoints');
    return row!.n;
  }

  async close(): Promise<void> {
    await this.stop();
    for (const { database, runtime } of this.voices.values()) {
      await runtime.stop();
      await database.close();
    }
    await this.owner.end();
    await this.database.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
