const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest runs tests in a realm of its own, while native add-ons (ONNX Runtime) make typed arrays of Node's realm and
 * check with `instanceof`. Tests therefore see Node's own typed arrays, as jest-environment-node does for Uint8Array.
 */
class NodeRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    const own = { Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Uint16Array, Uint32Array };
    Object.assign(this.global, own, { Uint8ClampedArray, BigInt64Array, BigUint64Array });
  }
}

module.exports = NodeRealmEnvironment;
