// What speed.mjs measures.

/** Epochs of a network. */
export const EPOCHS = 5;

/**
 * The data sets of boosting: fits a process and round, seeds of the data over which AUC is averaged, and the most that
 * Steward may take as a multiple of scikit-learn, of the faster other and of LightGBM's memory.
 */
export const SETS = [
  {
    name: 'synthetic',
    label: 'synthetic, 100,000 × 20',
    tested: '200,000',
    fits: 3,
    seeds: 20,
    most: { scikit: 0.8, other: 1.25 },
  },
  {
    name: 'wide',
    label: 'wide, 20,000 × 500',
    tested: '80,000',
    fits: 1,
    seeds: 8,
    most: { scikit: 0.8, other: 1.25 },
  },
  {
    name: 'flights',
    label: 'flights, 2,400,000 × 8',
    tested: '600,000',
    fits: 1,
    seeds: 3,
    most: { scikit: 0.8, other: 1.25, memory: 1.5 },
  },
];
