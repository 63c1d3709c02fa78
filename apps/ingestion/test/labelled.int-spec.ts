import { DeltaTables } from '@steward/delta';
import { newPseudonym, newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { contract, header, NUMBERS, prediction, rows, TEXTS } from './support/lending-telemetry';
import { IngestionHouse } from './support/running-ingestion';

jest.setTimeout(60_000);
const house = new IngestionHouse();
beforeAll(async () => {
  await house.open({ STEWARD_INGESTION_LABELLED_ROWS: '40', STEWARD_INGESTION_LABELLED_WAIT_MS: '400' });
  for (const dataset of ['applications', 'shuffled', 'late']) {
    await house
      .putContract(dataset, contract.replace('dataset: applications', `dataset: ${dataset}`))
      .expect(200);
  }
});
afterAll(() => house.close());

const labelledRows = async (dataset: string): Promise<number> => {
  const { body } = await house.get(`/datasets/${dataset}/versions`).expect(200);
  return body.items[0]?.labelledRows ?? 0;
};
const whenLabelled = (dataset: string, count: number) =>
  eventually(async () => expect(await labelledRows(dataset)).toBe(count), { withinMs: 30_000 });
const newest = async (dataset: string) => {
  const { body } = await house.get(`/datasets/${dataset}/versions?limit=1`).expect(200);
  const { deltaPath, deltaVersion, digest, version } = body.items[0];
  const table = await house.running.app.get(DeltaTables).read(deltaPath, { version: deltaVersion });
  return { columns: table.columns, digest, version };
};

describe('the join', () => {
  it('makes a batch of predictions and outcomes in either order, under pseudonyms, ordered by digest', async () => {
    const some = rows.slice(0, 30);
    const resolved = await request(house.running.url)
      .post('/v1/projects/lending/subjects/resolve')
      .set('authorization', house.engineer)
      .send({ dataset: 'applications', identifiers: some.map((row) => row[0]) })
      .expect(200);
    const subjects: string[] = resolved.body.pseudonyms;
    const early = newId();
    await house.happened({
      predictionId: early,
      rows: [0, 1],
      labels: some.slice(0, 2).map((row) => row[1]!),
    });
    await house.predicted({
      predictionId: early,
      ...prediction(some.slice(0, 2)),
      subjects: subjects.slice(0, 2),
    });
    const late = await house.predicted({ ...prediction(some.slice(2)), subjects: subjects.slice(2) });
    await house.happened({
      predictionId: late,
      rows: some.slice(2).map((_, at) => at),
      labels: some.slice(2).map((row) => row[1]!),
    });
    await whenLabelled('applications', 30);
    const { columns } = await newest('applications');
    expect(new Set(columns._steward_source)).toEqual(new Set(['labelled']));
    expect([...(columns._steward_subject as string[])].sort()).toEqual([...subjects].sort());
    expect(columns.applicant?.every((value) => value === null)).toBe(true);
    expect(new Set(columns._steward_prediction)).toContain(`${late}/27`);
    const byPrediction = new Map(columns._steward_prediction?.map((name, at) => [name, at]));
    const at = byPrediction.get(`${late}/5`)!;
    expect(header.slice(1).map((name) => String(columns[name]?.[at]))).toEqual(some[7]!.slice(1));
    const batches = new Map<unknown, unknown[]>();
    for (const [index, batch] of (columns._steward_batch ?? []).entries()) {
      batches.set(batch, [...(batches.get(batch) ?? []), columns._steward_row_key?.[index]]);
    }
    for (const keys of batches.values())
      expect(keys).toEqual([...keys].sort((one, two) => (String(one) < String(two) ? -1 : 1)));
  });

  it('takes each row once, though its events come again, and keeps the first of two labels', async () => {
    const before = await labelledRows('applications');
    const some = rows.slice(30, 40);
    const message = prediction(some);
    const id = await house.predicted(message);
    await house.predicted({ predictionId: id, ...message });
    const all = some.map((_, at) => at);
    await house.happened({ predictionId: id, rows: all, labels: all.map(() => 'no') });
    await house.happened({ predictionId: id, rows: all, labels: all.map(() => 'no') });
    await whenLabelled('applications', before + 10);
    await house.predicted({ predictionId: id, ...message });
    await house.happened({ predictionId: id, rows: [3, 4], labels: ['yes', 'no'] });
    const marker = await house.predicted(prediction(rows.slice(40, 41)));
    await house.happened({ predictionId: marker, labels: ['no'] });
    await whenLabelled('applications', before + 11);
    const { columns } = await newest('applications');
    expect(columns._steward_prediction?.filter((name) => String(name).startsWith(id))).toHaveLength(10);
    expect(new Set(columns._steward_prediction).size).toBe(before + 11);
    await eventually(async () => {
      const conflicts = (await house.events('steward.ingestion.audit.v1')).filter(
        ({ action }) => action === 'outcome.conflict',
      );
      expect(conflicts).toHaveLength(1);
    });
  });

  it('quarantines a row that breaks the contract, and forgets a pseudonym that nobody has', async () => {
    const before = await labelledRows('applications');
    const some = rows.slice(41, 44);
    const message = prediction(some);
    const id = await house.predicted({
      ...message,
      inputs: message.inputs.map((column) =>
        column.name === 'lvrat' ? { ...column, numbers: [9, NaN, 0.5] } : column,
      ),
      subjects: [newPseudonym(), newPseudonym(), newPseudonym()],
    });
    await house.happened({ predictionId: id, rows: [0, 1, 2], labels: ['no', 'no', 'no'] });
    await whenLabelled('applications', before + 1);
    const { body } = await house.get('/datasets/applications/batches?limit=1').expect(200);
    expect(body.items[0]).toMatchObject({
      source: 'labelled',
      read: 3,
      accepted: 1,
      quarantined: 2,
      byRule: { range: 1, nullability: 1 },
    });
    const listed = await house
      .get(`/datasets/applications/batches/${body.items[0].batch}/quarantine`)
      .expect(200);
    expect(listed.body.items).toMatchObject([
      { row: 2, line: null, column: 'lvrat', rule: 'range', value: '9' },
      { row: 3, line: null, column: 'lvrat', rule: 'nullability', value: null },
    ]);
    const { columns } = await newest('applications');
    expect(columns._steward_subject?.at(-1)).toBeNull();
  });

  it('gives the same content whatever the order of the events', async () => {
    const some = rows.slice(50, 90);
    const first = await house.predicted(prediction(some, 'shuffled'));
    await house.happened({
      predictionId: first,
      rows: some.map((_, at) => at),
      labels: some.map((row) => row[1]!),
    });
    await whenLabelled('shuffled', 40);
    const reversed = [...some].reverse();
    const second = newId();
    await house.happened({
      predictionId: second,
      rows: reversed.map((_, at) => at),
      labels: reversed.map((row) => row[1]!),
    });
    await house.predicted({ predictionId: second, ...prediction(reversed, 'late') });
    await whenLabelled('late', 40);
    const [one, two] = [await newest('shuffled'), await newest('late')];
    expect(one.digest).toBe(two.digest);
    expect(one.columns._steward_row_key).toEqual(two.columns._steward_row_key);
  });

  it('shows the inputs of a row while it is kept, without what is sensitive, and says so in the audit log', async () => {
    const id = await house.predicted(prediction(rows.slice(95, 97), 'late'));
    const path = `/predictions/${id}/rows/1`;
    const reviewer = house.policy.addPrincipal('u-rea', [{ role: 'decision-reviewer', project: 'lending' }]);
    const { body } = await eventually(() => house.get(path, reviewer).expect(200));
    expect(body).toMatchObject({ dataset: 'late', withheld: ['afam'] });
    expect(body.inputs).toContainEqual({
      column: 'pirat',
      value: String(Number(rows[96]![header.indexOf('pirat')])),
    });
    expect(body.inputs.map(({ column }: { column: string }) => column).sort()).toEqual(
      [...NUMBERS, ...TEXTS].sort(),
    );
    await house.get(`/predictions/${id}/rows/7`, reviewer).expect(404);
    await house.get(`/predictions/${id}/rows/x`, reviewer).expect(400);
    // Neither the auditor of these tests nor a data engineer may read predictions.
    await house.get(path, house.auditor).expect(404);
    await house.get(path).expect(404);
    await house.happened({ predictionId: id, rows: [0, 1], labels: ['no', 'no'] });
    // From then on the dataset version keeps them.
    await eventually(() => house.get(path, reviewer).expect(404), { withinMs: 30_000 });
  });

  it('takes up a claim whose maker died', async () => {
    const batch = newId();
    const before = await labelledRows('late');
    const message = prediction(rows.slice(90, 91), 'late');
    const fields: Record<string, string> = Object.fromEntries(
      [...message.inputs, ...message.sensitive].map((column) => [
        column.name,
        column.texts[0] ?? String((column.numbers as number[])[0]),
      ]),
    );
    await house.rows(
      `INSERT INTO ingestion.prediction_rows (project, prediction_id, row, dataset, fields, label, actor, correlation, joined_at, batch_id)
       VALUES ('lending', 'orphan', 0, 'late', $1, 'no', 'm-1', $2, now(), $3)`,
      [JSON.stringify(fields), newId(), batch],
    );
    await whenLabelled('late', before + 1);
    const { body } = await house.get('/datasets/late/batches?limit=1').expect(200);
    expect(body.items[0].batch).toBe(batch);
    await eventually(async () => {
      expect(
        await house.rows(`SELECT fields FROM ingestion.prediction_rows WHERE prediction_id = 'orphan'`),
      ).toEqual([{ fields: null }]);
    });
  });
});
