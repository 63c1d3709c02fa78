import type {
  AlertAnswer,
  ApprovalAnswer,
  DeadLetterAnswer,
  NotificationAnswer,
  RetrainAnswer,
} from '@steward/client/answers';
import { waitingFor } from './waiting';

const approval = {
  id: 'a',
  model: 'm',
  version: 2,
  alias: 'champion',
  state: 'open',
  gates: [
    { gate: 'minimumAuc', passed: false, waivedBy: null },
    { gate: 'noSensitiveInputs', passed: false, waivedBy: 'somebody' },
  ],
  policy: { approvers: 1, roles: ['approver'] },
  openedAt: '2026-01-03T00:00:00Z',
} as unknown as ApprovalAnswer;
const alert = {
  id: 'b',
  kind: 'drift',
  model: 'm',
  modelVersion: 1,
  columns: ['single'],
  state: 'open',
  acknowledgedBy: null,
  raisedAt: '2026-01-01T00:00:00Z',
} as unknown as AlertAnswer;
const nothing = { approvals: [], alerts: [], retrains: [], letters: [], notifications: [] };

it('names what waits and for whom, the oldest first', () => {
  const letter = { id: 'c', state: 'waiting', type: 't', reason: 'No.', createdAt: '2026-01-02T00:00:00Z' };
  const found = waitingFor({
    ...nothing,
    approvals: [approval],
    alerts: [alert],
    letters: [{ ...(letter as DeadLetterAnswer), service: 'training' }],
  });
  expect(found.map(({ id, who }) => [id, who])).toEqual([
    ['b', 'ml engineer'],
    ['c', 'whoever may replay dead letters'],
    ['a', 'approver'],
  ]);
  expect(found[2]?.what).toBe('m version 2 wants to become champion; failed: minimum auc');
});

it('leaves out what is done', () => {
  expect(
    waitingFor({
      approvals: [{ ...approval, state: 'granted' }],
      alerts: [
        { ...alert, acknowledgedBy: 'x' },
        { ...alert, state: 'resolved' },
      ],
      retrains: [{ state: 'training' } as RetrainAnswer],
      letters: [],
      notifications: [],
    }),
  ).toEqual([]);
});

it('takes the newest word of the outbox on what it alone tells', () => {
  const told = {
    kind: 'breach',
    objectId: 'x',
    settledAt: null,
    roles: ['privacy-officer'],
    page: '/projects/a%20b/breaches/x%2Fy',
    createdAt: '2026-01-02T00:00:00Z',
  };
  const notifications = [
    { ...told, id: '3', summary: 'over' },
    { ...told, id: '2', summary: 'opened' },
    { ...told, id: '1', kind: 'approval', objectId: 'z', summary: 'asked for elsewhere' },
    { ...told, id: '0', objectId: 'w', summary: 'settled', settledAt: '2026-01-02T00:00:00Z' },
  ] as unknown as NotificationAnswer[];
  expect(waitingFor({ ...nothing, notifications })).toEqual([
    {
      id: '3',
      what: 'over',
      who: 'privacy officer',
      at: ['breaches', 'x/y'],
      since: '2026-01-02T00:00:00Z',
    },
  ]);
});
