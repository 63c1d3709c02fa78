const { createRequire, isBuiltin } = require('node:module');
const { dirname, join } = require('node:path');
const Runtime = require('jest-runtime').default;

/**
 * Packages with a state that belongs to one suite (nestjs-pino keeps the first logger that it is given), and those that the
 * configuration maps to others.
 */
const ANEW = /^(@steward\/|prom-client$|fast-check$|nestjs-pino$)/;
/** What a package that is loaded anew shares with our modules must be the same for both: Nest's classes are tokens. */
const OURS = /^(?!.*\/node_modules\/)|\/node_modules\/nestjs-pino\//;

const requires = new Map();

/** Node's own `require` as in this folder. */
function requireFrom(folder) {
  let found = requires.get(folder);
  if (!found) requires.set(folder, (found = createRequire(join(folder, 'node_modules', 'any.cjs'))));
  return found;
}

/**
 * Packages are loaded by Node itself, once for all suites of a worker: Jest took 1.5 s of each suite to load them anew.
 * Needs jest-one-realm.cjs. Our own modules are loaded by Jest, for each suite.
 */
class SharedPackagesRuntime extends Runtime {
  requireModuleOrMock(from, name) {
    const isPackage = /^[@a-z]/i.test(name) && !isBuiltin(name) && !ANEW.test(name);
    if (isPackage && OURS.test(from)) return requireFrom(dirname(from))(name);
    return super.requireModuleOrMock(from, name);
  }
}

module.exports = SharedPackagesRuntime;
