import { DEFAULT_SETTINGS } from '../records/processing-books';
import { clockOf, type Breach } from './breach';
import { notificationDraft } from './notification-draft';

const AWARE = '2026-05-01T00:00:00.000Z';
const HOUR_MS = 3_600_000;
const breach: Breach = {
  id: 'b',
  project: 'lending',
  summary: 'A laptop with an API key was stolen.',
  scope: {
    from: AWARE,
    to: '2026-05-02T00:00:00.000Z',
    principals: ['m-1'],
    keys: ['k'],
    dataset: 'applications',
  },
  awareAt: AWARE,
  openedBy: 'dora',
  openedAt: AWARE,
  exposure: { predictionRows: 7, datasetRows: 120, subjects: 3, subjectsDigest: 'x' },
  state: 'open',
  endedBy: null,
  endedAt: null,
  endReason: null,
  correlation: 'c',
};

describe('the clock of a breach', () => {
  it('runs for 72 hours from becoming aware of it, and stops with its end', () => {
    const at = Date.parse(AWARE);
    expect(clockOf(breach, at)).toEqual({ dueAt: '2026-05-04T00:00:00.000Z', hoursLeft: 72 });
    expect(clockOf(breach, at + 73.5 * HOUR_MS).hoursLeft).toBe(-1.5);
    expect(clockOf({ ...breach, endedAt: AWARE }, at + 99 * HOUR_MS).hoursLeft).toBeNull();
  });
});

describe('the drafts', () => {
  it('say what is known and leave blank what only people know', () => {
    const settings = { ...DEFAULT_SETTINGS, controller: { name: 'Bank', contact: 'x@bank.example' } };
    const audited = { actions: [], subjects: ['sub_a'] };
    const { authority, subjects } = notificationDraft(breach, audited, settings, Date.parse(AWARE));
    for (const part of [
      'Bank, x@bank.example',
      'at most: 4',
      '7 predictions, 120 rows',
      '2026-05-04',
      'laptop',
    ])
      expect(authority).toContain(part);
    expect(subjects).toContain('Likely consequences: [to be written by people]');
    const early = notificationDraft({ ...breach, exposure: null }, audited, DEFAULT_SETTINGS, 0).authority;
    expect(early).toContain('being counted');
    expect(early).toContain('Contact: [to be written by people]');
  });
});
