import { generateKeyPairSync } from 'node:crypto';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { InMemoryPolicyStore } from '@steward/access/testing';
import { newId } from '@steward/kernel';
import request from 'supertest';
import { createApplication, describeEntries, makeLogger, RunningService } from '../src';
import { RecordingOutbox } from './recording-outbox';
import { InMemoryInfrastructure, LETTERS, SampleDefinition, SampleModule } from './sample-app';

const policy = new InMemoryPolicyStore();

describe('a service on HTTP and gRPC', () => {
  let running: RunningService;
  let url: string;
  let engineer: string;
  let stranger: string;
  let approver: string;
  let machine: string;
  let victim: string;
  let dataEngineer: string;
  let apiKey: string;

  beforeAll(async () => {
    engineer = policy.addPrincipal('u-eve', [{ role: 'ml-engineer', project: 'lending' }]);
    stranger = policy.addPrincipal('u-sam', [{ role: 'ml-engineer', project: 'flights' }]);
    approver = policy.addPrincipal('u-ann', [{ role: 'approver', project: 'lending' }]);
    machine = policy.addPrincipal('m-1', [{ role: 'service', project: 'lending' }], { kind: 'machine' });
    victim = policy.addPrincipal('u-vic', []);
    dataEngineer = policy.addPrincipal('u-dan', [{ role: 'data-engineer', project: null }]);
    apiKey = policy.addApiKey('u-eve');
    policy.addProjects('lending', 'flights');
    const app = await createApplication({
      service: 'training',
      logger: makeLogger('training', 'silent'),
      http: {},
      infrastructure: [InMemoryInfrastructure],
      root: SampleModule,
      policy,
    });
    running = await RunningService.start('training', app, { host: '127.0.0.1', httpPort: 0, grpcPort: 0 });
    url = `http://127.0.0.1:${running.httpPort}`;
  });

  afterAll(() => running.close());

  const get = (path: string, credential?: string) => {
    const call = request(url).get(path);
    return credential ? call.set('authorization', credential) : call;
  };

  describe('HTTP access', () => {
    it('lets a caller in by his token and by an API key', async () => {
      const byToken = await get('/v1/projects/lending/runs?limit=5', engineer);
      expect(byToken.status).toBe(200);
      expect(byToken.body).toEqual({ items: [], limit: 5, project: 'lending', by: 'u-eve' });
      await request(url).get('/v1/projects/lending/runs').set('x-api-key', apiKey).expect(200);
      await get('/v1/projects/lending/runs', `Bearer ${apiKey}`).expect(200);
    });

    it.each([
      ['no credential', () => undefined, 'ACCESS.CREDENTIAL_MISSING'],
      ['garbage', () => 'Bearer garbage', 'ACCESS.TOKEN_MALFORMED'],
      ['an expired token', () => `Bearer ${policy.token('u-eve', { exp: 1_000 })}`, 'ACCESS.TOKEN_EXPIRED'],
      ['a foreign issuer', () => `Bearer ${policy.token('u-eve', { iss: 'other' })}`, 'ACCESS.TOKEN_FOREIGN'],
      [
        'another key pair',
        () => `Bearer ${policy.token('u-eve', {}, {}, generateKeyPairSync('ed25519').privateKey)}`,
        'ACCESS.TOKEN_SIGNATURE',
      ],
      ['an unknown API key', () => `stw_0123456789abcdef_${'a'.repeat(43)}`, 'ACCESS.API_KEY_UNKNOWN'],
    ])('answers 401 to %s and says why', async (_name, credential, code) => {
      const answer = await get('/v1/projects/lending/runs', credential());
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.headers['www-authenticate']).toContain('Bearer');
      expect(answer.body).toMatchObject({ code, status: 401 });
    });

    it('hides projects that the caller may not read, as it does unknown ones', async () => {
      const foreign = await get('/v1/projects/lending/runs', stranger).expect(404);
      const unknown = await get('/v1/projects/nowhere/runs', stranger).expect(404);
      expect(foreign.body.code).toBe(unknown.body.code);
    });

    it('answers 403 to what the role does not allow but may see, 404 to what it may not see', async () => {
      const post = (credential: string) =>
        request(url)
          .post('/v1/projects/lending/runs')
          .set('authorization', credential)
          .send({ pipeline: 'a' });
      expect((await post(approver)).body).toMatchObject({ status: 403, code: 'ACCESS.FORBIDDEN' });
      expect((await post(machine)).status).toBe(404);
    });

    it('gives public entries an anonymous caller and signed-in ones the real one', async () => {
      expect((await get('/v1/greeting').expect(200)).body).toEqual({ hello: 'anonymous' });
      expect((await get('/v1/me', stranger).expect(200)).body).toMatchObject({ id: 'u-sam' });
      await get('/v1/me').expect(401);
    });

    it('audits refusals, once a minute for the same one', async () => {
      const outbox = running.app.get(RecordingOutbox);
      for (let i = 0; i < 5; i += 1) await get('/v1/projects/lending/runs', victim).expect(404);
      const entries = outbox.events.filter(
        ({ type, event }) => type === 'audit.entry' && event.actor === 'u-vic',
      );
      expect(entries).toHaveLength(1);
      expect(entries[0]).toMatchObject({
        topic: 'steward.training.audit.v1',
        event: {
          payload: { action: 'access.refuse', outcome: 'refused', details: { code: 'ACCESS.NOT_FOUND' } },
        },
      });
    });
  });

  describe('HTTP input', () => {
    const post = (body: string, type = 'application/json') =>
      request(url)
        .post('/v1/projects/lending/runs')
        .set('authorization', engineer)
        .set('content-type', type)
        .send(body);

    it('takes JSON and YAML alike', async () => {
      expect((await post('{"pipeline":"p"}')).body).toEqual({ pipeline: 'p' });
      expect((await post('pipeline: p\nseed: 7\n', 'application/yaml')).body).toEqual({ pipeline: 'p' });
    });

    it.each([
      ['broken JSON', '{"pipeline":', 'application/json', 400, 'HTTP.JSON_INVALID'],
      ['broken YAML', 'a: [1', 'application/yaml', 400, 'HTTP.YAML_INVALID'],
      ['deep JSON', '['.repeat(40) + ']'.repeat(40), 'application/json', 400, 'HTTP.BODY_TOO_DEEP'],
      ['10 MB of nested JSON', '['.repeat(10_000_000), 'application/json', 413, 'HTTP.BODY_TOO_LARGE'],
      ['deep YAML', '- '.repeat(50_000), 'application/yaml', 400, 'HTTP.BODY_TOO_DEEP'],
      ['wrong types', '{"pipeline":3}', 'application/json', 400, 'REQUEST.BODY_INVALID'],
      ['unknown fields', '{"pipeline":"p","x":1}', 'application/json', 400, 'REQUEST.BODY_INVALID'],
      ['another content type', 'pipeline=p', 'text/plain', 400, 'REQUEST.BODY_INVALID'],
    ])('refuses %s', async (_name, body, type, expected, code) => {
      const answer = await post(body, type);
      expect([answer.status, answer.body.code]).toEqual([expected, code]);
    });

    it('names each faulty field', async () => {
      const { body } = await post('{"pipeline":"","seed":1.5}');
      expect(body.details.faults.map((fault: { field: string }) => fault.field)).toEqual([
        'pipeline',
        'seed',
      ]);
      const query = await get('/v1/projects/lending/runs?limit=many', engineer).expect(400);
      expect(query.body.code).toBe('REQUEST.QUERY_INVALID');
      const path = await get('/v1/projects/lending/runs/one', engineer).expect(400);
      expect(path.body.code).toBe('REQUEST.PATH_INVALID');
    });

    it('leaves other content as a stream', async () => {
      const answer = await request(url)
        .put('/v1/projects/lending/runs/upload')
        .set('authorization', dataEngineer)
        .set('content-type', 'text/csv')
        .send('a,b\n1,2\n');
      expect(answer.body).toEqual({ bytes: 8 });
    });
  });

  describe('HTTP errors', () => {
    it('tells an AppError as problem details with the caller’s correlation id', async () => {
      const correlation = newId();
      const answer = await get('/v1/projects/lending/runs/7', engineer).set('x-correlation-id', correlation);
      expect(answer.headers['x-correlation-id']).toBe(correlation);
      expect(answer.body).toEqual({
        type: 'urn:steward:error:SAMPLE.RUN_NOT_FOUND',
        title: 'There is no such thing',
        status: 404,
        detail: 'There is no run 7.',
        instance: '/v1/projects/lending/runs/7',
        code: 'SAMPLE.RUN_NOT_FOUND',
        retriable: false,
        correlation,
        details: { run: '7' },
      });
    });

    it('keeps the inside inside', async () => {
      const answer = await get('/v1/projects/lending/runs/500', engineer).expect(500);
      expect(answer.body.code).toBe('SERVICE.INTERNAL');
      expect(answer.text).not.toContain('hunter2');
    });

    it('answers unknown routes and broken escapes as problems', async () => {
      expect((await get('/nowhere').expect(404)).body.code).toBe('HTTP.ROUTE_NOT_FOUND');
      expect((await get('/v1/projects/%E0%A4%A/runs', engineer)).status).toBe(400);
    });
  });

  describe('operations', () => {
    it('serves OpenAPI with the schemas of bodies, queries and paths', async () => {
      const { body } = await get('/openapi.json').expect(200);
      const runs = body.paths['/v1/projects/{project}/runs'];
      expect(runs.post.requestBody.content['application/json'].schema.required).toEqual(['pipeline']);
      expect(runs.get.parameters.map((parameter: { name: string }) => parameter.name)).toContain('limit');
      await get('/docs').redirects(1).expect(200);
    });

    it('serves metrics by route, without the misnamed gauges', async () => {
      await get('/v1/projects/lending/runs', engineer);
      const { text } = await get('/metrics').expect(200);
      const lines = text.split('\n');
      const count = lines.filter((line) => line.startsWith('steward_http_request_duration_seconds_count'));
      expect(count.some((line) => line.includes('route="/v1/projects/:project/runs",status="200"'))).toBe(
        true,
      );
      expect(count.every((line) => line.includes('service="training"'))).toBe(true);
      expect(lines.filter((line) => line.startsWith('nodejs_active_handles_total'))).toEqual([]);
    });

    it('tells health: alive, and not ready without a database', async () => {
      await get('/health/live').expect(200);
      const { body } = await get('/health/ready').expect(503);
      expect(body.checks).toMatchObject({ database: { ok: false }, policy: { ok: true } });
    });

    it('shows dead letters of the caller’s projects and replays them, with an audit entry', async () => {
      const seen = await get('/v1/dead-letters', engineer).expect(200);
      expect(seen.body.items.map((letter: { id: string }) => letter.id)).toEqual([LETTERS[0]]);
      await get(`/v1/dead-letters/${LETTERS[1]}`, engineer).expect(404);
      expect((await get('/v1/dead-letters', dataEngineer)).body.items).toHaveLength(2);
      const replay = (id: string, who: string) =>
        request(url).post(`/v1/dead-letters/${id}/replay`).set('authorization', who);
      await replay(LETTERS[0], approver).expect(403);
      await replay(LETTERS[1], engineer).expect(403);
      expect((await replay(LETTERS[0], engineer).expect(200)).body.state).toBe('replayed');
      const { events } = running.app.get(RecordingOutbox);
      const actions = events.map(({ event }) => (event.payload as { action?: string }).action);
      expect(actions).toContain('dead-letter.replay');
    });

    it('lists every entry with its decision', () => {
      const entries = describeEntries(running.app);
      expect(entries.every((entry) => entry.fault === null)).toBe(true);
      expect(entries.map(({ entry }) => entry)).toEqual(
        expect.arrayContaining([
          'POST /v1/projects/:project/runs',
          'GET /health/live',
          '/steward.sample.v1.SampleService/GetRun',
        ]),
      );
    });
  });

  describe('gRPC', () => {
    let client: Client;
    beforeAll(() => {
      client = new Client(`127.0.0.1:${running.grpcPort}`, credentials.createInsecure());
    });
    afterAll(() => client.close());

    const metadata = (values: Record<string, string>): Metadata => Metadata.fromHttp2Headers(values);
    const method = (name: string) =>
      SampleDefinition[name] as unknown as {
        path: string;
        requestSerialize: (value: unknown) => Buffer;
        responseDeserialize: (bytes: Buffer) => unknown;
      };
    const call = (name: string, message: unknown, headers: Record<string, string>) =>
      new Promise<unknown>((resolve, reject) => {
        const { path, requestSerialize, responseDeserialize } = method(name);
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          message,
          metadata(headers),
          (error, value) => (error ? reject(error) : resolve(value)),
        );
      });

    it('answers with the caller and his correlation', async () => {
      const correlation = newId();
      const answer = await call(
        'getRun',
        { project: 'lending', run: '1' },
        { authorization: engineer, 'x-correlation-id': correlation },
      );
      expect(answer).toEqual({ run: '1', by: 'u-eve', correlation });
    });

    it.each([
      [
        'no credential',
        { project: 'lending', run: '1' },
        {},
        status.UNAUTHENTICATED,
        'ACCESS.CREDENTIAL_MISSING',
      ],
      ['an unknown project', { project: 'nowhere', run: '1' }, null, status.NOT_FOUND, 'ACCESS.NOT_FOUND'],
      ['no project', { run: '1' }, null, status.INVALID_ARGUMENT, 'ACCESS.PROJECT_MISSING'],
      ['an unknown run', { project: 'lending', run: '2' }, null, status.NOT_FOUND, 'SAMPLE.RUN_NOT_FOUND'],
      ['a fault inside', { project: 'lending', run: 'broken' }, null, status.INTERNAL, 'SERVICE.INTERNAL'],
    ])('maps %s', async (_name, message, headers, code, appCode) => {
      const error = await call('getRun', message, headers ?? { authorization: engineer }).catch(
        (thrown: ServiceError) => thrown,
      );
      expect(error).toMatchObject({ code });
      expect((error as ServiceError).metadata.get('steward-code')).toEqual([appCode]);
      expect((error as ServiceError).details).not.toContain('inside that must not leave');
    });

    it('streams an async iterable, and its failure after what came before', async () => {
      const { path, requestSerialize, responseDeserialize } = method('watchRuns');
      const read = async (run: string) => {
        const stream = client.makeServerStreamRequest(
          path,
          requestSerialize,
          responseDeserialize,
          { project: 'lending', run },
          metadata({ authorization: engineer }),
        );
        const seen: unknown[] = [];
        try {
          for await (const item of stream) seen.push(item);
        } catch (error) {
          return { seen, code: (error as ServiceError).code };
        }
        return { seen, code: status.OK };
      };
      const items = [{ run: 1 }, { run: 2 }, { run: 3 }];
      expect(await read('ok')).toEqual({ seen: items, code: status.OK });
      expect(await read('fail')).toEqual({ seen: items, code: status.UNAVAILABLE });
    });

    it('tells its health and reflects what it serves, to whoever asks', async () => {
      const health = client.makeUnaryRequest.bind(client);
      const state = await new Promise<Buffer>((resolve, reject) => {
        const same = (bytes: Buffer): Buffer => bytes;
        health('/grpc.health.v1.Health/Check', same, same, Buffer.alloc(0), (error, value) =>
          error ? reject(error) : resolve(value!),
        );
      });
      // HealthCheckResponse { status = 1: NOT_SERVING (2) }, because there is no database here.
      expect([...state]).toEqual([0x08, 0x02]);
      const listed = await new Promise<string>((resolve, reject) => {
        const stream = client.makeBidiStreamRequest(
          '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
          (bytes: Buffer) => bytes,
          (bytes: Buffer) => bytes.toString('latin1'),
        );
        stream.once('data', resolve).once('error', reject);
        // ServerReflectionRequest { list_services = 7: "*" }
        stream.write(Buffer.from([0x3a, 0x01, 0x2a]));
        stream.end();
      });
      expect(listed).toContain('grpc.health.v1.Health');
    });

    it('refuses messages that are larger than 4 MiB', async () => {
      const huge = { project: 'lending', run: 'x'.repeat(5 * 1024 * 1024) };
      await expect(call('getRun', huge, { authorization: engineer })).rejects.toMatchObject({
        code: status.RESOURCE_EXHAUSTED,
      });
    });

    it('reads a stream of the caller', async () => {
      const { path, requestSerialize, responseDeserialize } = method('sumRuns');
      const sum = await new Promise((resolve, reject) => {
        const stream = client.makeClientStreamRequest(
          path,
          requestSerialize,
          responseDeserialize,
          metadata({ authorization: engineer }),
          (error, value) => (error ? reject(error) : resolve(value)),
        );
        for (const n of [1, 2, 3]) stream.write({ n });
        stream.end();
      });
      expect(sum).toEqual({ sum: 6 });
    });
  });
});
