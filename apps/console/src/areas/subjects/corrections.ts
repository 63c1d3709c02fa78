/** `column = value` a line; an empty value is missing. What has no sign is a column without a value, for the service to refuse. */
export const correctionsIn = (text: string): { column: string; value: string | null }[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const sign = line.indexOf('=');
      const value = sign < 0 ? '' : line.slice(sign + 1).trim();
      return { column: (sign < 0 ? line : line.slice(0, sign)).trim(), value: value === '' ? null : value };
    });
