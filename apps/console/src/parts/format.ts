/** A figure with so many digits after the point; a dash where there is none. */
export const figure = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);

const WHOLE = new Intl.NumberFormat('en');

/** 12345 reads 12,345. */
export const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : WHOLE.format(value);

/** 1 reads "1 dataset", 2 reads "2 datasets". */
export const several = (value: number, thing: string): string =>
  `${count(value)} ${thing}${value === 1 ? '' : 's'}`;

/** 0.1234 reads 12.3 %. */
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)}\u00a0%`;

/** 1234567 reads 1.2 MB. */
export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  const power = Math.min(Math.floor(Math.log10(value) / 3), 4);
  return `${(value / 1_000 ** power).toFixed(1)} ${['', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

/** Camel case, snake case and kebab case as words. */
export const words = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]/g, ' ')
    .toLowerCase();

/** The beginning of a digest or id, enough to tell it from others. */
export const short = (digest: string | null | undefined, length = 12): string =>
  digest ? digest.slice(0, length) : '–';

/** Names of figures that are not words. */
const FIGURES: Readonly<Record<string, string>> = {
  auc: 'AUC',
  ece: 'calibration error',
  brier: 'Brier score',
};

/** The name of a figure for people. */
export const figureName = (name: string): string => FIGURES[name] ?? words(name);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PSEUDONYM = /^sub_[0-9a-f]{32}$/;

/** A UUID by its end, in which those of one moment differ; a pseudonym by its beginning; any other id whole. */
export function idText(id: string): string {
  if (UUID.test(id)) return id.slice(-8);
  return PSEUDONYM.test(id) ? `${id.slice(0, 12)}…` : id;
}

/** How long something took: "4.2 s", "3 min 12 s". */
export function duration(from: string | null, to: string | null): string {
  if (!from || !to) return '–';
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Any value as one line of text. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : figure(value, 4);
  return JSON.stringify(value);
}
