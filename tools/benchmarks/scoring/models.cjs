/** Random tree ensembles over uniform features, of the shapes that boosting learners make. */

/** @param {number} seed */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A binary pipeline of numeric inputs. `shape`: 'depth' grows complete trees of depth 6, 'leaves' splits a random
 * leaf until there are 31, as leaf-wise learners do.
 */
function pipeline({ trees, features, shape, seed }) {
  const random = randomNumbers(seed);
  const nodes = [];
  const leaf = () =>
    nodes.push({ feature: 0, threshold: 0, left: -1, right: -1, missing: 0, value: random() - 0.5 }) - 1;
  const split = (node) => {
    const feature = Math.floor(random() * features);
    const threshold = 0.2 + 0.6 * random();
    const children = { left: leaf(), right: leaf() };
    Object.assign(nodes[node], { feature, threshold, ...children, missing: random() < 0.5 ? 1 : 0 });
    return [children.left, children.right];
  };
  const roots = Array.from({ length: trees }, () => {
    const root = leaf();
    let leaves = [root];
    if (shape === 'depth') for (let d = 0; d < 6; d++) leaves = leaves.flatMap(split);
    else
      while (leaves.length < 31)
        leaves.push(...split(leaves.splice(Math.floor(random() * leaves.length), 1)[0]));
    return root;
  });
  const names = Array.from({ length: features }, (_, i) => `x${i}`);
  return {
    task: 'binary',
    inputs: names.map((name) => ({ name, kind: 'numeric' })),
    encoders: names.map((input) => ({ kind: 'number', input, fill: null, center: 0, scale: 1, width: 1 })),
    classes: ['no', 'yes'],
    predictor: {
      kind: 'trees',
      ensemble: {
        features,
        outputs: 1,
        base: Float64Array.of(0),
        roots: Int32Array.from(roots),
        treeOutput: new Int32Array(trees),
        feature: Int32Array.from(nodes, (n) => n.feature),
        threshold: Float64Array.from(nodes, (n) => Math.fround(n.threshold)),
        left: Int32Array.from(nodes, (n) => n.left),
        right: Int32Array.from(nodes, (n) => n.right),
        missingLeft: Uint8Array.from(nodes, (n) => n.missing),
        categoryOffset: new Int32Array(nodes.length).fill(-1),
        categoryBits: new Uint32Array(0),
        leafValues: Float64Array.from(nodes, (n) => Math.fround(n.value / 10)),
        cover: new Float64Array(nodes.length),
        aggregate: 'sum',
        link: 'logistic',
      },
    },
  };
}

/** Rows of uniform features, row-major, of which the given part is missing. */
function rows({ count, features, missing, seed }) {
  const random = randomNumbers(seed);
  return Float64Array.from({ length: count * features }, () => {
    const value = Math.fround(random());
    return random() < missing ? NaN : value;
  });
}

module.exports = { pipeline, rows };
