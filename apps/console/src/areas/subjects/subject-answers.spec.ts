import { timeLeft } from './subject-answers';

it('tells how much time is left', () => {
  const now = Date.parse('2026-11-01T12:00:00Z');
  const left = (dueAt: string, overdue = false, endedAt: string | null = null) =>
    timeLeft({ dueAt, overdue, endedAt }, now);
  expect(left('2026-11-30T12:00:00Z')).toBe('29 days left');
  expect(left('2026-11-02T13:00:00Z')).toBe('1 day left');
  expect(left('2026-11-01T13:00:00Z')).toBe('due today');
  expect(left('2026-10-30T12:00:00Z', true)).toBe('overdue');
  expect(left('2026-10-30T12:00:00Z', true, '2026-10-29T00:00:00Z')).toBe('ended');
});
