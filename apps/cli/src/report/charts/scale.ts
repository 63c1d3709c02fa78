/** Maps a domain to pixels. */
export type Scale = (value: number) => number;

/** Linear; values outside are cut to the range, so that nothing is drawn beside the picture. */
export function linear([from, to]: readonly [number, number], [low, high]: readonly [number, number]): Scale {
  const span = to - from || 1;
  return (value) => round(low + (Math.min(Math.max(value, from), to) - from) * ((high - low) / span));
}

/** Two decimals are finer than any screen; the file stays small. */
export const round = (value: number): number => Math.round(value * 100) / 100;

/** Round values that cover a domain, about so many. */
export function ticks(from: number, to: number, about: number): number[] {
  if (!(to > from)) return [from];
  const rough = (to - from) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? power * 10;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

const SECOND = 1_000;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400]
  .map((seconds) => seconds * SECOND)
  .concat([2, 7, 14, 30, 90, 180, 365].map((days) => days * 86_400 * SECOND));

/** Round moments (UTC) in a span, about so many, with a label that says as much as the step needs. */
export function timeTicks(from: number, to: number, about: number): { at: number; label: string }[] {
  const step = STEPS.find((each) => (to - from) / each <= about) ?? STEPS.at(-1)!;
  const first = Math.ceil(from / step) * step;
  const found: { at: number; label: string }[] = [];
  for (let at = first; at <= to; at += step) found.push({ at, label: timeLabel(at, step) });
  return found;
}

function timeLabel(at: number, step: number): string {
  const iso = new Date(at).toISOString();
  if (step >= 86_400 * SECOND) return iso.slice(0, 10);
  if (step >= 3_600 * SECOND) return `${iso.slice(5, 10)} ${iso.slice(11, 16)}`;
  return step >= 60 * SECOND ? iso.slice(11, 16) : iso.slice(11, 19);
}
