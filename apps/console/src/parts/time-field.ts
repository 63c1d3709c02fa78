/** A moment as a field of type `datetime-local` has it: in the reader's time zone, to the minute. */
export function toLocalTime(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** What such a field holds, as ISO 8601 in UTC; null where it is empty. */
export const fromLocalTime = (text: string): string | null =>
  text === '' ? null : new Date(text).toISOString();
