import { breachClock } from './breach-clock';

it('tells how much of the 72 hours is left', () => {
  const at = (hoursLeft: number | null, state: 'open' | 'notified' = 'open') =>
    breachClock({ state, hoursLeft });
  expect(at(71.5)).toEqual({ tone: 'warn', says: '71.5 h left' });
  expect(at(3)).toEqual({ tone: 'bad', says: '3 h left' });
  expect(at(-2)).toEqual({ tone: 'bad', says: 'overdue by 2 h' });
  expect(at(null, 'notified')).toEqual({ tone: 'quiet', says: 'ended' });
});
