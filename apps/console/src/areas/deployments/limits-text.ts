export interface Limits {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** "1.2 % (0.4 % to 2.0 %)"; a dash where nothing was seen. */
export const limitsText = (limits: Limits | null, format: (value: number) => string): string =>
  limits === null ? '–' : `${format(limits.value)} (${format(limits.lower)} to ${format(limits.upper)})`;

/** What limits of a difference show: worse only if all of them are above zero, better only if all are below. */
export function comparisonWord(difference: Limits | null): string {
  if (difference === null) return 'nothing seen yet';
  if (difference.lower > 0) return 'shown to be worse';
  return difference.upper < 0 ? 'shown to be better' : 'no difference shown';
}
