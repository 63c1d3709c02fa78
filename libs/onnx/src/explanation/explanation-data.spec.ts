import { explain, predictScores, selectRows, type FittedPipeline } from '@steward/learning';
import { scorerFromOnnx } from '../read/scorer-from-onnx';
import { learnedCases, learnedData } from '../testing/learned-cases.factory';
import { writeOnnx } from '../write/write-onnx';
import { explainableFromOnnx, explanationMetadata } from './explanation-data';

const { table: training } = learnedData(1_200, 1);

// A busy machine is slow.
jest.setTimeout(60_000);

const fileOf = (fitted: FittedPipeline, table = training): Uint8Array =>
  writeOnnx(fitted, { dataset: 'd', ...explanationMetadata(fitted, table) });

/** Every binary learner, encoding and calibration, on rows with missing values and categories never seen. */
const cases = learnedCases().filter(({ name }) => name.includes('binary') && !name.startsWith('mlp'));

describe('explanation data in an ONNX file', () => {
  it('covers many pipelines', () => expect(cases.length).toBeGreaterThan(30));

  it.each(cases.map((each) => [each.name, each] as const))(
    '%s: contributions from the file alone sum to the margin, and are those of the fitted pipeline',
    (_, { fitted: fit, table }) => {
      const original = fit();
      const bytes = fileOf(original);
      expect(Buffer.compare(bytes, fileOf(original))).toBe(0);
      expect(scorerFromOnnx(bytes)).not.toBeNull();

      const { fitted, means, rows } = explainableFromOnnx(bytes);
      expect(rows).toBe(1_200);
      const some = selectRows(
        table,
        Int32Array.from({ length: 20 }, (__, i) => i * 7),
      );
      const { inputs, outputs, base, values } = explain(fitted, some, { means });
      const wanted = explain(
        original,
        some,
        original.predictor.kind === 'linear' ? { background: training } : {},
      );
      expect(Math.abs(base[0]! - wanted.base[0]!)).toBeLessThan(1e-9);
      values.forEach((value, i) => expect(Math.abs(value - wanted.values[i]!)).toBeLessThan(1e-9));
      predictScores(original, some).forEach((margin, i) => {
        const own = values.subarray(i * inputs.length, (i + 1) * inputs.length);
        const sum = own.reduce((before, value) => before + value, base[i % outputs]!);
        expect(Math.abs(sum - margin)).toBeLessThan(1e-9);
      });
    },
  );

  it('explains one row as it explains it among others, bit for bit', () => {
    const [{ fitted: fit, table }] = cases as [(typeof cases)[0]];
    const { fitted } = explainableFromOnnx(fileOf(fit()));
    const all = explain(fitted, table);
    const one = explain(fitted, selectRows(table, Int32Array.of(17)));
    expect([...one.values]).toEqual([...all.values.subarray(17 * one.inputs.length, 18 * one.inputs.length)]);
  });

  it('says of a model that cannot be explained why', () => {
    const [gbm] = cases as [(typeof cases)[0]];
    const network = learnedCases()
      .find(({ name }) => name === 'mlp on binary')!
      .fitted();
    expect(explanationMetadata(network, training)).toEqual({});
    expect(() => explainableFromOnnx(fileOf(network))).toThrow(
      'a neural network has no exact Shapley values',
    );
    expect(() => explainableFromOnnx(writeOnnx(gbm.fitted(), {}))).toThrow(
      'its file carries no node cover or feature means; train it again with this release',
    );
    expect(() => explainableFromOnnx(Buffer.from('no ONNX at all'))).toThrow('was not written by Steward');
  });

  it('refuses data that do not fit the graph beside them', () => {
    const [gbm] = cases as [(typeof cases)[0]];
    const logistic = cases.find(({ name }) => name === 'logistic on binary')!;
    const withData = (data: string): Uint8Array => writeOnnx(gbm.fitted(), { explanation: data });
    const own = explanationMetadata(gbm.fitted(), training).explanation!;
    const { values } = JSON.parse(own) as { values: string };
    const changed = [
      'no JSON',
      own.replace('"version":1', '"version":2'),
      own.replace(values, values.slice(0, -16)),
      own.replace(values, `${values}AAAAAAAA8D8=`),
      own.replace(values, Buffer.alloc(Buffer.from(values, 'base64').length, 0xff).toString('base64')),
      explanationMetadata(logistic.fitted(), training).explanation!,
    ];
    for (const data of changed)
      expect(() => explainableFromOnnx(withData(data))).toThrow('do not fit its graph');
  });
});
