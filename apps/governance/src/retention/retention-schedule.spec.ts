import { dueOf, holdOver, scheduleOf, type RetentionGrounds } from './retention-schedule';
import { RetentionPolicy } from './retention-policy';

const grounds: RetentionGrounds = {
  policy: RetentionPolicy.parse({
    rules: [
      { class: 'dataset-versions', days: 400 },
      { class: 'dataset-versions', dataset: 'people', days: 500 },
      { class: 'prediction-rows', dataset: 'unheard-of', days: 9 },
      { class: 'audit-notes', days: 90 },
    ],
  }),
  purposes: [
    {
      purpose: 'lending',
      retention: [
        { class: 'dataset-versions', days: 365 },
        { class: 'consents', days: 1_000 },
      ],
    },
    {
      purpose: 'research',
      retention: [
        { class: 'dataset-versions', days: 30 },
        { class: 'raw-uploads', days: 1 },
      ],
    },
  ],
  datasets: new Map([
    ['people', ['lending']],
    ['loans', []],
    ['study', ['lending', 'research']],
  ]),
};
const daysOf = (each: string, dataset: string | null) =>
  scheduleOf(grounds).find((entry) => entry.class === each && entry.dataset === dataset)?.days;

describe('how long things are kept', () => {
  it('follows the strictest of the policy and the purposes that the dataset is bound to', () => {
    expect(daysOf('dataset-versions', 'people')).toBe(365);
    expect(daysOf('dataset-versions', 'loans')).toBe(400);
    expect(daysOf('dataset-versions', 'study')).toBe(30);
    expect(scheduleOf(grounds).find(({ dataset }) => dataset === 'people')!.because).toEqual([
      { kind: 'purpose', name: 'lending', days: 365 },
      { kind: 'policy', name: 'project', days: 400 },
      { kind: 'policy', name: 'people', days: 500 },
    ]);
  });

  it('counts every purpose for what is kept by project, and says nothing where nobody does', () => {
    expect(daysOf('consents', null)).toBe(1_000);
    expect(daysOf('audit-notes', null)).toBe(90);
    expect(daysOf('window-rows', null)).toBeUndefined();
    expect(daysOf('quarantine', 'people')).toBeUndefined();
    expect(daysOf('prediction-rows', 'unheard-of')).toBe(9);
  });

  it('shows what is gone at once, and orders nothing for it', () => {
    const schedule = scheduleOf(grounds);
    expect(schedule).toContainEqual(expect.objectContaining({ class: 'raw-uploads', enforced: false }));
    const { orders } = dueOf(schedule, [], ['raw-uploads', 'consents'], Date.UTC(2026, 10, 28));
    expect(orders).toEqual([
      { class: 'consents', dataset: null, days: 1_000, before: '2024-03-03T00:00:00.000Z' },
    ]);
  });
});

describe('legal holds', () => {
  const hold = (change: object) => ({ id: 'h', dataset: null, class: null, ...change });

  it('cover their class and dataset, and a hold on a dataset nothing that is kept by project', () => {
    const people = { class: 'dataset-versions', dataset: 'people' } as const;
    expect(holdOver([hold({})], people)).toBeDefined();
    expect(holdOver([hold({ dataset: 'people' })], people)).toBeDefined();
    expect(holdOver([hold({ dataset: 'loans' })], people)).toBeUndefined();
    expect(holdOver([hold({ class: 'quarantine' })], people)).toBeUndefined();
    expect(holdOver([hold({ dataset: 'people' })], { class: 'window-rows', dataset: null })).toBeUndefined();
  });

  it('stop orders and say which hold it was', () => {
    const due = dueOf(scheduleOf(grounds), [hold({ dataset: 'people' })], ['dataset-versions'], 0);
    expect(due.held).toEqual([{ class: 'dataset-versions', dataset: 'people', holdId: 'h' }]);
    expect(due.orders.map(({ dataset }) => dataset)).toEqual(['loans', 'study', 'unheard-of']);
  });
});

describe('a policy', () => {
  it.each([
    [{ rules: [{ class: 'window-rows', dataset: 'people', days: 3 }] }, 'kept by project'],
    [{ rules: [{ class: 'raw-uploads', days: 3 }] }, 'Invalid option'],
    [{ rules: [{ class: 'consents', days: 0 }] }, '>=1'],
    [
      {
        rules: [
          { class: 'consents', days: 1 },
          { class: 'consents', days: 2 },
        ],
      },
      'twice',
    ],
    [{ unattended: ['consents', 'consents'] }, 'twice'],
  ])('that makes no sense is refused: %j', (policy, says) => {
    expect(RetentionPolicy.safeParse(policy).error?.message).toContain(says);
  });
});
