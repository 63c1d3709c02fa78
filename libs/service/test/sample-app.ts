import type { ServiceDefinition } from '@grpc/grpc-js';
import { Controller, Get, Global, Injectable, Module, Post, Put, Req } from '@nestjs/common';
import { Can, FromCaller, PublicEndpoint, SignedIn, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { errors } from '@steward/kernel';
import { BusHealth, DeadLetters, Outbox, type DeadLetter } from '@steward/messaging';
import type { Request } from 'express';
import { z } from 'zod';
import { RpcService, ZodBody, ZodParams, ZodQuery, type RpcCall } from '../src';
import { RecordingDatabase, RecordingOutbox } from './recording-outbox';

const NewRun = z.strictObject({ pipeline: z.string().min(1), seed: z.number().int().optional() });
const Page = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });
const RunPath = z.object({ project: z.string(), run: z.string().regex(/^\d+$/) });

export const LETTERS = [
  '01900000-0000-7000-8000-000000000001',
  '01900000-0000-7000-8000-000000000002',
] as const;

const letter = (id: string, project: string | null): DeadLetter => ({
  id,
  topic: 'steward.ingestion.dataset-version.v1',
  partition: 0,
  offset: 1,
  key: 'k',
  type: null,
  eventId: null,
  project,
  correlation: null,
  consumer: null,
  code: 'EVENT.INVALID',
  reason: 'It cannot be decoded.',
  state: 'waiting',
  createdAt: '2026-01-01T00:00:00.000Z',
  replayedAt: null,
});

@Controller('v1/projects/:project/runs')
export class RunsController {
  @Get()
  @Can('read', 'Run')
  list(@ZodQuery(Page) page: z.output<typeof Page>, @FromCaller() caller: Caller) {
    return { items: [], limit: page.limit, project: caller.project, by: caller.principal.id };
  }

  @Post()
  @Can('run', 'Pipeline')
  start(@ZodBody(NewRun) body: z.output<typeof NewRun>) {
    return { pipeline: body.pipeline };
  }

  @Get(':run')
  @Can('read', 'Run')
  one(@ZodParams(RunPath) path: z.output<typeof RunPath>) {
    if (path.run === '500') throw new Error('password=hunter2 in a stack');
    throw errors.notFound('SAMPLE.RUN_NOT_FOUND', `There is no run ${path.run}.`, {
      details: { run: path.run },
    });
  }

  @Put('upload')
  @Can('create', 'Dataset')
  async upload(@Req() request: Request) {
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) bytes += chunk.length;
    return { bytes };
  }
}

@Controller('v1')
export class SelfController {
  @Get('me')
  @SignedIn('Everybody may ask who he is.')
  me(@FromCaller() caller: Caller) {
    return { id: caller.principal.id, correlation: caller.correlation };
  }

  @Get('greeting')
  @PublicEndpoint('A greeting for the tests.')
  greeting(@FromCaller() caller: Caller) {
    return { hello: caller.principal.id };
  }
}

const json = {
  requestSerialize: (value: unknown) => Buffer.from(JSON.stringify(value)),
  requestDeserialize: (bytes: Buffer) => JSON.parse(bytes.toString()) as unknown,
  responseSerialize: (value: unknown) => Buffer.from(JSON.stringify(value)),
  responseDeserialize: (bytes: Buffer) => JSON.parse(bytes.toString()) as unknown,
};
const rpc = (name: string, requestStream = false, responseStream = false) => ({
  path: `/steward.sample.v1.SampleService/${name}`,
  requestStream,
  responseStream,
  ...json,
});

export const SampleDefinition = {
  getRun: rpc('GetRun'),
  watchRuns: rpc('WatchRuns', false, true),
  sumRuns: rpc('SumRuns', true, false),
  forgotten: rpc('Forgotten'),
} as unknown as ServiceDefinition;

interface GetRun {
  readonly project: string;
  readonly run: string;
}

@Injectable()
export class SampleRpc extends RpcService {
  readonly definition = SampleDefinition;

  @Can('read', 'Run')
  getRun(request: GetRun, call: RpcCall) {
    if (request.run === 'broken') throw new Error('an inside that must not leave');
    if (request.run !== '1') throw errors.notFound('SAMPLE.RUN_NOT_FOUND', `There is no run ${request.run}.`);
    return { run: request.run, by: call.caller.principal.id, correlation: call.caller.correlation };
  }

  @Can('read', 'Run')
  async *watchRuns(request: GetRun) {
    for (let run = 1; run <= 3; run += 1) yield { run: await Promise.resolve(run) };
    if (request.run === 'fail') throw errors.unavailable('SAMPLE.AWAY', 'The runs are away.');
  }

  @SignedIn('Sums what the caller sends; nothing is read.')
  async sumRuns(requests: AsyncIterable<{ n: number }>) {
    let sum = 0;
    for await (const { n } of requests) sum += n;
    return { sum };
  }

  @PublicEndpoint('Open in the sample.')
  forgotten() {
    return {};
  }
}

/** Two letters: one of lending, one that could not be decoded and so belongs to no project. */
@Injectable()
export class InMemoryDeadLetters extends DeadLetters {
  readonly letters = [letter(LETTERS[0], 'lending'), letter(LETTERS[1], null)];

  list() {
    return Promise.resolve({ items: this.letters, next: null });
  }

  find(id: string) {
    const found = this.letters.find((one) => one.id === id);
    if (!found) throw errors.notFound('EVENT.DEAD_LETTER_UNKNOWN', 'There is no such dead letter.');
    return Promise.resolve({ ...found, later: [] });
  }

  async replay(id: string, options: { record?: (unit: UnitOfWork) => void } = {}) {
    const found = await this.find(id);
    options.record?.({} as UnitOfWork);
    return { ...found, state: 'replayed' as const };
  }
}

/** Database and outbox that keep what they are given in memory. */
@Global()
@Module({
  providers: [
    RecordingOutbox,
    { provide: Outbox, useExisting: RecordingOutbox },
    { provide: Database, useClass: RecordingDatabase },
    { provide: BusHealth, useValue: { report: () => ({ live: true, ready: true, faults: [], alarms: [] }) } },
    InMemoryDeadLetters,
    { provide: DeadLetters, useExisting: InMemoryDeadLetters },
  ],
  exports: [Outbox, Database, RecordingOutbox, BusHealth, DeadLetters, InMemoryDeadLetters],
})
export class InMemoryInfrastructure {}

@Module({ controllers: [RunsController, SelfController], providers: [SampleRpc] })
export class SampleModule {}
