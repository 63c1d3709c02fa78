/** Which decisions of a model are held, as governance's policy says. */
export interface HoldingPolicy {
  readonly active: boolean;
  /** Decisions for these labels. */
  readonly labels: readonly string[];
  /** Decisions whose score lies in [from, to]. */
  readonly band: { readonly from: number; readonly to: number } | null;
}

/** A row whose decision waits for a person, and why. */
export interface HeldRow {
  readonly row: number;
  readonly because: 'label' | 'band';
}

/** The rows of a request that a person decides, in their order. */
export function heldRows(
  policy: HoldingPolicy | undefined,
  scores: ArrayLike<number>,
  labels: readonly string[],
): HeldRow[] {
  if (!policy?.active) return [];
  const { band } = policy;
  const held: HeldRow[] = [];
  labels.forEach((label, row) => {
    const score = scores[row]!;
    if (policy.labels.includes(label)) held.push({ row, because: 'label' });
    else if (band !== null && score >= band.from && score <= band.to) held.push({ row, because: 'band' });
  });
  return held;
}

/** What the caller gets: no label for a row that is held, and no score either, for the score may be the decision. */
export function withheld(
  held: readonly HeldRow[],
  probabilities: Float64Array,
  labels: readonly string[],
): { readonly probabilities: Float64Array; readonly labels: readonly string[] } {
  if (held.length === 0) return { probabilities, labels };
  const classes = probabilities.length / labels.length;
  const shown = { probabilities: probabilities.slice(), labels: [...labels] };
  for (const { row } of held) {
    shown.labels[row] = '';
    shown.probabilities.fill(Number.NaN, row * classes, (row + 1) * classes);
  }
  return shown;
}
