const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

/** A number as JSON can hold it: the four that it has no notation for become their names. */
export function numberToJson(value: number): number | string {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Reverses {@link numberToJson}. */
export function numberFromJson(value: number | string): number {
  if (typeof value === 'number') return value;
  const special = SPECIAL.get(value);
  if (special === undefined) throw new Error(`${value} is no number`);
  return special;
}
