const { createRequire, isBuiltin } = require('node:module');
const { dirname, join } = require('node:path');
const Runtime = require('jest-runtime').default;

/** Packages with a state that belongs to one suite, and those that the configuration maps to others. */
const ANEW = /^(@steward\/|prom-client$|fast-check$)/;

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
    if (isPackage && !from.includes('/node_modules/')) return requireFrom(dirname(from))(name);
    return super.requireModuleOrMock(from, name);
  }
}

module.exports = SharedPackagesRuntime;
