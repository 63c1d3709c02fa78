import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProto } from 'grpc-health-check';

/** The repository's proto/, seen from src/ and from dist/ alike. */
const PROTO_ROOT = path.resolve(__dirname, '../../../proto');

/**
 * Adds gRPC server reflection (v1 and v1alpha) for the services that are mounted, from the .proto files themselves.
 * Returns false where there are none to read (a bundle without proto/).
 */
export function addReflection(server: Server, services: readonly string[]): boolean {
  const files = protoFiles();
  if (files.length === 0) return false;
  const definition = loadSync([...files, healthProto], { includeDirs: [PROTO_ROOT] });
  new ReflectionService(definition, { services: [...services] }).addToServer(server);
  return true;
}

function protoFiles(): string[] {
  try {
    return readdirSync(PROTO_ROOT, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.proto'))
      .sort();
  } catch {
    return [];
  }
}
