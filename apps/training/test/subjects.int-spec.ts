import {
  SubjectErased,
  SubjectModelsFlagged,
  SubjectProcessingChanged,
  SubjectRectified,
} from '@steward/contracts';
import { newId, newPseudonym, sha256 } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { PROJECT, TrainingHouse } from './support/training-house';

describe('models and the subjects that they learnt from, on PostgreSQL', () => {
  let house: TrainingHouse;
  const pseudonym = newPseudonym();
  const envelope = { subject: `${PROJECT}/${pseudonym}`, project: PROJECT };

  async function model(version: number, dataset: string, datasetVersion: number): Promise<void> {
    const run = newId();
    await house.rows(
      `INSERT INTO runs (id, project, pipeline, pipeline_version, pipeline_digest, model, dataset, dataset_version,
         dataset_digest, state, trigger, started_by, correlation, created_at)
       VALUES ($1::uuid, $2, 'p', 1, $3, 'approval', $4, $5, $3, 'succeeded', 'person', 'u', 'c', now())`,
      [run, PROJECT, sha256('x'), dataset, datasetVersion],
    );
    await house.rows(
      `INSERT INTO model_versions (project, model, version, digest, run_id, learner, descriptor, metrics, model_file,
         last_batch, registered_at)
       VALUES ($1, 'approval', $2, $3, $4, 'gbm', $5, '{}', $3, 1, now())`,
      [PROJECT, version, sha256(`model ${version}`), run, JSON.stringify({ dataset, datasetVersion })],
    );
  }

  beforeAll(async () => {
    house = await TrainingHouse.open();
    await house.start({ works: false });
    await model(1, 'applications', 1);
    await model(2, 'applications', 3);
    await model(3, 'others', 9);
  });
  afterAll(() => house.close());

  it('are flagged and listed where an erasure took rows that they had learnt from', async () => {
    const requestId = newId();
    await house.ingestion.say(SubjectErased.ingestion, {
      ...envelope,
      payload: {
        requestId,
        pseudonym,
        reportDigest: sha256('r'),
        destroyed: 1,
        remaining: 0,
        appearances: [{ dataset: 'applications', firstVersion: 2 }],
        models: 0,
      },
    });
    const [told] = await house.waitForEvents(SubjectErased.training, 1);
    expect(told).toMatchObject({ requestId, models: 1, remaining: 0 });
    const report = JSON.parse((await house.artifacts.read(told!.reportDigest)).toString('utf8'));
    expect(report.models).toMatchObject([
      { model: 'approval', version: 2, dataset: 'applications', datasetVersion: 3, aliases: [] },
    ]);
    expect(await house.rows('SELECT version, because FROM model_flags')).toEqual([
      { version: 2, because: 'erasure' },
    ]);
  });

  it('are flagged where a correction came after they had learnt from what was wrong', async () => {
    const requestId = newId();
    await house.ingestion.say(SubjectRectified, {
      ...envelope,
      payload: {
        requestId,
        pseudonym,
        dataset: 'applications',
        firstVersion: 1,
        version: 3,
        digest: sha256('d'),
        rows: 1,
      },
    });
    const [told] = await house.waitForEvents(SubjectModelsFlagged, 1);
    expect(told).toMatchObject({ requestId, because: 'rectification', models: 1 });
    const list = JSON.parse((await house.artifacts.read(told!.listDigest)).toString('utf8'));
    expect(list).toMatchObject([{ model: 'approval', version: 1 }]);
  });

  it('will not learn from who does not allow it', async () => {
    const leftOut = async () =>
      (
        await house.rows<{ pseudonym: string }>('SELECT pseudonym FROM subject_processing WHERE NOT training')
      ).map((row) => row.pseudonym);
    const say = (training: boolean) =>
      house.governance.say(SubjectProcessingChanged, {
        ...envelope,
        payload: { pseudonym, training, inference: 'allowed', because: training ? [] : ['objection'] },
      });
    await say(false);
    await eventually(async () => expect(await leftOut()).toEqual([pseudonym]));
    await say(true);
    await eventually(async () => expect(await leftOut()).toEqual([]));
  });
});
