import { RequestMethod, type INestApplicationContext, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer } from '@nestjs/core';
import { entryDecision, type EntryDecision } from '@steward/access';
import { RawRpcService } from './raw-rpc-service';
import { RpcService } from './service';

/** A route or an RPC and who may call it. */
export interface Entry {
  readonly transport: 'http' | 'grpc';
  /** `POST /v1/projects/:project/runs` or `/steward.training.v1.TrainingService/StartRun`. */
  readonly entry: string;
  /** `RunsController.start`. */
  readonly handler: string;
  /** Null: nobody has decided, so it is closed. */
  readonly decision: EntryDecision | null;
  /** What is wrong with the decision; null if nothing. */
  readonly fault: string | null;
}

/**
 * Every route and RPC of an application with its access decision. Works on an application that was made with
 * `preview: true` too, where nothing is instantiated: so a check needs neither database nor ports.
 */
export function describeEntries(app: INestApplicationContext): Entry[] {
  const modules = [...app.get(ModulesContainer).values()];
  const routes = modules
    .flatMap(({ controllers }) => [...controllers.values()])
    .flatMap(({ metatype }) => (isClass(metatype) ? routesOf(metatype) : []));
  const rpcs = modules
    .flatMap(({ providers }) => [...providers.values()])
    .flatMap(({ metatype, instance }) => (isClass(metatype) ? rpcsOf(metatype, instance) : []));
  return [...routes, ...rpcs];
}

/** Throws an Error that lists each entry without a clear decision. Called at every start. */
export function assertEveryEntryDecided(app: INestApplicationContext): void {
  const faults = describeEntries(app).filter((entry) => entry.fault !== null);
  if (faults.length === 0) return;
  const lines = faults.map(({ entry, handler, fault }) => `  ${entry} (${handler}): ${fault}`);
  throw new Error(`These entries have no clear access decision:\n${lines.join('\n')}`);
}

const UNDECIDED = 'put exactly one of @Can, @SignedIn and @PublicEndpoint on it';

function isClass(value: unknown): value is Type {
  return typeof value === 'function' && value.prototype !== undefined;
}

function methodsOf(type: Type): [string, object][] {
  const found = new Map<string, object>();
  for (
    let proto = type.prototype as object;
    proto !== Object.prototype;
    proto = Object.getPrototypeOf(proto)
  ) {
    for (const name of Object.getOwnPropertyNames(proto)) {
      const value: unknown = Object.getOwnPropertyDescriptor(proto, name)?.value;
      if (name !== 'constructor' && typeof value === 'function' && !found.has(name)) found.set(name, value);
    }
  }
  return [...found];
}

function routesOf(controller: Type): Entry[] {
  return methodsOf(controller).flatMap(([name, handler]) => {
    const own = Reflect.getMetadata(PATH_METADATA, handler) as string | string[] | undefined;
    if (own === undefined) return [];
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] ?? 'GET';
    const decision = entryDecision(handler, controller);
    return pathsOf(controller).flatMap((base) =>
      [own].flat().map((path): Entry => {
        const full = `/${[base, path]
          .flatMap((part) => part.split('/'))
          .filter(Boolean)
          .join('/')}`;
        return {
          transport: 'http',
          entry: `${method} ${full}`,
          handler: `${controller.name}.${name}`,
          decision,
          fault: faultOf(decision, (field) => full.split('/').includes(`:${field}`)),
        };
      }),
    );
  });
}

function pathsOf(controller: Type): string[] {
  return [Reflect.getMetadata(PATH_METADATA, controller) as string | string[]].flat();
}

function faultOf(decision: EntryDecision | null, hasField: (name: string) => boolean): string | null {
  if (!decision) return UNDECIDED;
  if (decision.kind !== 'can') return decision.reason.trim() === '' ? 'say why it is open' : null;
  if (decision.project === null || hasField(decision.project)) return null;
  return `its route has no parameter :${decision.project}; use { project: null } or { anyProject: true }`;
}

function rpcsOf(provider: Type, instance: unknown): Entry[] {
  const raw = provider.prototype instanceof RawRpcService;
  if (!raw && !(provider.prototype instanceof RpcService)) return [];
  const service = made(provider, instance);
  return Object.entries(service.definition).map(([name, { path, requestStream }]): Entry => {
    const decision = raw
      ? ((service as RawRpcService).decisions[name] ?? null)
      : decisionOfMethod(provider, name);
    return {
      transport: 'grpc',
      entry: path,
      handler: `${provider.name}.${name}`,
      decision,
      fault: faultOf(decision, () => !requestStream),
    };
  });
}

function decisionOfMethod(provider: Type, name: string): EntryDecision | null {
  const method: unknown = provider.prototype[name];
  return typeof method === 'function' ? entryDecision(method, provider) : null;
}

/**
 * In a preview Nest gives instances whose constructors never ran. The constructors of RPC services only keep what they
 * are given, so one can be made here for its definition.
 */
function made(provider: Type, instance: unknown): RpcService | RawRpcService {
  const service = instance as RpcService | RawRpcService | null;
  return service?.definition ? service : (new provider() as RpcService | RawRpcService);
}
