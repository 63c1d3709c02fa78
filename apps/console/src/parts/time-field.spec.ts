import { fromLocalTime, toLocalTime } from './time-field';

it('goes to the field and back, to the minute', () => {
  const moment = new Date('2026-11-28T10:20:00.000Z');
  expect(fromLocalTime(toLocalTime(moment))).toBe(moment.toISOString());
  expect(fromLocalTime('')).toBeNull();
});
