import type { ReactNode } from 'react';

const FORMAT = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
});

/** A moment in the reader's time zone; UTC on hover. */
export function When({ at }: { at: string | null | undefined }): ReactNode {
  if (!at) return '–';
  const time = Date.parse(at);
  return Number.isNaN(time) ? (
    at
  ) : (
    <time dateTime={at} title={`${at} (UTC)`}>
      {FORMAT.format(time)}
    </time>
  );
}
