import { scorerFromOnnx } from '@steward/onnx';
import { eventually } from '@steward/testing';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import request from 'supertest';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { irisDescriptor, irisModel } from './support/iris-model.factory';
import { descriptorOf, smallModel, smallReference } from './support/small-model.factory';

const execute = promisify(execFile);

/** The examples of the README, each with the heading above it. */
function examples(language: string): [string, string][] {
  const text = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
  const found: [string, string][] = [];
  let heading = '';
  for (const [, title, kind, code] of text.matchAll(/^#+ (.*)$|^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else if (kind === language) found.push([`${heading}, example ${found.length + 1}`, code!]);
  }
  return found;
}

const BASH = examples('bash');
const PYTHON = examples('python');
const python = process.env.STEWARD_TEST_PYTHON;
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const withPython = python ? it : it.skip;
const withCurl = hasCurl ? it : it.skip;
if (!python)
  process.stderr.write(
    'SKIPPED: tritonclient and kserve: set STEWARD_TEST_PYTHON (tools/python/requirements.txt).\n',
  );
if (!hasCurl) process.stderr.write('SKIPPED: the examples with curl, which is not installed.\n');

describe('the examples of the README', () => {
  let house: InferenceHouse;
  let environment: NodeJS.ProcessEnv;
  /** Probability of "yes" for a pirat of 0.3 and single "yes", as the scorer has it in process. */
  let probability: string;

  beforeAll(async () => {
    house = await InferenceHouse.open();
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    const [iris, approval] = [irisModel(), smallModel(1)];
    const out = new Float64Array(2);
    scorerFromOnnx(approval)!.scoreBatch([Float64Array.of(0.3), ['yes']], 1, out);
    probability = String(out[1]);
    await house.artifacts.put(iris);
    await house.artifacts.put(approval);
    const url = await house.start();
    environment = {
      ...process.env,
      STEWARD_HTTP: url,
      STEWARD_GRPC: house.grpcAddress,
      STEWARD_KEY: house.policy.addApiKey('m-app'),
      STEWARD_ENGINEER: house.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: PROJECT }]),
      PYTHONPATH: join(__dirname, 'support', 'python'),
    };
    await house.alias(irisDescriptor(iris));
    const { digest: referenceDigest } = await house.artifacts.put(smallReference());
    await house.alias(descriptorOf(1, approval, { referenceDigest }));
    await eventually(async () => {
      for (const model of ['iris', 'approval']) {
        await request(url)
          .get(`/v2/models/${PROJECT}.${model}/ready`)
          .set('authorization', `Bearer ${environment.STEWARD_KEY}`)
          .expect(200);
      }
    });
  });

  afterAll(() => house.close(), 30_000);

  /** What an example prints, which is the scorer's very number wherever it predicts for that row. */
  const run = async (program: string, args: readonly string[], code: string): Promise<void> => {
    const { stdout } = await execute(program, [...args, code], { env: environment, timeout: 60_000 });
    expect(stdout.trim()).not.toBe('');
    const predictions = code.match(/lending\.approval(?:\/infer|[^"\s]*:predict|", \[)/g)?.length ?? 0;
    const answers = stdout.split(probability).length - 1;
    expect(answers).toBeGreaterThanOrEqual(predictions);
  };

  it('are there for every protocol', () => {
    expect(BASH.length).toBeGreaterThanOrEqual(4);
    expect(PYTHON.length).toBeGreaterThanOrEqual(5);
    const all = [...BASH, ...PYTHON].map(([, code]) => code).join('\n');
    for (const each of [
      '/v2/',
      '/explain',
      '/v1/models',
      'tritonclient.grpc',
      'tritonclient.http',
      'start_stream',
      'kserve',
    ])
      expect(all).toContain(each);
  });

  withCurl.each(BASH)('%s', (_, code) => run('bash', ['-euo', 'pipefail', '-c'], code), 90_000);
  withPython(
    "tritonclient's calls, with every datatype",
    async () => {
      const script = join(__dirname, 'support', 'python', 'triton_calls.py');
      const { stdout } = await execute(python!, [script], { env: environment, timeout: 60_000 });
      expect(JSON.parse(stdout)).toHaveLength(2);
    },
    90_000,
  );

  withPython.each(PYTHON)('%s', (_, code) => run(python!, ['-c'], code), 90_000);
});
