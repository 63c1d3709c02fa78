import type { LineChart } from '@steward/documents';
import { figure, moment } from '../blocks';

/** What a chart shows, in words: for those who hear it, and for machines that read it. */
export function describeChart({ caption, labels, series, bound }: LineChart): string {
  const parts = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${name}: nothing was measured`;
    return `${name} from ${figure(known[0])} to ${figure(known.at(-1))}, lowest ${figure(Math.min(...known))}, highest ${figure(Math.max(...known))}`;
  });
  return `${caption}. ${labels.length} places. ${parts.join('. ')}.${bound ? ` ${bound.label}.` : ''}`;
}

/** `the beginning to 2026-11-23 17:11 UTC`. */
export const periodText = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `${Date.parse(from) === 0 ? 'the beginning' : moment(from)} to ${moment(to)} UTC`;
