import { learners, predict, predictionLoss } from '@steward/learning';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { tenMinutes } from '../../test/ten-minutes';

const ROOT = join(__dirname, '../../../..');

// A busy machine is slow.
jest.setTimeout(120_000);

describe('the ten minutes of the README of libs/learning', () => {
  it('show the code that is run here', () => {
    const code = readFileSync(join(__dirname, '../../test/ten-minutes.ts'), 'utf8');
    const shown = readFileSync(join(ROOT, 'libs/learning/README.md'), 'utf8');
    expect(shown).toContain(`\`\`\`ts\n${code}\`\`\``);
  });

  it('train, tune, explain, export and score', async () => {
    const result = await tenMinutes(join(ROOT, 'examples/lending/data/hmda_mortgage.csv'));
    const { model, test } = result;
    const baseline = predict(learners.constant().fit(test.table, test.target), test.table);
    expect(result.loss).toBeLessThan(predictionLoss(test.target, baseline, 2) * 0.9);
    expect(result.explanation).toContain(result.chosen.name);
    // Whoever was refused mortgage insurance was denied the mortgage.
    expect(result.important[0]!.mean).toBeGreaterThan(0);
    expect(result.important.map(({ input }) => input)).toHaveLength(9);
    expect(result.contributions.values).toHaveLength(9);
    expect(result.ways.length).toBeGreaterThan(0);
    for (const { changes, prediction } of result.ways) {
      expect(prediction[0]).toBeGreaterThanOrEqual(0.5);
      for (const { input } of changes) expect(['chist', 'mhist', 'phist']).not.toContain(input);
    }
    expect(result.maxDifference).toBeLessThan(1e-9);
    expect(result.probability).toBeGreaterThan(0);
    expect(result.probability).toBeLessThan(0.3);
    expect(model.classes).toEqual(['no', 'yes']);
  });
});
