const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/** What {@link OneRealmEnvironment} gives as its context: code is then compiled in Node's own realm. */
const OWN_REALM = {};
const compileFunction = vm.compileFunction;
vm.compileFunction = (code, parameters, options) =>
  options?.parsingContext === OWN_REALM
    ? compileFunction(code, parameters, { ...options, parsingContext: undefined })
    : compileFunction(code, parameters, options);

const propertiesOf = (object) =>
  new Map(Reflect.ownKeys(object).map((key) => [key, Reflect.getOwnPropertyDescriptor(object, key)]));

/** Puts an object's own properties back as they were, and takes away what came new. */
function restore(object, before) {
  for (const key of Reflect.ownKeys(object)) if (!before.has(key)) Reflect.deleteProperty(object, key);
  for (const [key, descriptor] of before) {
    const now = Reflect.getOwnPropertyDescriptor(object, key);
    if (now?.value !== descriptor.value || now?.get !== descriptor.get)
      Reflect.defineProperty(object, key, descriptor);
  }
}

/**
 * Integration and end-to-end suites run in Node's own realm, as the services do: packages need not be loaded anew for
 * each suite (jest-shared-packages.cjs), and `instanceof` holds across them. Our own modules are still loaded for each
 * suite; globals and the environment's variables are put back after it.
 */
class OneRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.own = { globals: propertiesOf(globalThis), env: { ...process.env }, exit: process.exit };
    const ofJest = this.global;
    this.global = globalThis;
    // What Jest's packages look up in the realm of a suite.
    for (const key of Object.getOwnPropertySymbols(ofJest)) {
      if (!(key in globalThis))
        Object.defineProperty(globalThis, key, {
          ...Reflect.getOwnPropertyDescriptor(ofJest, key),
          configurable: true,
        });
    }
  }

  getVmContext() {
    return this.context && OWN_REALM;
  }

  async teardown() {
    const { globals, env, exit } = this.own;
    await super.teardown();
    restore(globalThis, globals);
    process.exit = exit;
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    this.global = null;
  }
}

module.exports = OneRealmEnvironment;
