import { createHmac } from 'node:crypto';
import { MOST_ATTEMPTS, waitAfter, type Notification } from './notification';
import { bodyOf, signatureOf, webhookFault } from './webhook';

const NOTIFICATION: Notification = {
  id: 'n-1',
  project: 'lending',
  kind: 'approval',
  objectId: 'a-1',
  stage: 'waiting',
  summary: 'approval version 2 wants to become champion',
  roles: ['approver'],
  people: [],
  page: '/projects/lending/approvals/a-1',
  dueAt: null,
  createdAt: '2026-11-28T10:00:00.000Z',
  settledAt: null,
  state: 'waiting',
  attempts: 3,
  nextAt: '2026-11-28T10:00:00.000Z',
  fault: 'WEBHOOK.STATUS_500',
  deliveredAt: null,
};

describe('the address of the webhook', () => {
  it.each([
    'https://hooks.example.org/steward',
    'http://127.0.0.1:9000/x',
    'http://localhost/x',
    'http://[::1]:8/x',
  ])('may be %s', (url) => expect(webhookFault(url)).toBeNull());

  it.each([
    'http://hooks.example.org/steward',
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1.example.org/',
    'http://10.0.0.1/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'https://user:word@example.org/',
    'nowhere',
  ])('may not be %s', (url) => expect(webhookFault(url)).toMatch(/must|no address/));
});

it('signs id, time and body, so that none can be exchanged', () => {
  const body = bodyOf(NOTIFICATION);
  const signed = signatureOf('s'.repeat(32), 'n-1', 1_700_000_000, body);
  const expected = createHmac('sha256', 's'.repeat(32)).update(`n-1.1700000000.${body}`).digest('base64');
  expect(signed).toBe(`v1,${expected}`);
  const other = (...[secret, id, seconds]: [string, string, number]) =>
    signatureOf(secret, id, seconds, body);
  expect(other('t'.repeat(32), 'n-1', 1_700_000_000)).not.toBe(signed);
  expect(other('s'.repeat(32), 'n-2', 1_700_000_000)).not.toBe(signed);
  expect(other('s'.repeat(32), 'n-1', 1_700_000_001)).not.toBe(signed);
});

it('tells what waits and for whom, and nothing of the delivery', () => {
  expect(JSON.parse(bodyOf(NOTIFICATION))).toEqual({
    type: 'notification.approval.waiting',
    id: 'n-1',
    project: 'lending',
    object: { kind: 'approval', id: 'a-1' },
    summary: 'approval version 2 wants to become champion',
    for: { roles: ['approver'], people: [] },
    page: '/projects/lending/approvals/a-1',
    dueAt: null,
    createdAt: '2026-11-28T10:00:00.000Z',
  });
});

it('waits twice as long after each refusal, 4 h at most, over about a day', () => {
  const waits = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, at) => waitAfter(at + 1));
  expect(waits.slice(0, 3)).toEqual([20_000, 40_000, 80_000]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(4 * 3_600_000);
  const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
  expect(hours).toBeGreaterThan(8);
  expect(hours).toBeLessThan(30);
});
