// The settings of boosting that all four engines share; rivals.py says the same in their words.
export const ALIKE = {
  trees: 100,
  learningRate: 0.1,
  growth: 'leaf',
  maxLeaves: 31,
  maxDepth: 0,
  maxBins: 255,
  l1: 0,
  l2: 1,
  minChildSamples: 1,
  minChildWeight: 1e-3,
  minGain: 0,
};

/** The same, for the head of a table. */
export const ALIKE_IN_WORDS =
  'All four alike: 100 trees grown leaf by leaf to 31 leaves, learning rate 0.1, at most 255 bins, L2 of 1, no L1, ' +
  'leaves of one row and a hessian of 0.001 allowed, no minimum gain, no sampling, one thread';
