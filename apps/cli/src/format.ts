/** What stands where there is nothing. */
export const NONE = '-';

/** Thousands separated: 1,200. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** A figure with so many decimals; what is missing is a dash. */
export function figure(value: number | null | undefined, decimals = 3): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NONE : value.toFixed(decimals);
}

/** A p-value: never 0.000. */
export function pValue(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}

/** The beginning of a digest, enough to tell two apart. */
export const short = (digest: string | null | undefined): string => (digest ? digest.slice(0, 12) : NONE);

/** 2026-11-23 13:42:46, in UTC. */
export function time(iso: string | null | undefined): string {
  if (!iso) return NONE;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** 12.3 MB. */
export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  const power = Math.min(Math.floor(Math.log10(value) / 3), 4);
  return `${(value / 1_000 ** power).toFixed(1)} ${['', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

/** 0.8 s, 12 s, 3 min 20 s, 2 h 5 min. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `waiting_for_outcomes` -> waiting for outcomes. */
export const words = (code: string): string => code.replaceAll('_', ' ');

/** missing 3, range 2; the most frequent first. */
export function byRule(rules: Readonly<Record<string, number>>): string {
  const entries = Object.entries(rules).toSorted(([, left], [, right]) => right - left);
  return entries.map(([rule, times]) => `${rule} ${count(times)}`).join(', ') || NONE;
}
