/** Who may import whom inside an app, by the file's role (docs/adr and architecture §3). */
const ADAPTER = /(^|\/)(pg|kafka|s3|delta|local|duckdb|in-memory|onnx-runtime|pgboss|pg-boss)-[^/]*$/;
const ENTRY = /\.(controller|rpc|consumer)(\.ts)?$/;
const COMPOSITION = /\.(module|config)\.ts$|\/main\.ts$|\/otel\.ts$|-worker\.ts$/;
const TEST = /\.(spec|int-spec|e2e-spec|contract|factory)\.ts$|\/test\//;
const DRIVERS = [
  'pg',
  'kysely',
  'kafkajs',
  'pg-boss',
  '@grpc/',
  'express',
  '@duckdb/',
  'onnxruntime-node',
  'hyparquet',
  'hyparquet-writer',
];
const PLATFORM = ['database', 'messaging', 'access', 'service', 'artifacts', 'delta'].map(
  (name) => `@steward/${name}`,
);

const isDriver = (target) =>
  DRIVERS.some(
    (driver) => target === driver || target.startsWith(driver.endsWith('/') ? driver : `${driver}/`),
  );

function faultOf(path, { target, typeOnly }, usesNest) {
  const base = target.split('/').pop();
  const relative = target.startsWith('.');
  const isEntry = ENTRY.test(path);
  const isAdapter = ADAPTER.test(path);
  if (relative && ENTRY.test(base) && !isEntry)
    return 'only modules may import a controller, rpc or consumer';
  if (relative && ADAPTER.test(`/${base}`) && isEntry)
    return 'entries use use cases and ports, never an adapter';
  if (isEntry || isAdapter) return null;
  // What is left is domain, ports and use cases.
  if (relative && ADAPTER.test(`/${base}`) && !typeOnly)
    return 'domain and use cases know ports, never an adapter';
  if (isDriver(target) && !typeOnly) return 'domain and use cases never touch a driver; put it behind a port';
  if (!usesNest && !typeOnly && PLATFORM.includes(target))
    return 'domain files know the kernel, contracts and the science libraries alone';
  return null;
}

export function fileRoles(files) {
  const faults = [];
  for (const file of files) {
    if (
      !/^apps\/(?!cli\/)[^/]+\/src\//.test(file.path) ||
      TEST.test(file.path) ||
      COMPOSITION.test(file.path)
    )
      continue;
    const usesNest =
      file.imports.some(({ target }) => target.startsWith('@nestjs/')) ||
      /\.repository\.ts$|\.port\.ts$/.test(file.path);
    for (const each of file.imports) {
      const fault = faultOf(file.path, each, usesNest);
      if (fault) faults.push(`${file.path} imports ${each.target}: ${fault}.`);
    }
  }
  return faults;
}
