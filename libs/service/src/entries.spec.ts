import { Controller, Get, Injectable, Module, Post, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { Can, PublicEndpoint } from '@steward/access';
import { assertEveryEntryDecided, describeEntries } from './entries';
import { RawRpcService } from './raw-rpc-service';
import { RpcService } from './service';

const rpc = (name: string, requestStream = false) => ({ path: `/sample.Sample/${name}`, requestStream });

@Controller(['v1/projects/:project/things', 'v1/things'])
class Things {
  @Get()
  @Can('read', 'Run')
  list(): void {}

  @Post('forgotten')
  forgotten(): void {}

  @Get('silent')
  @PublicEndpoint(' ')
  silent(): void {}
}

@Injectable()
class Needed {
  readonly connections: string[] = [];

  constructor() {
    throw new Error('A check must not connect to anything.');
  }
}

@Injectable()
class SampleRpc extends RpcService {
  readonly definition = { decided: rpc('Decided'), open: rpc('Open') } as unknown as ServiceDefinition;

  constructor(private readonly needed: Needed) {
    super();
  }

  @Can('read', 'Run')
  decided(): number {
    return this.needed.connections.length;
  }

  open(): void {}
}

@Injectable()
class RawRpc extends RawRpcService {
  readonly definition = { infer: rpc('Infer'), live: rpc('Live') } as unknown as ServiceDefinition;
  readonly handlers = {};
  readonly decisions = { infer: { kind: 'signed-in', reason: 'Fast.' } } as const;
}

async function entriesOf(controllers: Type[], providers: Type[]) {
  @Module({ controllers, providers })
  class Sample {}
  const app = await NestFactory.create(Sample, { preview: true, logger: false, abortOnError: false });
  return { app, entries: describeEntries(app) };
}

describe('describeEntries', () => {
  it('lists routes and RPCs with their faults, without making anything', async () => {
    const { entries } = await entriesOf([Things], [SampleRpc, RawRpc, Needed]);
    const faults = Object.fromEntries(entries.map(({ entry, fault }) => [entry, fault]));
    expect(faults).toEqual({
      'GET /v1/projects/:project/things': null,
      'GET /v1/things': expect.stringContaining('no parameter :project'),
      'POST /v1/projects/:project/things/forgotten': expect.stringContaining('@Can'),
      'POST /v1/things/forgotten': expect.stringContaining('@Can'),
      'GET /v1/projects/:project/things/silent': 'say why it is open',
      'GET /v1/things/silent': 'say why it is open',
      '/sample.Sample/Decided': null,
      '/sample.Sample/Open': expect.stringContaining('@Can'),
      '/sample.Sample/Infer': null,
      '/sample.Sample/Live': expect.stringContaining('@Can'),
    });
  });

  it('stops a start and names each entry without a decision', async () => {
    const { app } = await entriesOf([Things], []);
    expect(() => assertEveryEntryDecided(app)).toThrow(/POST \/v1\/things\/forgotten \(Things\.forgotten\)/);
    expect(() => assertEveryEntryDecided(app)).not.toThrow(/GET \/v1\/projects\/:project\/things \(/);
  });
});
