const path = require('node:path');

/**
 * One Jest configuration for every project, three sizes by file name:
 * `*.spec.ts` (unit, no I/O), `test/*.int-spec.ts` (PostgreSQL, Kafka) and `test/*.e2e-spec.ts` (whole services).
 * CommonJS mode with swc: Nest 12 is ESM-only and Jest on Node 20 cannot require(esm), so the ESM packages are
 * transformed too (docs/adr/0002-toolchain.md).
 */
const ESM_PACKAGES = [
  '@nestjs',
  'file-type',
  'load-esm',
  'strtok3',
  '@tokenizer',
  'token-types',
  'uint8array-extras',
  '@borewit',
  'pg-boss',
  'serialize-error',
  'non-error',
  'tagged-tag',
  'cron-parser',
  'jose',
  'uuid',
  'hyparquet',
  'hyparquet-writer',
  'hyparquet-compressors',
  'fzstd',
  'hysnappy',
  '@bufbuild',
  'nestjs-pino',
  'listr2',
  'fast-check',
  'pure-rand',
  'vega-datasets',
  'openid-client',
  'oauth4webapi',
];

/**
 * Jest's realm answers a look at a global through an interceptor, some 100 ns each: a loop over `Math` took 25 times as
 * long as in Node. These are handed to each module as arguments instead. Not here: what fake timers replace, and names
 * that packages declare anew at the top of a file.
 */
const FAST_GLOBALS = [
  ...[
    'Math',
    'Number',
    'BigInt',
    'String',
    'Boolean',
    'Symbol',
    'Object',
    'Array',
    'Map',
    'Set',
    'WeakMap',
    'JSON',
  ],
  ...['Promise', 'Error', 'TypeError', 'RangeError', 'ArrayBuffer', 'DataView', 'Uint8Array', 'Int8Array'],
  ...[
    'Uint16Array',
    'Int16Array',
    'Uint32Array',
    'Int32Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
  ],
];

const swc = [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
  },
];

const swcJs = [
  '@swc/jest',
  {
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'ecmascript' }, keepClassNames: true },
    module: { type: 'commonjs' },
  },
];

/** @param {string} rootDir the project's folder */
module.exports = (rootDir) => {
  const base = {
    rootDir,
    testEnvironment: path.join(__dirname, 'tools/run/jest-environment.cjs'),
    testEnvironmentOptions: { customExportConditions: ['@steward/source', 'node', 'node-addons'] },
    transform: { '^.+\\.ts$': swc, '^.+\\.m?js$': swcJs },
    transformIgnorePatterns: [`/node_modules/(?!(${ESM_PACKAGES.join('|')})/)`],
    moduleNameMapper: {
      '^fast-check$': path.join(__dirname, 'tools/run/seeded-fast-check.cjs'),
      '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1'],
    },
    modulePathIgnorePatterns: ['<rootDir>/dist/'],
    sandboxInjectedGlobals: FAST_GLOBALS,
    setupFilesAfterEnv: [path.join(__dirname, 'tools/run/jest-patience.cjs')],
  };
  const integration = {
    ...base,
    testEnvironment: path.join(__dirname, 'tools/run/jest-one-realm.cjs'),
    runtime: path.join(__dirname, 'tools/run/jest-shared-packages.cjs'),
    sandboxInjectedGlobals: [],
    globalSetup: path.join(__dirname, 'tools/run/jest-postgres-setup.mjs'),
    globalTeardown: path.join(__dirname, 'tools/run/jest-postgres-teardown.mjs'),
  };
  return {
    projects: [
      { ...base, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
      { ...integration, displayName: 'integration', testMatch: ['<rootDir>/test/**/*.int-spec.ts'] },
      { ...integration, displayName: 'e2e', testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'] },
    ],
  };
};
