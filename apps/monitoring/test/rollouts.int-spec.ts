import { RolloutObserved, type PredictionLoggedMessage } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { MODEL, prediction, PROJECT } from './support/lending.factory';
import { MonitoringHouse } from './support/monitoring-house';

describe('rollouts of inference, on PostgreSQL', () => {
  let house: MonitoringHouse;
  const rollout = newId();
  const drawn = (
    from: number,
    rows: number,
    role: 'canary' | 'champion',
    step = 0,
  ): PredictionLoggedMessage => ({
    ...prediction(from, rows, { version: role === 'canary' ? 7 : 1 }),
    role,
    rollout: `${rollout}/${step}`,
  });
  const newest = async (step = 0) =>
    (await house.events(RolloutObserved))
      .filter((one) => one.rolloutId === rollout && one.step === step)
      .at(-1);
  /** Says what came true: the label, but wrong for the first rows. */
  const outcomes = ({ predictionId, labels }: PredictionLoggedMessage, wrong: number): Promise<void> =>
    house.outcome(
      predictionId,
      labels.map((_, row) => row),
      labels.map((label, row) => (row < wrong ? (label === 'yes' ? 'no' : 'yes') : label)),
    );

  beforeAll(async () => {
    house = await MonitoringHouse.open();
    await house.start();
    await house.alias(1);
  });

  afterAll(() => house.close(), 30_000);

  it('counts outcomes of both sides in either order, each row once, and tells totals', async () => {
    const [canary, champion] = [drawn(0, 40, 'canary'), drawn(100, 120, 'champion')];
    await outcomes(champion, 12);
    await house.predict(canary, champion);
    // A canary is newer than the champion: nothing may wait for an alias event that never comes.
    await house.counted(160);
    await outcomes(canary, 10);
    await outcomes(canary, 0);
    await outcomes(champion, 0);
    await eventually(async () =>
      expect(await newest()).toMatchObject({
        model: MODEL,
        canary: { outcomes: 40, wrong: 10 },
        champion: { outcomes: 120, wrong: 12 },
      }),
    );
    expect(await house.rows('SELECT 1 FROM rollout_row')).toEqual([]);
  });

  it('counts decisions by group without naming it, and none of a group of fewer than ten', async () => {
    const told = (await newest())!;
    expect(told.groups.map(({ column, ordinal }) => [column, ordinal])).toEqual([
      ['afam', 1],
      ['afam', 2],
    ]);
    expect(told.groups.reduce((sum, { canary }) => sum + canary.rows, 0)).toBe(40);
    expect(told.groups.reduce((sum, { champion }) => sum + champion.rows, 0)).toBe(120);
    expect(JSON.stringify(told.groups)).not.toMatch(/yes|no"/);
    await house.predict(drawn(0, 12, 'canary', 1), drawn(0, 100, 'champion', 1));
    await eventually(async () => expect((await newest(1))?.groups).toEqual([]));
  });

  it('counts the versions of an experiment each for itself', async () => {
    const arm = { ...prediction(0, 6, { version: 8 }), role: 'arm', rollout: `ab-${rollout}/8` };
    await house.predict(arm);
    await outcomes(arm, 2);
    await eventually(async () => {
      const told = (await house.events(RolloutObserved)).filter(
        ({ rolloutId }) => rolloutId === `ab-${rollout}`,
      );
      expect(told.at(-1)).toMatchObject({
        step: 8,
        champion: { outcomes: 6, wrong: 2 },
        canary: { outcomes: 0 },
      });
    });
  });

  it('leaves windows to the champion, and predictions without a rollout alone', async () => {
    const before = (await house.events(RolloutObserved)).length;
    await house.predict(
      { ...prediction(0, 3, { version: 9 }), role: 'pinned' },
      { ...prediction(0, 4, { version: 8 }), role: 'arm' },
      prediction(0, 5),
    );
    await house.counted(160 + 112 + 6 + 12);
    expect(await house.events(RolloutObserved)).toHaveLength(before);
    const observed = await house.rows<{ model_version: number; predictions: string }>(
      'SELECT model_version, predictions FROM observed WHERE project = $1 ORDER BY 1',
      [PROJECT],
    );
    expect(observed.map((row) => [row.model_version, Number(row.predictions)])).toEqual([
      [1, 225],
      [7, 52],
      [8, 10],
      [9, 3],
    ]);
  });
});
