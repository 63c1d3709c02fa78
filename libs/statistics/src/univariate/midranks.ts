/** Ranks of two ascending samples in their union; ties share the mean of their ranks. */
export interface Midranks {
  readonly ofFirst: Float64Array;
  readonly ofSecond: Float64Array;
  /** Sum of t^3 - t over the groups of t tied values. */
  readonly ties: number;
}

/** Ranks from 1 on, as scipy's `rankdata(method='average')`. Both samples ascending. */
export function midranks(a: Float64Array, b: Float64Array): Midranks {
  const ofFirst = new Float64Array(a.length);
  const ofSecond = new Float64Array(b.length);
  let [i, j, ties] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const value = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    let [iEnd, jEnd] = [i, j];
    while (iEnd < a.length && a[iEnd] === value) iEnd++;
    while (jEnd < b.length && b[jEnd] === value) jEnd++;
    const tied = iEnd - i + jEnd - j;
    const rank = i + j + (tied + 1) / 2;
    ofFirst.fill(rank, i, iEnd);
    ofSecond.fill(rank, j, jEnd);
    ties += tied ** 3 - tied;
    [i, j] = [iEnd, jEnd];
  }
  return { ofFirst, ofSecond, ties };
}
