import { generateKeyPairSync, sign } from 'node:crypto';
import { BuiltInRoles } from '@steward/access';
import {
  AuditEntryRecorded,
  PolicyHeartbeat,
  PrincipalChanged,
  ProjectChanged,
  RoleChanged,
  SigningKeyPublished,
  type AuditEntry,
  type JsonEventDefinition,
  type PayloadOf,
} from '@steward/contracts';
import { PgDatabase } from '@steward/database';
import { newId } from '@steward/kernel';
import { EventConsumer, handled, MessagingRuntime, type IncomingEvent } from '@steward/messaging';
import { createTestDatabase, eventually, type TestDatabase } from '@steward/testing';
import request from 'supertest';
import { createApplication, makeLogger, RunningService } from '../src';
import { infrastructureOf } from '../src/infrastructure';
import { PolicyRoutes } from './policy-routes';

const pair = generateKeyPairSync('ed25519');
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(subject: string): string {
  const now = Math.floor(Date.now() / 1000);
  const head = part({ alg: 'EdDSA', kid: 'key-1' });
  const claims = { iss: 'steward', aud: 'steward', sub: subject, jti: newId(), iat: now, exp: now + 60 };
  const signed = `${head}.${part(claims)}`;
  return `Bearer ${signed}.${sign(null, Buffer.from(signed), pair.privateKey).toString('base64url')}`;
}

const audited: AuditEntry[] = [];

class AuditReader extends EventConsumer<typeof AuditEntryRecorded.training> {
  readonly event = AuditEntryRecorded.training;

  handle({ payload }: IncomingEvent<typeof AuditEntryRecorded.training>) {
    audited.push(payload);
    return Promise.resolve(handled.ok);
  }
}

describe('a service that learns the policy by event', () => {
  let database: TestDatabase;
  let governanceDatabase: PgDatabase;
  let governance: MessagingRuntime;
  let running: RunningService;
  let url: string;

  const publish = <Definition extends JsonEventDefinition>(
    definition: Definition,
    payload: PayloadOf<Definition>,
  ) =>
    governanceDatabase.transaction((unit) => {
      const event = { subject: 'policy', project: null, correlation: newId(), actor: 'governance', payload };
      governance.outbox.publish(unit, definition, event);
      return Promise.resolve();
    });
  const me = () => request(url).get('/v1/projects/lending/thing').set('authorization', token('eve'));
  const bind = (state: 'active' | 'disabled', ...roles: string[]) =>
    publish(PrincipalChanged, {
      principalId: 'eve',
      kind: 'person',
      state,
      roles: roles.map((role) => ({ role, project: 'lending' })),
      tokensNotBefore: null,
    });

  const start = async (): Promise<RunningService> => {
    const common = { dataDir: '', eventBus: 'postgres', kafkaBrokers: [], host: '127.0.0.1' } as const;
    const ports = { httpPort: 0, grpcPort: 0 };
    const config = {
      ...common,
      ...ports,
      databaseUrl: database.urlOf('training'),
      tls: null,
      logLevel: 'silent',
    } as const;
    const app = await createApplication({
      service: 'training',
      logger: makeLogger('training', 'silent'),
      http: {},
      infrastructure: infrastructureOf('training', config),
      root: PolicyRoutes,
    });
    return RunningService.start('training', app, config);
  };

  beforeAll(async () => {
    database = await createTestDatabase({ services: ['governance', 'training'] });
    governanceDatabase = new PgDatabase({ url: database.urlOf('governance') });
    governance = new MessagingRuntime({ service: 'governance', bus: 'postgres' }, governanceDatabase);
    await governance.start([new AuditReader()]);
    running = await start();
    url = `http://127.0.0.1:${running.httpPort}`;
  });

  afterAll(async () => {
    await running.close();
    await governance.stopConsuming();
    await governance.stop();
    await governanceDatabase.close();
    await database.dispose();
  });

  it('is not ready and refuses everybody before it heard from governance', async () => {
    expect((await me().expect(503)).body.code).toBe('ACCESS.POLICY_STALE');
    const { body } = await request(url).get('/health/ready').expect(503);
    expect(body.checks).toMatchObject({ database: { ok: true }, policy: { ok: false } });
  });

  it('becomes ready and knows who may do what once the policy has come', async () => {
    await publish(SigningKeyPublished, {
      keyId: 'key-1',
      publicKey: JSON.stringify(pair.publicKey.export({ format: 'jwk' })),
      state: 'active',
    });
    for (const [role, rules] of Object.entries(BuiltInRoles)) {
      const copies = rules.map(({ action, subject }) => ({ action: [...action], subject: [...subject] }));
      await publish(RoleChanged, { role, roleVersion: 1, rules: copies });
    }
    await publish(ProjectChanged, { projectId: 'lending', state: 'active' });
    await bind('active', 'ml-engineer');
    await publish(PolicyHeartbeat, { beat: 1 });
    await eventually(() => me().expect(200));
    await eventually(() => request(url).get('/health/ready').expect(200));
  });

  it('follows a change of roles and a revocation', async () => {
    await bind('active', 'service');
    expect((await eventually(() => me().expect(404))).body.code).toBe('ACCESS.NOT_FOUND');
    await bind('disabled', 'ml-engineer');
    expect((await eventually(() => me().expect(401))).body.code).toBe('ACCESS.PRINCIPAL_DISABLED');
  });

  it('sends its refusals to its audit topic', async () => {
    await eventually(() => {
      const codes = audited.map(({ action, actor, details }) => [action, actor.id, details['code']]);
      expect(codes).toContainEqual(['access.refuse', 'eve', 'ACCESS.NOT_FOUND']);
      expect(codes).toContainEqual(['access.refuse', 'anonymous', 'ACCESS.PRINCIPAL_DISABLED']);
    });
  });

  it('goes on from its copy after a restart, without the events', async () => {
    await governance.stopConsuming();
    const again = await start();
    await request(`http://127.0.0.1:${again.httpPort}`)
      .get('/v1/projects/lending/thing')
      .set('authorization', token('eve'))
      .expect(401, /PRINCIPAL_DISABLED/);
    await again.close();
  });
});
